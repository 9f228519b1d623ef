//! What must hold after each step, whatever happened (the house's promises to those outside).

use super::disk::Disk;
use super::outside::Taken;
use super::senders::says_duplicate;
use super::world::World;
use rusqlite::Connection;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// What the outside knows of itself.
#[derive(Default)]
pub struct Memory {
    /// Every mail that was ever put into a mailbox, by its mailbox and digest.
    pub mails: Vec<(String, [u8; 32])>,
    /// How often people had a document sent again, by purchase order or, for others, delivery.
    pub again: BTreeMap<String, usize>,
    /// Bills that came into the folder, by name and digest.
    pub bills: Vec<(String, [u8; 32])>,
    /// References of mails that came back: whoever has them again has them once.
    pub bounced: HashSet<String>,
    /// The trail's head, as it was when it was last seen.
    pub head: i64,
    /// Orders of which something left that a recovered ledger does not know.
    pub beyond: BTreeSet<String>,
    /// The numbers in the subjects of these documents: of a purchase order that a person gave to another
    /// vendor since, the number is new.
    pub papers: BTreeSet<String>,
    /// The references of these documents.
    pub left: BTreeSet<String>,
}

pub fn connection(world: &World) -> Connection {
    Connection::open(world.path()).expect("a ledger")
}

fn names(conn: &Connection, sql: &str) -> Vec<String> {
    let mut rows = conn.prepare(sql).expect("a question");
    let rows = rows.query_map([], |row| row.get(0)).expect("rows");
    rows.map(|row| row.expect("a sentence")).collect()
}

/// A mail as the ledger knows it: by the digest of its lines, ended by LF.
pub fn digest(mail: &[u8]) -> [u8; 32] {
    let mut sha = openssl::sha::Sha256::new();
    for line in mail.split_inclusive(|byte| *byte == b'\n') {
        match line.strip_suffix(b"\r\n") {
            Some(text) => {
                sha.update(text);
                sha.update(b"\n");
            }
            None => sha.update(line),
        }
    }
    sha.finish()
}

/// After each step.
pub fn each(world: &World, memory: &mut Memory) {
    let conn = connection(world);
    let head: i64 = conn
        .query_row("SELECT coalesce(max(seq), 0) FROM audit", [], |row| {
            row.get(0)
        })
        .expect("a head");
    assert!(
        head >= memory.head,
        "facts are gone: {head} of {}",
        memory.head
    );
    memory.head = head;
    mails(world, memory, &conn);
    taken(world, memory, &conn);
    super::bounces::bills(world, memory, &conn);
    let doubled = names(
        &conn,
        "SELECT 'order ' || number || ' is placed ' || count(*) || ' times' FROM orders o \
         WHERE state NOT IN ('received', 'ready', 'held', 'cancelled') \
         AND NOT EXISTS (SELECT 1 FROM order_release r JOIN orders c ON c.id = r.order_id WHERE c.number = o.number) \
         GROUP BY number HAVING count(*) > 1",
    );
    assert_eq!(doubled, Vec::<String>::new());
    let pieces = names(
        &conn,
        "SELECT 'order ' || o.number || ' line ' || l.order_line || ': ' || sum(l.qty - coalesce(s.cancelled, 0)) || ' pieces are asked for' \
         FROM po_line l JOIN purchase_order p ON p.id = l.po_id JOIN orders o ON o.id = p.order_id \
         LEFT JOIN po_line_status s ON s.po_line_id = l.id WHERE p.state <> 'cancelled' \
         GROUP BY o.id, l.order_line HAVING sum(l.qty - coalesce(s.cancelled, 0)) > (SELECT j.value ->> 'qty' FROM json_each(o.document, '$.lines') j WHERE j.key = l.order_line - 1)",
    );
    assert_eq!(pieces, Vec::<String>::new(), "more than was ordered");
    let money = names(
        &conn,
        "SELECT 'order ' || o.number || ': ' || sum(r.amount) || ' cents went back of ' || o.total FROM refund r \
         JOIN orders o ON o.id = r.order_id GROUP BY o.id HAVING sum(r.amount) > o.total",
    );
    assert_eq!(money, Vec::<String>::new());
}

/// The digests of all mails that the ledger has.
pub fn known(conn: &Connection) -> HashSet<[u8; 32]> {
    let mut rows = conn
        .prepare("SELECT sha256 FROM message")
        .expect("messages");
    let rows = rows
        .query_map([], |row| row.get::<_, [u8; 32]>(0))
        .expect("rows");
    rows.map(|row| row.expect("a digest")).collect()
}

