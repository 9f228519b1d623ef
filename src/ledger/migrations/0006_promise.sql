-- What the customer is promised, and what the customer was told.

-- The promise of a purchase order. `asked` is NULL until the carrier was asked or given up, and
-- with it the mail to the customer waits. `told` is the day that the customer last read in a mail.
CREATE TABLE promise (
    id           INTEGER PRIMARY KEY,
    po_id        INTEGER NOT NULL UNIQUE REFERENCES purchase_order (id),
    ship_by      TEXT NOT NULL,
    deliver_by   TEXT NOT NULL,
    source       TEXT NOT NULL CHECK (source IN ('ups', 'table')),
    service      TEXT NOT NULL,
    transit_days INTEGER NOT NULL,
    asked        TEXT,
    why          TEXT NOT NULL,
    told         TEXT,
    updated      TEXT NOT NULL
) STRICT;
CREATE INDEX promise_to_ask ON promise (id) WHERE asked IS NULL;

-- What UPS said about a way, by the day on which the goods leave.
CREATE TABLE transit (
    id               INTEGER PRIMARY KEY,
    origin_zip       TEXT NOT NULL,
    destination_zip  TEXT NOT NULL,
    service          TEXT NOT NULL,
    ship_day         TEXT NOT NULL,
    deliver_by       TEXT NOT NULL,
    asked            TEXT NOT NULL,
    UNIQUE (origin_zip, destination_zip, service, ship_day)
) STRICT;
