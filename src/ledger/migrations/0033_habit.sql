-- How long vendors take by what they did, in their working days: learnt once a day, where promises are made by it.
CREATE TABLE vendor_habit (
    id          INTEGER PRIMARY KEY,
    vendor_id   TEXT NOT NULL REFERENCES vendor (vendor_id),
    -- empty for all its goods
    sku         TEXT NOT NULL,
    -- as often as the site wanted its promises kept, in half of the cases, in nine of ten
    kept        INTEGER NOT NULL,
    half        INTEGER NOT NULL,
    nine_in_ten INTEGER NOT NULL,
    -- purchase orders that say so
    counted     INTEGER NOT NULL,
    UNIQUE (vendor_id, sku)
) STRICT;
