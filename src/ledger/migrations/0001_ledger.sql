-- The ledger of the main job. Rules that every migration keeps:
-- STRICT rowid tables with an INTEGER PRIMARY KEY (the seal finds a row by it);
-- money is INTEGER minor units, time is TEXT RFC 3339 UTC with milliseconds;
-- blobs stand in tables of their own, so that a change of state does not hash them again;
-- a column that is added later is NULL in old rows, so that their seals stay true.

CREATE TABLE audit (
    seq        INTEGER PRIMARY KEY,
    at         TEXT NOT NULL,
    actor      TEXT NOT NULL CHECK (actor <> ''),
    kind       TEXT NOT NULL,
    entity     TEXT NOT NULL,
    order_id   INTEGER,
    commitment BLOB NOT NULL,
    hash       BLOB NOT NULL,
    -- NULL only where personal data was erased; the commitment stays
    salt       BLOB,
    payload    TEXT
) STRICT;
CREATE INDEX audit_by_order ON audit (order_id, seq) WHERE order_id IS NOT NULL;
CREATE INDEX audit_by_entity ON audit (entity, seq);

CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

CREATE TABLE setting (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE run (
    id       INTEGER PRIMARY KEY,
    started  TEXT NOT NULL,
    finished TEXT,
    actor    TEXT NOT NULL,
    report   TEXT
) STRICT;

CREATE TABLE vendor (
    id            INTEGER PRIMARY KEY,
    vendor_id     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    fax           TEXT NOT NULL,
    channel       TEXT NOT NULL,
    street1       TEXT NOT NULL,
    city          TEXT NOT NULL,
    state         TEXT NOT NULL,
    zip           TEXT NOT NULL,
    country       TEXT NOT NULL,
    handling_days INTEGER NOT NULL,
    cutoff        TEXT,
    timezone      TEXT,
    active        INTEGER NOT NULL,
    extra         TEXT NOT NULL
) STRICT;

CREATE TABLE offer (
    id           INTEGER PRIMARY KEY,
    sku          TEXT NOT NULL,
    vendor_id    TEXT NOT NULL,
    vendor_sku   TEXT NOT NULL,
    description  TEXT NOT NULL,
    category     TEXT NOT NULL,
    cost         INTEGER NOT NULL,
    retail_price INTEGER NOT NULL,
    weight       TEXT NOT NULL,
    discontinued INTEGER NOT NULL,
    max_qty      INTEGER,
    priority     INTEGER NOT NULL,
    extra        TEXT NOT NULL,
    UNIQUE (sku, vendor_id)
) STRICT;

CREATE TABLE message (
    id        INTEGER PRIMARY KEY,
    sha256    BLOB NOT NULL UNIQUE,
    mailbox   TEXT NOT NULL,
    source    TEXT NOT NULL,
    received  TEXT NOT NULL,
    size      INTEGER NOT NULL,
    attempts  INTEGER NOT NULL,
    state     TEXT NOT NULL,
    code      TEXT,
    reason    TEXT,
    sender    TEXT NOT NULL,
    subject   TEXT NOT NULL,
    signer    TEXT,
    order_id  INTEGER REFERENCES orders (id),
    copies    INTEGER NOT NULL,
    updated   TEXT NOT NULL
) STRICT;
CREATE INDEX message_by_state ON message (state, id);

CREATE TABLE message_raw (
    message_id INTEGER PRIMARY KEY REFERENCES message (id),
    raw        BLOB NOT NULL
) STRICT;

CREATE TABLE orders (
    id            INTEGER PRIMARY KEY,
    number        TEXT NOT NULL,
    copy          INTEGER NOT NULL,
    state         TEXT NOT NULL,
    ordered       TEXT NOT NULL,
    received      TEXT NOT NULL,
    updated       TEXT NOT NULL,
    currency      TEXT NOT NULL,
    total         INTEGER NOT NULL,
    customer_key  TEXT NOT NULL,
    goods_key     TEXT NOT NULL,
    customer_name TEXT NOT NULL,
    customer_last TEXT NOT NULL,
    email         TEXT NOT NULL,
    phone         TEXT NOT NULL,
    format        TEXT NOT NULL,
    content_hash  BLOB NOT NULL,
    masked        TEXT NOT NULL,
    revision      INTEGER NOT NULL,
    document      TEXT NOT NULL,
    UNIQUE (number, copy)
) STRICT;
CREATE INDEX orders_by_state ON orders (state, id);
CREATE INDEX orders_by_customer ON orders (customer_key, id);
CREATE INDEX orders_by_email ON orders (email COLLATE NOCASE);
CREATE INDEX orders_by_phone ON orders (phone);
CREATE INDEX orders_by_name ON orders (customer_name COLLATE NOCASE);
CREATE INDEX orders_by_last_name ON orders (customer_last COLLATE NOCASE);

CREATE TABLE order_revision (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    revision INTEGER NOT NULL,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    reason   TEXT NOT NULL,
    document TEXT NOT NULL,
    UNIQUE (order_id, revision)
) STRICT;

CREATE TABLE order_release (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    code     TEXT NOT NULL,
    revision INTEGER NOT NULL,
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    note     TEXT NOT NULL
) STRICT;
CREATE INDEX order_release_by_order ON order_release (order_id);

CREATE TABLE order_note (
    id       INTEGER PRIMARY KEY,
    order_id INTEGER NOT NULL REFERENCES orders (id),
    at       TEXT NOT NULL,
    actor    TEXT NOT NULL,
    note     TEXT NOT NULL
) STRICT;
CREATE INDEX order_note_by_order ON order_note (order_id);

CREATE TABLE purchase_order (
    id        INTEGER PRIMARY KEY,
    number    TEXT NOT NULL UNIQUE,
    order_id  INTEGER NOT NULL REFERENCES orders (id),
    vendor_id TEXT NOT NULL REFERENCES vendor (vendor_id),
    revision  INTEGER NOT NULL,
    state     TEXT NOT NULL,
    created   TEXT NOT NULL,
    updated   TEXT NOT NULL,
    sent      TEXT,
    currency  TEXT NOT NULL,
    total     INTEGER NOT NULL,
    document  TEXT NOT NULL,
    UNIQUE (order_id, vendor_id, revision)
) STRICT;
CREATE INDEX purchase_order_by_state ON purchase_order (state, id);
CREATE INDEX purchase_order_by_vendor ON purchase_order (vendor_id, id);

CREATE TABLE po_line (
    id         INTEGER PRIMARY KEY,
    po_id      INTEGER NOT NULL REFERENCES purchase_order (id),
    line       INTEGER NOT NULL,
    order_line INTEGER NOT NULL,
    sku        TEXT NOT NULL,
    vendor_sku TEXT NOT NULL,
    qty        INTEGER NOT NULL,
    unit_cost  INTEGER NOT NULL,
    unit_price INTEGER NOT NULL,
    UNIQUE (po_id, line)
) STRICT;

CREATE TABLE delivery (
    id            INTEGER PRIMARY KEY,
    kind          TEXT NOT NULL,
    channel       TEXT NOT NULL,
    once          TEXT NOT NULL UNIQUE,
    reference     TEXT NOT NULL UNIQUE,
    sender        TEXT NOT NULL,
    recipients    TEXT NOT NULL,
    subject       TEXT NOT NULL,
    order_id      INTEGER REFERENCES orders (id),
    po_id         INTEGER REFERENCES purchase_order (id),
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    created       TEXT NOT NULL,
    next_attempt  TEXT,
    first_attempt TEXT,
    updated       TEXT NOT NULL,
    detail        TEXT NOT NULL,
    alerted       INTEGER NOT NULL
) STRICT;
CREATE INDEX delivery_due ON delivery (state, next_attempt, id);
CREATE INDEX delivery_by_order ON delivery (order_id);
CREATE INDEX delivery_by_po ON delivery (po_id);

CREATE TABLE delivery_content (
    delivery_id INTEGER PRIMARY KEY REFERENCES delivery (id),
    content     BLOB NOT NULL
) STRICT;

CREATE TABLE exception (
    id          INTEGER PRIMARY KEY,
    code        TEXT NOT NULL,
    severity    TEXT NOT NULL,
    state       TEXT NOT NULL,
    entity      TEXT NOT NULL,
    message_id  INTEGER REFERENCES message (id),
    order_id    INTEGER REFERENCES orders (id),
    po_id       INTEGER REFERENCES purchase_order (id),
    delivery_id INTEGER REFERENCES delivery (id),
    message     TEXT NOT NULL,
    opened      TEXT NOT NULL,
    mailed      INTEGER NOT NULL,
    resolution  TEXT,
    note        TEXT,
    actor       TEXT,
    resolved    TEXT
) STRICT;
CREATE INDEX exception_by_state ON exception (state, id);
CREATE INDEX exception_by_order ON exception (order_id);
CREATE INDEX exception_by_message ON exception (message_id);
CREATE INDEX exception_by_delivery ON exception (delivery_id);
CREATE INDEX exception_to_mail ON exception (id) WHERE mailed = 0;
