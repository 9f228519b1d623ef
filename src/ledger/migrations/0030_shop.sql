-- Documents of a source are found by what they are known as there: all that came of one order of a shop.
CREATE INDEX message_by_source ON message (mailbox, source);

-- Cancellations that came before their orders: each waits for an order of its number.
CREATE TABLE early_cancellation (
    id           INTEGER PRIMARY KEY,
    number       TEXT NOT NULL,
    -- who signed it
    signer       TEXT NOT NULL,
    reason       TEXT NOT NULL,
    message_id   INTEGER NOT NULL REFERENCES message (id),
    received     TEXT NOT NULL,
    -- the order that came since
    order_id     INTEGER REFERENCES orders (id),
    -- by which a person was told that none came
    exception_id INTEGER REFERENCES exception (id),
    UNIQUE (message_id, number)
) STRICT;
CREATE INDEX early_cancellation_by_number ON early_cancellation (number);
CREATE INDEX early_cancellation_waiting ON early_cancellation (received) WHERE order_id IS NULL AND exception_id IS NULL;
