#!/usr/bin/env python3
"""Says whether a ledger of poms holds, and where it does not first: after docs/ledger-format.md alone.

    independent.py MIGRATIONS            paths on stdin, a line each: LEDGER, TAB, ANCHORS, then N:HASH of each witness
    independent.py MIGRATIONS LEDGER     one ledger, with the anchors beside it

The answer to each is a line: the first bad place, or `sound`. Nothing here shares a line with poms.
"""
import datetime
import hashlib
import os
import re
import sqlite3
import struct
import sys

ZERO = bytes(32)
HOUR = datetime.timedelta(hours=1)
DOMAIN = b"poms audit v1"
ACCEPTED = (b"setting.changed", b"setting:clock_accepted_up_to_run")
MOMENT = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
OLD = re.compile(rb'\{"at":"(?P<at>' + MOMENT + rb')","seq":(?P<seq>[1-9]\d{0,17}),"hash":"(?P<hash>[0-9a-f]{64})"\}')
NEW = re.compile(
    rb'\{"seq":(?P<seq>[1-9]\d{0,17}),"at":"(?P<at>' + MOMENT + rb')","hash":"(?P<hash>[0-9a-f]{64})"'
    rb',"prev":"(?P<prev>[0-9a-f]{64})"(?P<fragment>,"fragment":true)?\}')
# what comes first among differences of the schema
KINDS = {b"view": 0, b"trigger": 1, b"table": 2, b"index": 3}


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def sized(part):
    return struct.pack(">Q", len(part)) + part


def moment(text):
    """A moment of the ledger, or None."""
    if not re.fullmatch(MOMENT, text):
        return None
    try:
        return datetime.datetime.strptime(text.decode(), "%Y-%m-%dT%H:%M:%S.%fZ")
    except ValueError:
        return None


def connect(path):
    conn = sqlite3.connect(path, isolation_level=None)
    conn.text_factory = bytes
    return conn


def plain(value):
    """A value of sqlite_schema as bytes."""
    if value is None:
        return b""
    return value if isinstance(value, bytes) else str(value).encode()


def schema(conn):
    """(kind, name) to (table, SQL), without the figures of ANALYZE."""
    found = {}
    for kind, name, table, sql in conn.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema"):
        key = (plain(kind), plain(name))
        if key not in ((b"table", b"sqlite_stat1"), (b"table", b"sqlite_stat4")):
            found[key] = (plain(table), plain(sql))
    return found


class Made:
    """What the migrations make."""

    def __init__(self, folder):
        conn = connect(":memory:")
        names = sorted(name for name in os.listdir(folder) if re.fullmatch(r"\d{4}_.*\.sql", name))
        for name in names:
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                conn.executescript(file.read())
        self.schema = schema(conn)
        tables = [name.decode() for kind, name in self.schema if kind == b"table"]
        self.tables = sorted(name for name in tables if name != "audit" and not name.startswith("sqlite_"))


