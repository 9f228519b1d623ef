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

-- What a customer may have to be told: noted by the triggers below in the transaction that makes it
-- true, whoever makes it; taken off by the stage that tells (notices).
CREATE TABLE notice_due (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    kind     TEXT NOT NULL CHECK (kind IN ('shipped', 'dates', 'cancelled')),
    UNIQUE (order_id, kind)
) STRICT;

-- Up to which line and parcel of its shipments an order's customer was told.
CREATE TABLE notice_shipped (
    order_id      INTEGER PRIMARY KEY REFERENCES orders (id),
    shipment_line INTEGER NOT NULL,
    parcel        INTEGER NOT NULL
) STRICT;

CREATE TRIGGER notice_shipment_line AFTER INSERT ON shipment_line BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'shipped' FROM shipment s JOIN purchase_order p ON p.id = s.po_id
    WHERE s.id = NEW.shipment_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notice_parcel AFTER INSERT ON parcel BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'shipped' FROM shipment s JOIN purchase_order p ON p.id = s.po_id
    WHERE s.id = NEW.shipment_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notice_first_date AFTER INSERT ON po_line_status
WHEN NEW.until IS NOT NULL OR NEW.promised IS NOT NULL BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'dates' FROM po_line l JOIN purchase_order p ON p.id = l.po_id
    WHERE l.id = NEW.po_line_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notice_new_date AFTER UPDATE OF until, promised ON po_line_status
WHEN NEW.until IS NOT OLD.until OR NEW.promised IS NOT OLD.promised BEGIN
    INSERT INTO notice_due (order_id, kind)
    SELECT p.order_id, 'dates' FROM po_line l JOIN purchase_order p ON p.id = l.po_id
    WHERE l.id = NEW.po_line_id ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER notice_cancelled AFTER UPDATE OF state ON orders
WHEN NEW.state = 'cancelled' AND OLD.state <> 'cancelled' BEGIN
    INSERT INTO notice_due (order_id, kind) VALUES (NEW.id, 'cancelled') ON CONFLICT DO NOTHING;
END;

-- When UPS was last asked where a parcel is, and what it said.
CREATE TABLE parcel_watch (
    parcel_id INTEGER PRIMARY KEY REFERENCES parcel (id),
    asked     TEXT NOT NULL,
    next      TEXT NOT NULL,
    tries     INTEGER NOT NULL,
    last_scan TEXT,
    delivered TEXT,
    status    TEXT NOT NULL
) STRICT;
