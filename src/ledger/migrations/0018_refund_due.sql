-- Money that customers are owed for what never ships. A refund may now be of an order, without a
-- return: rma_id is NULL then.
CREATE TABLE refund_any (
    id        INTEGER PRIMARY KEY,
    rma_id    INTEGER REFERENCES rma (id),
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
INSERT INTO refund_any SELECT id, rma_id, order_id, amount, computed, tax, method, reference, at, actor, note FROM refund;
DROP TABLE refund;
ALTER TABLE refund_any RENAME TO refund;
CREATE INDEX refund_by_order ON refund (order_id);
CREATE INDEX refund_by_rma ON refund (rma_id, id);

-- Orders of which something was cancelled: since when, what a person decided not to pay back, and
-- when nothing was owed any more; NULL while something may be.
CREATE TABLE refund_due (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
    since    TEXT NOT NULL,
    waived   INTEGER NOT NULL CHECK (waived >= 0),
    settled  TEXT
) STRICT;
CREATE INDEX refund_due_open ON refund_due (order_id) WHERE settled IS NULL;
