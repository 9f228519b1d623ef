-- Words by which orders are found: names, street, ZIP, articles and so on, normalised, beside what the
-- columns of other tables have. Every order has at least one row, of the kind 'none' where it has no
-- word and 'unreadable' where its document could not be read: the orders before the first that has any
-- are still to be taken in.
CREATE TABLE search_word (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    kind     TEXT NOT NULL,
    word     TEXT NOT NULL
) STRICT;
CREATE INDEX search_word_by_word ON search_word (word, kind, order_id);
CREATE INDEX search_word_by_order ON search_word (order_id);
