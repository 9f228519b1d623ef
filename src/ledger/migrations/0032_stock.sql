-- Lists of what vendors have; the newest of a vendor counts.
CREATE TABLE stock_list (
    id        INTEGER PRIMARY KEY,
    vendor_id TEXT NOT NULL REFERENCES vendor (vendor_id),
    file      TEXT NOT NULL,
    -- when it was taken in, and the last purchase order that was made before
    created   TEXT NOT NULL,
    last_po   INTEGER NOT NULL,
    -- of our articles in it
    articles  INTEGER NOT NULL,
    note      TEXT NOT NULL
) STRICT;
CREATE INDEX stock_list_by_vendor ON stock_list (vendor_id, id);

-- What the last list that had an article said of it; one of an older list than its vendor's newest is not known any more.
CREATE TABLE stock (
    id           INTEGER PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (vendor_id),
    sku          TEXT NOT NULL,
    list_id      INTEGER NOT NULL REFERENCES stock_list (id),
    -- NULL where it says only that there is some
    on_hand      INTEGER,
    -- when more comes
    next_day     TEXT,
    cost         INTEGER,
    discontinued INTEGER NOT NULL,
    -- fewest pieces of an order, and pieces of a pack
    min_qty      INTEGER,
    pack         INTEGER,
    UNIQUE (vendor_id, sku)
) STRICT;
CREATE INDEX stock_by_sku ON stock (sku);
