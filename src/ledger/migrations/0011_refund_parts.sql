-- A return may be paid back in parts: a refund is no longer the only one of its return. And which
-- credit ended which finding, so that no credit is taken for something else later.
CREATE TABLE refund_part (
    id        INTEGER PRIMARY KEY,
    rma_id    INTEGER NOT NULL REFERENCES rma (id),
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
INSERT INTO refund_part SELECT id, rma_id, order_id, amount, computed, tax, method, reference, at, actor, note FROM refund;
DROP TABLE refund;
ALTER TABLE refund_part RENAME TO refund;
CREATE INDEX refund_by_order ON refund (order_id);
CREATE INDEX refund_by_rma ON refund (rma_id, id);

CREATE TABLE credit_finding (
    id          INTEGER PRIMARY KEY,
    invoice_id  INTEGER NOT NULL REFERENCES invoice (id),
    variance_id INTEGER NOT NULL REFERENCES variance (id),
    amount      INTEGER NOT NULL,
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX credit_finding_by_invoice ON credit_finding (invoice_id);
