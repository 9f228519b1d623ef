-- The orders of a message that carries several, each with its own outcome.
CREATE TABLE message_order (
    id         INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL REFERENCES message (id),
    place      INTEGER NOT NULL,
    number     TEXT NOT NULL,
    state      TEXT NOT NULL,
    order_id   INTEGER REFERENCES orders (id),
    code       TEXT,
    reason     TEXT,
    UNIQUE (message_id, place)
) STRICT;
-- When the shop had changed an order last, as the content says that was taken: older content never stands
-- in the place of newer.
ALTER TABLE order_taken ADD COLUMN changed_at TEXT;
CREATE INDEX message_order_by_order ON message_order (order_id);
