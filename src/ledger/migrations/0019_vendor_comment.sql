-- What a customer wrote and the vendors shall read, by a person's word, for one revision of an order.
CREATE TABLE vendor_comment (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    revision INTEGER NOT NULL,
    comment  TEXT NOT NULL,
    UNIQUE (order_id, revision)
) STRICT;
