-- Shipments of orders that came from shops, as far as their shops were told: one row for each that was looked
-- at. `delivery_id` is what tells the shop; none where it is not to be told.
CREATE TABLE shop_notice (
    id          INTEGER PRIMARY KEY,
    shipment_id INTEGER NOT NULL UNIQUE REFERENCES shipment (id),
    delivery_id INTEGER REFERENCES delivery (id),
    -- the tracking numbers that it tells, as JSON
    numbers     TEXT NOT NULL,
    -- how the shipment stood when a person was last told that it is another than the shop knows
    differs     TEXT
) STRICT;
