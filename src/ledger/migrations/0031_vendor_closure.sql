-- Days on which a vendor is closed beside weekends and holidays, as a person said.
CREATE TABLE vendor_closure (
    id        INTEGER PRIMARY KEY,
    vendor_id TEXT NOT NULL REFERENCES vendor (vendor_id),
    -- its first and its last day
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    note      TEXT NOT NULL,
    created   TEXT NOT NULL,
    -- when a person said that it is open again
    ended     TEXT
) STRICT;
CREATE INDEX vendor_closure_by_vendor ON vendor_closure (vendor_id, last_day) WHERE ended IS NULL;