class Proof:
    """One ledger; `first` becomes the first bad place."""

    def __init__(self, made, conn, anchors, witnesses):
        self.made, self.conn, self.anchors, self.witnesses = made, conn, anchors, witnesses
        self.first = None
        self.hashes, self.end, self.seals, self.anchored = {}, 0, {}, False

    def bad(self, place):
        self.first = self.first or place

    def run(self):
        for place, question in (("schema", self.check_schema), ("audit", self.check_trail), ("anchor", self.check_anchors)):
            self.ask(place, question)
        for seq, digest in self.witnesses:
            if self.hashes.get(seq) != digest:
                self.bad(f"witness {seq}")
        for table in self.made.tables:
            self.ask(table, lambda: self.check_table(table))
        self.check_gone()
        for pragma, fine in (("integrity_check(10)", [(b"ok",)]), ("foreign_key_check", [])):
            self.ask("structure", lambda: self.check_pragma(pragma, fine))
        return self.first or "sound"

    def ask(self, place, question):
        try:
            question()
        except sqlite3.Error:
            self.bad(place)

    def check_pragma(self, pragma, fine):
        if self.conn.execute(f"PRAGMA {pragma}").fetchall() != fine:
            self.bad("structure")

    def check_schema(self):
        file, ours = schema(self.conn), self.made.schema
        wrong = [key for key in set(file) | set(ours) if file.get(key) != ours.get(key)]
        for kind, name in sorted(wrong, key=lambda key: (KINDS.get(key[0], 9), key[1])):
            self.bad(f"schema {kind.decode(errors='replace')} {name.decode(errors='replace')}")

    def check_trail(self):
        previous, latest = ZERO, None
        rows = self.conn.execute("SELECT seq, at, actor, kind, entity, order_id, commitment, hash, salt, payload FROM audit ORDER BY seq")
        for seq, at, actor, kind, entity, order_id, commitment, digest, salt, payload in rows:
            if seq != self.end + 1:
                self.bad(f"audit {self.end + 1}")
            self.end = seq
            place = f"audit {seq}"
            words = (at, actor, kind, entity, commitment, digest)
            odd = [word for word in words if not isinstance(word, bytes)]
            odd += [word for word in (salt, payload) if not isinstance(word, (bytes, type(None)))]
            if odd or not isinstance(order_id, (int, type(None))):
                self.bad(place)
            at, actor, kind, entity, commitment, digest = (word if isinstance(word, bytes) else b"" for word in words)
            order = str(order_id).encode() if isinstance(order_id, int) else b""
            parts = (DOMAIN, previous, str(seq).encode(), at, actor, kind, entity, order, commitment)
            right = sha(*map(sized, parts))
            if right != digest:
                self.bad(place)
            previous = digest if len(digest) == 32 else right
            self.hashes[seq] = digest.hex()
            if not (isinstance(salt, bytes) and isinstance(payload, bytes) and sha(salt, payload) == commitment):
                self.bad(place)
            latest = self.check_time(place, at, (kind, entity) == ACCEPTED, latest)
            self.anchored = self.anchored or kind in (b"run.finished", b"ledger.recovered")
            if kind == b"seal" and isinstance(payload, bytes):
                self.seal(seq, payload)

    def check_time(self, place, at, accepted, latest):
        """The latest moment after a row."""
        now = moment(at)
        if now is None:
            self.bad(place)
            return latest
        if latest is None or now >= latest or accepted:
            return now
        if now < latest - HOUR:
            self.bad(place)
            return now
        return latest

    def seal(self, seq, payload):
        for line in payload.split(b"\n"):
            words = line.split(b" ")
            if len(words) >= 3:
                table = words[0].decode(errors="replace")
                if table in self.made.tables:
                    self.seals[table, int(words[1])] = (words[2].decode(errors="replace"), seq)

    def check_anchors(self):
        try:
            with open(self.anchors, "rb") as file:
                text = file.read()
        except FileNotFoundError:
            text = b""
        if not text:
            if self.anchored:
                self.bad("anchor")
            return
        ends = text.endswith(b"\n")
        lines = (text[:-1] if ends else text).split(b"\n")
        link, highest, linked, read = ZERO, 0, False, []
        for line in lines:
            old, new = OLD.fullmatch(line), NEW.fullmatch(line)
            found, fault = new or old, None
            if new:
                linked = True
                if new["prev"].decode() != link.hex() or int(new["seq"]) <= highest:
                    fault = "misplaced"
                elif new["fragment"] and read and read[-1] == (None, "malformed"):
                    read[-1] = (None, None)
            elif old:
                fault = "unlinked" if linked else None
            else:
                fault = "malformed"
            if found:
                highest = max(highest, int(found["seq"]))
            link = sha(link, line)
            read.append((found, fault))
        if not ends and read[-1] == (None, "malformed"):
            read[-1] = (None, None)
        if self.anchored and not highest:
            self.bad("anchor")
        for number, (found, fault) in enumerate(read, 1):
            if fault or found and self.hashes.get(int(found["seq"])) != found["hash"].decode():
                self.bad(f"anchor {number}")

    def check_table(self, table):
        rows = self.conn.execute(f"SELECT rowid, * FROM {table} ORDER BY rowid")
        names = [column[0].encode() for column in rows.description][1:]
        for rowid, *values in rows:
            if not isinstance(rowid, int):
                return self.bad(table)
            digest = hashlib.sha256()
            for name, value in zip(names, self.typed(table, rowid, values)):
                if value is not None:
                    digest.update(b"n" + sized(name) + value)
            sealed = self.seals.pop((table, rowid), None)
            if not sealed or sealed[0] != digest.hexdigest()[:32]:
                self.bad(f"{table} {rowid}")

    def typed(self, table, rowid, values):
        """Each value with its letter and length; text and blobs come alike, and SQLite is asked which."""
        kinds = None
        for place, value in enumerate(values):
            if value is None:
                yield None
            elif isinstance(value, int):
                yield b"i" + sized(struct.pack(">q", value))
            elif isinstance(value, float):
                yield b"r" + sized(struct.pack(">d", value))
            else:
                if kinds is None:
                    names = [row[1].decode() for row in self.conn.execute(f"PRAGMA table_info({table})")]
                    asked = ", ".join(f'typeof("{name}")' for name in names)
                    kinds = self.conn.execute(f"SELECT {asked} FROM {table} WHERE rowid = ?", (rowid,)).fetchone()
                yield (b"t" if kinds[place] == b"text" else b"b") + sized(value)

    def check_gone(self):
        left = [(seq, table, rowid) for (table, rowid), (digest, seq) in self.seals.items() if digest != "gone"]
        for _, table, rowid in sorted(left):
            self.bad(f"{table} {rowid}")


def prove(made, ledger, anchors, witnesses):
    conn = connect(ledger)
    try:
        pairs = [witness.split(":") for witness in witnesses]
        return Proof(made, conn, anchors, [(int(seq), digest) for seq, digest in pairs]).run()
    finally:
        conn.close()


def main():
    made = Made(sys.argv[1])
    if len(sys.argv) > 2:
        answer = prove(made, sys.argv[2], sys.argv[2] + ".anchor", sys.argv[3:])
        print(answer)
        sys.exit(answer != "sound")
    for line in sys.stdin:
        ledger, anchors, *witnesses = line.rstrip("\n").split("\t")
        print(prove(made, ledger, anchors, witnesses), flush=True)


main()
