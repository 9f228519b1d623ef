-- Invoices: what vendors bill and credit, what of it is for which line, what is wrong with it, what
-- is owed back, and what went out to the books.

-- A file that was imported, whole. Only its digest is kept, and what could not be read of it.
CREATE TABLE invoice_file (
    id        INTEGER PRIMARY KEY,
    sha256    BLOB NOT NULL UNIQUE,
    name      TEXT NOT NULL,
    format    TEXT NOT NULL,
    imported  TEXT NOT NULL,
    bills     INTEGER NOT NULL,
    credits   INTEGER NOT NULL,
    report    TEXT NOT NULL
) STRICT;

-- One bill or credit. vendor_key is a vendor's id, or '?' and the name while that is unknown.
-- copy is 1 for the first of its number, 2 and more for those billed again. terms is the agreement
-- as it was when the invoice was compared; counted is its place among those that count as billed or
-- credited, in the order in which they were compared.
CREATE TABLE invoice (
    id          INTEGER PRIMARY KEY,
    file_id     INTEGER NOT NULL REFERENCES invoice_file (id),
    source_line INTEGER NOT NULL,
    vendor_key  TEXT NOT NULL,
    vendor_id   TEXT REFERENCES vendor (vendor_id),
    kind        TEXT NOT NULL,
    number      TEXT NOT NULL,
    copy        INTEGER NOT NULL,
    date        TEXT NOT NULL,
    due         TEXT,
    total       INTEGER NOT NULL,
    freight     INTEGER NOT NULL,
    fees        INTEGER NOT NULL,
    state       TEXT NOT NULL,
    po_id       INTEGER REFERENCES purchase_order (id),
    matched_by  TEXT,
    terms       TEXT,
    counted     INTEGER UNIQUE,
    created     TEXT NOT NULL,
    updated     TEXT NOT NULL,
    document    TEXT NOT NULL,
    UNIQUE (vendor_key, kind, number, copy)
) STRICT;
CREATE INDEX invoice_by_po ON invoice (po_id, id) WHERE po_id IS NOT NULL;
CREATE INDEX invoice_by_state ON invoice (state, id);
CREATE INDEX invoice_by_number ON invoice (number COLLATE NOCASE);
CREATE INDEX invoice_by_date ON invoice (date);

-- Its lines as the paper has them, with the line of the purchase order that each is for and the
-- pieces that count there.
CREATE TABLE invoice_line (
    id          INTEGER PRIMARY KEY,
    invoice_id  INTEGER NOT NULL REFERENCES invoice (id),
    line        INTEGER NOT NULL,
    po_line_id  INTEGER REFERENCES po_line (id),
    sku         TEXT NOT NULL,
    qty         INTEGER,
    pieces      INTEGER,
    amount      INTEGER NOT NULL,
    source_line INTEGER NOT NULL,
    UNIQUE (invoice_id, line)
) STRICT;
CREATE INDEX invoice_line_by_po_line ON invoice_line (po_line_id) WHERE po_line_id IS NOT NULL;

-- One thing that is wrong with an invoice. at_stake is what paying as billed would lose.
CREATE TABLE variance (
    id           INTEGER PRIMARY KEY,
    invoice_id   INTEGER NOT NULL REFERENCES invoice (id),
    exception_id INTEGER REFERENCES exception (id),
    code         TEXT NOT NULL,
    at_stake     INTEGER NOT NULL,
    evidence     TEXT NOT NULL,
    source_line  INTEGER NOT NULL,
    state        TEXT NOT NULL,
    found        TEXT NOT NULL,
    updated      TEXT NOT NULL
) STRICT;
CREATE INDEX variance_by_invoice ON variance (invoice_id);
CREATE INDEX variance_by_exception ON variance (exception_id) WHERE exception_id IS NOT NULL;
CREATE INDEX variance_open ON variance (state, id);
CREATE INDEX exception_by_entity ON exception (entity);

-- Another name of a vendor, as a person taught it; alias is the name without its trimmings.
CREATE TABLE vendor_alias (
    id        INTEGER PRIMARY KEY,
    alias     TEXT NOT NULL UNIQUE,
    vendor_id TEXT NOT NULL REFERENCES vendor (vendor_id),
    written   TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL
) STRICT;

-- A credit that a vendor owes: for a return, for a disputed bill, or promised. reference is the
-- return's number, or empty; exception_id the exception whose dispute or promise it is.
CREATE TABLE expected_credit (
    id           INTEGER PRIMARY KEY,
    vendor_id    TEXT NOT NULL REFERENCES vendor (vendor_id),
    po_id        INTEGER NOT NULL REFERENCES purchase_order (id),
    reference    TEXT NOT NULL,
    exception_id INTEGER REFERENCES exception (id),
    amount       INTEGER NOT NULL,
    received     INTEGER NOT NULL,
    state        TEXT NOT NULL,
    created      TEXT NOT NULL,
    updated      TEXT NOT NULL,
    note         TEXT NOT NULL
) STRICT;
CREATE INDEX expected_credit_by_po ON expected_credit (po_id);
CREATE INDEX expected_credit_by_exception ON expected_credit (exception_id) WHERE exception_id IS NOT NULL;
CREATE INDEX expected_credit_open ON expected_credit (state, id);

-- Which credit settled how much of what was expected.
CREATE TABLE credit_settlement (
    id          INTEGER PRIMARY KEY,
    expected_id INTEGER NOT NULL REFERENCES expected_credit (id),
    invoice_id  INTEGER NOT NULL REFERENCES invoice (id),
    amount      INTEGER NOT NULL,
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX credit_settlement_by_expected ON credit_settlement (expected_id);
CREATE INDEX credit_settlement_by_invoice ON credit_settlement (invoice_id);

-- A file that went out to the books, and what was in it.
CREATE TABLE books_export (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,
    from_date TEXT NOT NULL,
    to_date   TEXT NOT NULL,
    at        TEXT NOT NULL,
    actor     TEXT NOT NULL,
    name      TEXT NOT NULL,
    sha256    BLOB NOT NULL,
    documents INTEGER NOT NULL,
    total     INTEGER NOT NULL
) STRICT;
CREATE TABLE books_export_item (
    id        INTEGER PRIMARY KEY,
    export_id INTEGER NOT NULL REFERENCES books_export (id),
    kind      TEXT NOT NULL,
    item_id   INTEGER NOT NULL
) STRICT;
CREATE INDEX books_export_item_by_item ON books_export_item (kind, item_id);
