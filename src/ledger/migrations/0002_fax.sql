-- What fax services have in hand, and the second way to a vendor.

-- One row for each fax that a service took: a delivery that is tried again has several.
CREATE TABLE fax_job (
    id          INTEGER PRIMARY KEY,
    delivery_id INTEGER NOT NULL REFERENCES delivery (id),
    service     TEXT NOT NULL,
    -- the service's own number for it, and the reference that poms gave it
    job         TEXT NOT NULL,
    reference   TEXT NOT NULL,
    number      TEXT NOT NULL,
    -- poms' word: waiting, delivered, failed, lost (the service forgot it), untold (it never tells)
    state       TEXT NOT NULL,
    -- the service's word, and its error code with the words to it
    status      TEXT NOT NULL,
    error       TEXT,
    detail      TEXT NOT NULL,
    pages       INTEGER,
    seconds     INTEGER,
    attempts    INTEGER,
    handed      TEXT NOT NULL,
    checked     TEXT,
    finished    TEXT
) STRICT;
CREATE INDEX fax_job_by_delivery ON fax_job (delivery_id, id);
CREATE INDEX fax_job_waiting ON fax_job (id) WHERE state = 'waiting';

-- email, fax, or NULL for none
ALTER TABLE vendor ADD COLUMN fallback TEXT;
