-- What becomes of purchase orders at their vendors: answers, shipments, advices.
-- `ordered = open + shipped + cancelled` of every line; `poms verify` asks for it.

ALTER TABLE purchase_order ADD COLUMN vendor_order_number TEXT;
CREATE INDEX purchase_order_by_vendor_order ON purchase_order (vendor_order_number COLLATE NOCASE)
    WHERE vendor_order_number IS NOT NULL;

-- One row for a line of which the vendor, or a person, said anything.
CREATE TABLE po_line_status (
    po_line_id  INTEGER PRIMARY KEY REFERENCES po_line (id),
    shipped     INTEGER NOT NULL CHECK (shipped >= 0),
    cancelled   INTEGER NOT NULL CHECK (cancelled >= 0),
    moved       INTEGER NOT NULL CHECK (moved >= 0 AND moved <= cancelled),
    answer      TEXT,
    answer_qty  INTEGER,
    until       TEXT,
    reason      TEXT,
    promised    TEXT,
    answered    TEXT,
    updated     TEXT NOT NULL
) STRICT;

-- A file of advices, in a mail or by hand; the same bytes are taken once of each vendor, so that
-- nobody can take a vendor's file away by sending it first.
CREATE TABLE advice_file (
    id         INTEGER PRIMARY KEY,
    sha256     BLOB NOT NULL,
    name       TEXT NOT NULL,
    message_id INTEGER REFERENCES message (id),
    vendor_id  TEXT,
    format     TEXT NOT NULL,
    taken      TEXT NOT NULL,
    complete   INTEGER NOT NULL,
    summary    TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX advice_file_once ON advice_file (sha256, coalesce(vendor_id, ''));

-- A row of an advice that waits for a person, or that a person decided on.
CREATE TABLE advice_row (
    id          INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE,
    source      TEXT NOT NULL,
    line        INTEGER NOT NULL,
    message_id  INTEGER REFERENCES message (id),
    file_id     INTEGER REFERENCES advice_file (id),
    vendor_id   TEXT,
    only_po     INTEGER REFERENCES purchase_order (id),
    code        TEXT NOT NULL,
    state       TEXT NOT NULL,
    content     TEXT NOT NULL,
    created     TEXT NOT NULL,
    updated     TEXT NOT NULL
) STRICT;

CREATE TABLE shipment (
    id         INTEGER PRIMARY KEY,
    po_id      INTEGER NOT NULL REFERENCES purchase_order (id),
    state      TEXT NOT NULL,
    carrier    TEXT,
    service    TEXT NOT NULL,
    ship_date  TEXT,
    source     TEXT NOT NULL,
    message_id INTEGER REFERENCES message (id),
    file_id    INTEGER REFERENCES advice_file (id),
    created    TEXT NOT NULL,
    updated    TEXT NOT NULL
) STRICT;
CREATE INDEX shipment_by_po ON shipment (po_id, id);
CREATE INDEX shipment_by_state ON shipment (state, id);

-- The tracking numbers of a shipment: one for each parcel.
CREATE TABLE parcel (
    id          INTEGER PRIMARY KEY,
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    carrier     TEXT,
    tracking    TEXT NOT NULL,
    UNIQUE (shipment_id, tracking)
) STRICT;
CREATE INDEX parcel_by_tracking ON parcel (tracking);

CREATE TABLE shipment_line (
    id          INTEGER PRIMARY KEY,
    shipment_id INTEGER NOT NULL REFERENCES shipment (id),
    po_line_id  INTEGER NOT NULL REFERENCES po_line (id),
    qty         INTEGER NOT NULL CHECK (qty > 0),
    source      TEXT NOT NULL,
    at          TEXT NOT NULL
) STRICT;
CREATE INDEX shipment_line_by_shipment ON shipment_line (shipment_id);
CREATE INDEX shipment_line_by_po_line ON shipment_line (po_line_id);
