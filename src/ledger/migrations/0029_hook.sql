-- How far in the audit trail each [[hook]] was told of what happened.
CREATE TABLE hook_cursor (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    -- the last fact that was looked at
    seq     INTEGER NOT NULL,
    updated TEXT NOT NULL
) STRICT;
