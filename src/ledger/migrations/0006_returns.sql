-- Returns: what customers give back of one purchase order, what became of it, and what they got.

-- One return of goods of one purchase order, and so of one vendor. `received` and `inspected` are
-- moments; `deadline` is the last day on which goods may come; `address` the label to which they go.
CREATE TABLE rma (
    id         INTEGER PRIMARY KEY,
    number     TEXT NOT NULL UNIQUE,
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    po_id      INTEGER NOT NULL REFERENCES purchase_order (id),
    kind       TEXT NOT NULL,
    state      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    opened     TEXT NOT NULL,
    authorised TEXT,
    deadline   TEXT,
    address    TEXT,
    received   TEXT,
    inspected  TEXT,
    updated    TEXT NOT NULL
) STRICT;
CREATE INDEX rma_by_order ON rma (order_id, id);
CREATE INDEX rma_by_po ON rma (po_id, id);
CREATE INDEX rma_by_state ON rma (state, id);

-- Its lines: pieces that were asked to come back, and those that came; NULL before any did.
CREATE TABLE rma_line (
    id         INTEGER PRIMARY KEY,
    rma_id     INTEGER NOT NULL REFERENCES rma (id),
    po_line_id INTEGER NOT NULL REFERENCES po_line (id),
    order_line INTEGER NOT NULL,
    qty        INTEGER NOT NULL CHECK (qty > 0),
    received   INTEGER CHECK (received BETWEEN 0 AND qty),
    UNIQUE (rma_id, po_line_id)
) STRICT;
CREATE INDEX rma_line_by_po_line ON rma_line (po_line_id);

-- What somebody found when the goods were looked at.
CREATE TABLE rma_inspection (
    id          INTEGER PRIMARY KEY,
    rma_line_id INTEGER NOT NULL REFERENCES rma_line (id),
    condition   TEXT NOT NULL,
    qty         INTEGER NOT NULL CHECK (qty > 0),
    UNIQUE (rma_line_id, condition)
) STRICT;

-- Money that the customer got back: at most once for a return. `computed` is what the order's prices
-- make, `tax` the tax in `amount`.
CREATE TABLE refund (
    id        INTEGER PRIMARY KEY,
    rma_id    INTEGER NOT NULL UNIQUE REFERENCES rma (id),
    order_id  INTEGER NOT NULL REFERENCES orders (id),
    amount    INTEGER NOT NULL CHECK (amount > 0),
    computed  INTEGER NOT NULL,
    tax       INTEGER NOT NULL,
    method    TEXT NOT NULL,
    reference TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    note      TEXT NOT NULL
) STRICT;
CREATE INDEX expected_credit_by_reference ON expected_credit (reference) WHERE reference <> '';
CREATE INDEX refund_by_order ON refund (order_id);
