-- What was taken once, by what nobody but its signer can make: it is taken never again, whatever
-- becomes of the order or the purchase order that it made.

-- The content of every order as it came, before any amendment.
CREATE TABLE order_taken (
    id           INTEGER PRIMARY KEY,
    content_hash BLOB NOT NULL UNIQUE,
    number       TEXT NOT NULL,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    message_id   INTEGER REFERENCES message (id),
    signer       TEXT
) STRICT;
CREATE INDEX order_taken_by_number ON order_taken (number);
-- orders that came before this table was: their first document, once they were amended
CREATE INDEX order_revision_first ON order_revision (json_extract(document, '$.order_number')) WHERE revision = 1;

-- Signed mails of vendors: the values of their signatures, and their signed Message-IDs.
CREATE TABLE vendor_word (
    id         INTEGER PRIMARY KEY,
    mark       BLOB NOT NULL UNIQUE,
    message_id INTEGER NOT NULL REFERENCES message (id),
    vendor_id  TEXT NOT NULL
) STRICT;

-- When the vendor wrote what stands as its answer.
ALTER TABLE po_line_status ADD COLUMN written TEXT;
