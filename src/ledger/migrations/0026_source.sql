-- How far each source was read. A cursor counts for the place that it was read from: a source that is pointed
-- at another shop begins there anew.
CREATE TABLE source_cursor (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    place       TEXT NOT NULL,
    cursor      TEXT,
    -- the source asked to be left alone until then
    retry_after TEXT,
    -- since when it gave nothing because of that
    put_off     TEXT,
    updated     TEXT NOT NULL,
    UNIQUE (name, place)
) STRICT;

-- What was known of a document that no mail brought, when it came: by what it is believed above all.
CREATE TABLE message_document (
    id         INTEGER PRIMARY KEY,
    message_id INTEGER NOT NULL UNIQUE REFERENCES message (id),
    vouched    TEXT NOT NULL,
    place      TEXT NOT NULL,
    file_name  TEXT NOT NULL,
    media_type TEXT NOT NULL
) STRICT;
