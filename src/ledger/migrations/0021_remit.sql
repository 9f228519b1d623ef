-- What a vendor's papers say of where money goes: `standing` when it is the footer that was there
-- before, or a person accepted it; `asked` while it waits, or was not accepted. `words` is its letters
-- and digits, `shown` what was written, `exception_id` the alarm.
CREATE TABLE remit (
    id           INTEGER PRIMARY KEY,
    vendor_id    TEXT NOT NULL,
    words        TEXT NOT NULL,
    shown        TEXT NOT NULL,
    source       TEXT NOT NULL,
    seen         TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('standing', 'asked')),
    exception_id INTEGER REFERENCES exception (id),
    UNIQUE (vendor_id, words)
) STRICT;
CREATE INDEX remit_by_exception ON remit (exception_id);
