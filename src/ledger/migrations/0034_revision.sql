-- Revisions: a purchase order that its vendor has, changed. `number` is 2, 3 … as the vendor reads it;
-- `document` what the vendor last agreed to, and what it reads of the change. Cancellations of the pieces
-- that a revision leaves out have no paper of their own: they belong to it.
CREATE TABLE po_revision (
    id       INTEGER PRIMARY KEY,
    po_id    INTEGER NOT NULL REFERENCES purchase_order (id),
    order_id INTEGER NOT NULL REFERENCES orders (id),
    number   INTEGER NOT NULL,
    state    TEXT NOT NULL,
    why      TEXT NOT NULL,
    document TEXT NOT NULL,
    opened   TEXT NOT NULL,
    answered TEXT,
    said     TEXT,
    updated  TEXT NOT NULL,
    UNIQUE (po_id, number)
) STRICT;
CREATE INDEX po_revision_by_order ON po_revision (order_id, id);
CREATE INDEX po_revision_open ON po_revision (po_id) WHERE state = 'open';
ALTER TABLE po_cancellation ADD COLUMN revision_id INTEGER;