/// No mail is lost: it waits, or the ledger has it.
fn mails(world: &World, memory: &Memory, conn: &Connection) {
    let known = known(conn);
    let outside = world.door.outside();
    let waiting = |mailbox: &str, wanted: &[u8; 32]| {
        let all = outside.boxes.get(mailbox).map(|one| one.waiting.values());
        all.into_iter()
            .flatten()
            .any(|mail| digest(mail) == *wanted)
    };
    for (mailbox, wanted) in &memory.mails {
        let there = known.contains(wanted) || waiting(mailbox, wanted);
        assert!(there, "a mail of {mailbox} is lost");
    }
}

/// What left is known, and left twice only by a person's word and marked.
fn taken(world: &World, memory: &Memory, conn: &Connection) {
    let outside = world.door.outside();
    let mut times: BTreeMap<String, Vec<&Taken>> = BTreeMap::new();
    let mut ask = conn
        .prepare(
            "SELECT d.state, d.kind, coalesce(p.number, 'delivery ' || d.id) FROM delivery d \
             LEFT JOIN purchase_order p ON p.id = d.po_id WHERE d.reference = ?1",
        )
        .expect("a question");
    for one in &outside.taken {
        let row = ask.query_row([&one.reference], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, String>(2)?,
            ))
        });
        let (_, kind, name) = row.unwrap_or_else(|fault| {
            panic!(
                "{} ({}) left and no delivery is known: {fault}",
                one.subject, one.reference
            )
        });
        let name = match kind.as_str() {
            "purchase_order" => name,
            _ => format!("{kind} {name} {}", one.reference),
        };
        times.entry(name).or_default().push(one);
    }
    let mut untold = conn
        .prepare(
            "SELECT count(*) FROM purchase_order p WHERE number = ?1 AND state = 'cancelled' \
             AND NOT EXISTS (SELECT 1 FROM po_cancellation c WHERE c.po_id = p.id) \
             AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.entity = 'po:' || p.number AND a.kind IN ('po.rejected', 'po.answered', 'po.backordered'))",
        )
        .expect("a question");
    for (name, all) in times {
        let silent: i64 = untold
            .query_row([&name], |row| row.get(0))
            .expect("a count");
        let came_back = all
            .iter()
            .any(|one| memory.bounced.contains(&one.reference));
        // a person tells the vendor of what the ledger cannot know
        let order = name.split(['-', '~']).next().unwrap_or(&name);
        let told = silent == 0 || came_back || memory.beyond.contains(order);
        assert!(
            told,
            "{name} is with its vendor, is cancelled, and the vendor is not told"
        );
        let again = memory.again.get(name.rsplit(' ').next().unwrap_or(&name));
        let allowed = 1 + again.copied().unwrap_or(0);
        assert!(
            all.len() <= allowed,
            "{name} left {} times, allowed {allowed}",
            all.len()
        );
        marked(&name, &all, came_back);
    }
}

/// A purchase order that left more than once says so.
fn marked(name: &str, all: &[&Taken], came_back: bool) {
    let order = !name.contains(' ');
    let marked = all.iter().skip(1).all(|one| says_duplicate(one));
    let times = all.len();
    let right = !order || marked || came_back;
    assert!(right, "{name} left {times} times without a word");
}

/// The whole proof: dear, once a day and after each start.
pub fn proof(world: &World) {
    let anchors = world.site.config.site.anchor.clone();
    let report = world.look(|ledger| ledger.verify(&anchors, &[]).expect("a report"));
    assert_eq!(report.problems, Vec::<String>::new(), "verify");
}

/// After a run that met no fault: nothing is left between two states.
pub fn settled(world: &World) {
    let conn = connection(world);
    let left = names(
        &conn,
        "SELECT 'message ' || id || ' is pending' FROM message WHERE state = 'pending' \
         UNION ALL SELECT 'order ' || number || ' is ' || state FROM orders WHERE state IN ('received', 'ready') \
         UNION ALL SELECT 'purchase order ' || number || ' is a draft' FROM purchase_order WHERE state = 'draft' \
         UNION ALL SELECT 'delivery ' || id || ' is being sent' FROM delivery WHERE state = 'sending'",
    );
    assert_eq!(left, Vec::<String>::new(), "after a run without faults");
}

/// A word for the trace of all that the ledger has but digests and salts.
pub fn trail(world: &World, trace: &mut openssl::sha::Sha256) {
    let conn = connection(world);
    let all = names(
        &conn,
        "SELECT seq || at || actor || kind || entity || coalesce(payload, '') FROM audit WHERE kind <> 'seal' ORDER BY seq",
    );
    let tell = std::env::var_os("POMS_SIM_TELL").is_some();
    for line in all {
        let line = world.without_its_folder(&line);
        if tell {
            println!("{line}");
        }
        trace.update(line.as_bytes());
    }
    for one in &world.door.outside().taken {
        trace.update(one.reference.as_bytes());
    }
}

/// Whether nothing is planned that could disturb.
pub fn calm(disk: &Disk) -> bool {
    disk.plan.end_at.is_none() && disk.plan.fault.is_none()
}
