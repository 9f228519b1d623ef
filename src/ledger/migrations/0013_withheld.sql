-- Messages that a mailbox keeps and does not give: asked for three times, then left alone for a day.
CREATE TABLE withheld (
    id      INTEGER PRIMARY KEY,
    mailbox TEXT NOT NULL,
    source  TEXT NOT NULL,
    why     TEXT NOT NULL,
    tries   INTEGER NOT NULL CHECK (tries > 0),
    since   TEXT NOT NULL,
    last    TEXT NOT NULL,
    seen    INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)),
    UNIQUE (mailbox, source)
) STRICT;
