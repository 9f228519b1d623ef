-- What vendors were asked about when it did not come, what people were told of it, and what
-- customers were told of days that passed.

-- The day that the customer had been told, of whose passing the customer was told too.
ALTER TABLE promise ADD COLUMN overdue TEXT;

-- When a mail to the admins last listed an exception, and until when a person wants no more of them.
ALTER TABLE exception ADD COLUMN told TEXT;
ALTER TABLE exception ADD COLUMN snoozed TEXT;

-- One question to a vendor on one day (by the vendor's calendar), about all that is late then;
-- without a delivery when it could not be written.
CREATE TABLE chase (
    id          INTEGER PRIMARY KEY,
    vendor_id   TEXT NOT NULL,
    day         TEXT NOT NULL,
    delivery_id INTEGER REFERENCES delivery (id),
    at          TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX chase_a_day ON chase (vendor_id, day);
CREATE INDEX chase_by_delivery ON chase (delivery_id);

-- What is asked in it: `kind` of what is waited for, and by when it was due.
CREATE TABLE chase_po (
    id       INTEGER PRIMARY KEY,
    chase_id INTEGER NOT NULL REFERENCES chase (id),
    po_id    INTEGER NOT NULL REFERENCES purchase_order (id),
    kind     TEXT NOT NULL,
    due      TEXT NOT NULL
) STRICT;
CREATE INDEX chase_po_by_po ON chase_po (po_id);
CREATE INDEX chase_po_by_chase ON chase_po (chase_id);

-- What an exception about a vendor's silence lists: `listed` until it came (`ended`) or a person
-- decided about it (`settled`).
CREATE TABLE silence (
    id           INTEGER PRIMARY KEY,
    exception_id INTEGER NOT NULL REFERENCES exception (id),
    po_id        INTEGER NOT NULL REFERENCES purchase_order (id),
    kind         TEXT NOT NULL,
    due          TEXT NOT NULL,
    asked        INTEGER NOT NULL,
    since        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('listed', 'ended', 'settled'))
) STRICT;
CREATE INDEX silence_by_po ON silence (po_id);
CREATE INDEX silence_listed ON silence (exception_id) WHERE state = 'listed';
