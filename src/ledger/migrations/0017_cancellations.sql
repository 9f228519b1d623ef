-- Cancellations: documents that take back what a purchase order asked for, each with a number of its
-- own beside the purchase order. `document` is what the vendor reads; `rma` the return that it is for.
CREATE TABLE po_cancellation (
    id       INTEGER PRIMARY KEY,
    number   TEXT NOT NULL UNIQUE,
    po_id    INTEGER NOT NULL REFERENCES purchase_order (id),
    order_id INTEGER NOT NULL REFERENCES orders (id),
    state    TEXT NOT NULL,
    rma      TEXT,
    why      TEXT NOT NULL,
    document TEXT NOT NULL,
    opened   TEXT NOT NULL,
    answered TEXT,
    said     TEXT,
    updated  TEXT NOT NULL
) STRICT;
CREATE INDEX po_cancellation_by_po ON po_cancellation (po_id, id);
CREATE INDEX po_cancellation_by_order ON po_cancellation (order_id, id);
CREATE INDEX po_cancellation_open ON po_cancellation (id) WHERE state = 'open';
