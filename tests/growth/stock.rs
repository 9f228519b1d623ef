//! Much of everything, copied within the ledger from what one run made.

use super::TODAY;
use crate::support::desk::TestDesk;
use crate::support::scene::Scene;
use rusqlite::Connection;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// A site with one order that is placed and one that is held.
pub fn base() -> Scene {
    Scene::of(&super::desk())
}

/// The ledger of a scene, written past poms.
pub struct Stock(Connection);

impl Stock {
    pub fn of(scene: &Scene) -> Stock {
        let conn = Connection::open(scene.path("poms.db")).unwrap();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        Stock(conn)
    }

    /// Copies rows of a table `n` times, with these columns changed; `k.i` is the copy's number.
    fn copies(&self, table: &str, which: &str, n: usize, changed: &[(&str, &str)]) {
        let mut info = self
            .0
            .prepare(&format!("PRAGMA table_info({table})"))
            .unwrap();
        let names = info.query_map([], |row| row.get(1)).unwrap();
        let names: Vec<String> = names.map(Result::unwrap).collect();
        let values = names.iter().map(|name| {
            let found = changed.iter().find(|(column, _)| column == name);
            found.map_or(format!("t.{name}"), |(_, value)| (*value).to_owned())
        });
        let sql = format!(
            "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < {n}) \
             INSERT INTO {table} ({}) SELECT {} FROM k, {table} t WHERE {which}",
            names.join(", "),
            values.collect::<Vec<_>>().join(", ")
        );
        self.0
            .execute(&sql, [])
            .unwrap_or_else(|fault| panic!("{table}: {fault}: {sql}"));
    }

    fn orders(&self, number: &str, n: usize) {
        let which = format!("t.number = '{number}'");
        let changed = [
            ("id", "t.id + k.i * 1000"),
            ("number", "printf('C%s%05d', substr(t.number, 7), k.i)"),
            ("customer_key", "t.customer_key || k.i"),
            ("email", "k.i || t.email"),
            ("content_hash", "randomblob(32)"),
            (
                "document",
                "json_set(t.document, '$.order_number', printf('C%s%05d', substr(t.number, 7), k.i), \
                 '$.customer.email', k.i || t.email)",
            ),
        ];
        self.copies("orders", &which, n, &changed);
    }

    /// How many instructions of SQLite's machine a query takes.
    pub fn steps(mut self, sql: &str) -> i64 {
        let steps = Arc::new(AtomicI64::new(0));
        let sink = Arc::clone(&steps);
        let add = move || {
            sink.fetch_add(16, Ordering::Relaxed);
            false
        };
        self.0.progress_handler(16, Some(add)).unwrap();
        self.0.query_row(sql, [], |_| Ok(())).unwrap();
        steps.load(Ordering::Relaxed)
    }
}

/// Orders that were billed and settled, and closed long ago but for the first.
pub fn closed(scene: &Scene, n: usize) {
    searchable(scene, n);
    write(scene, &bills(n, |place| format!("C1{place:05}-1")));
    import(scene);
    let sql = "UPDATE orders SET state = 'closed' WHERE id > 1000; \
               UPDATE purchase_order SET state = 'closed' WHERE id > 1000; \
               UPDATE variance SET state = 'accepted' WHERE invoice_id IN (SELECT id FROM invoice WHERE po_id > 1000); \
               UPDATE invoice SET state = 'matched' WHERE po_id > 1000; \
               UPDATE exception SET state = 'resolved', mailed = 1 WHERE po_id > 1000 OR entity LIKE 'variance:%' OR entity LIKE 'invoice:%'; \
               UPDATE delivery SET state = 'sent', next_attempt = NULL WHERE po_id > 1000 OR order_id > 1000";
    Stock::of(scene).0.execute_batch(sql).unwrap();
}

/// Orders whose purchase orders are with the vendor.
pub fn placed(scene: &Scene, n: usize) {
    let stock = Stock::of(scene);
    stock.orders("W200001", n);
    let order = "t.order_id = (SELECT id FROM orders WHERE number = 'W200001')";
    let po = [
        ("id", "t.id + k.i * 1000"),
        ("number", "printf('C1%05d-1', k.i)"),
        ("order_id", "t.order_id + k.i * 1000"),
        (
            "document",
            "json_set(t.document, '$.number', printf('C1%05d-1', k.i))",
        ),
    ];
    stock.copies("purchase_order", order, n, &po);
    let of_po = "t.po_id = (SELECT id FROM purchase_order WHERE number = 'W200001-1')";
    let line = [
        ("id", "t.id + k.i * 1000"),
        ("po_id", "t.po_id + k.i * 1000"),
    ];
    stock.copies("po_line", of_po, n, &line);
    stock.copies("promise", of_po, n, &line);
    let delivery = [
        ("id", "t.id + k.i * 1000"),
        ("order_id", "t.order_id + k.i * 1000"),
        ("po_id", "t.po_id + k.i * 1000"),
        ("once", "t.once || k.i"),
        ("reference", "'<' || k.i || substr(t.reference, 2)"),
    ];
    stock.copies("delivery", order, n, &delivery);
    let content = [("delivery_id", "t.delivery_id + k.i * 1000")];
    let which = format!("t.delivery_id IN (SELECT id FROM delivery t WHERE {order})");
    stock.copies("delivery_content", &which, n, &content);
}

/// The same, with the words by which they are found.
pub fn searchable(scene: &Scene, n: usize) {
    placed(scene, n);
    let words = [
        ("id", "t.id + k.i * 1000"),
        ("order_id", "t.order_id + k.i * 1000"),
    ];
    let which = "t.order_id = (SELECT id FROM orders WHERE number = 'W200001')";
    Stock::of(scene).copies("search_word", which, n, &words);
}

/// The same, and no anchors: as a backup stands alone.
pub fn unanchored(scene: &Scene, n: usize) {
    placed(scene, n);
    std::fs::remove_file(scene.path("poms.db.anchor")).unwrap();
}

/// Files in which vendors answer each purchase order, and ship it.
pub fn advice_files(scene: &Scene, n: usize) {
    placed(scene, n);
    let mut answers = "po_number,sku,qty,status\n".to_owned();
    let mut advices = "po_number,sku,qty,carrier,tracking_number,ship_date\n".to_owned();
    for place in 1..=n {
        let tracking = crate::simulation::senders::ups(place as u64);
        answers += &format!("C1{place:05}-1,BF63-12163,3,accepted\n");
        advices += &format!("C1{place:05}-1,BF63-12163,3,UPS,{tracking},2025-06-02\n");
    }
    std::fs::write(scene.path("answers.csv"), answers).unwrap();
    std::fs::write(scene.path("advices.csv"), advices).unwrap();
}

/// The same, taken in.
pub fn shipped(scene: &Scene, n: usize) {
    advice_files(scene, n);
    let done = scene.run(&["import-advices", "advices.csv"], TODAY);
    assert_eq!(done.code, 0, "{}{}", done.stdout, done.stderr);
}

/// Orders that wait for a person.
pub fn held(scene: &Scene, n: usize) {
    let stock = Stock::of(scene);
    stock.orders("W200002", n);
    let exception = [
        ("id", "t.id + k.i * 1000"),
        ("entity", "printf('order:C2%05d', k.i)"),
        ("order_id", "t.order_id + k.i * 1000"),
    ];
    let which = "t.order_id = (SELECT id FROM orders WHERE number = 'W200002')";
    stock.copies("exception", which, n, &exception);
}

/// Orders that a run left between two stages when it died.
pub fn received(scene: &Scene, n: usize) {
    let stock = Stock::of(scene);
    stock.orders("W200001", n);
    stock
        .0
        .execute_batch("UPDATE orders SET state = 'received' WHERE number LIKE 'C1%'")
        .unwrap();
}

fn bills(n: usize, number: impl Fn(usize) -> String) -> String {
    let rows = (1..=n).map(|place| {
        let po = number(place);
        format!("Acme Home Goods,A-{place},2025-06-03,{po},BF63-12163,3,61.50,,184.50\n")
    });
    format!("{}{}", crate::books::HEAD, rows.collect::<String>())
}

fn write(scene: &Scene, text: &str) {
    std::fs::write(scene.path("bills.csv"), text).unwrap();
}

fn import(scene: &Scene) {
    let done = scene.run(&["import-invoices", "bills.csv"], TODAY);
    assert_eq!(done.code, 0, "{}", done.stderr);
}

/// A file with a bill for each of many purchase orders.
pub fn bill_file(scene: &Scene, n: usize) {
    placed(scene, n);
    write(scene, &bills(n, |place| format!("C1{place:05}-1")));
}

/// The same, taken in: their goods have not left.
pub fn billed(scene: &Scene, n: usize) {
    bill_file(scene, n);
    import(scene);
}

/// Bills that name no purchase order that there is.
pub fn strange_bills(scene: &Scene, n: usize) {
    write(scene, &bills(n, |place| format!("X{place:05}-1")));
    import(scene);
}

/// Mails of nobody that poms knows.
pub fn foreign_mails(scene: &Scene, n: usize) {
    for place in 1..=n {
        let mail = format!(
            "From: stranger{place}@elsewhere.example\nTo: orders@shop.example\nSubject: a question {place}\n\
             Message-ID: <{place}@elsewhere.example>\nDate: Mon, 2 Jun 2025 10:00:00 +0000\n\nHow much is it? {place}\n"
        );
        let name = format!("mail/orders/new/1748858700.{place:06}.test");
        std::fs::write(scene.path(&name), mail).unwrap();
    }
}

/// So many new orders lie beside the mailbox of every scene.
pub const LATER: usize = 80;

/// Signs and encrypts [`LATER`] orders of as many customers, and lays them beside the mailbox.
pub fn keep_for_later(desk: &TestDesk) {
    for place in 1..=LATER {
        let mut order = TestDesk::plain_order(&format!("W3{place:05}"));
        order["customer"]["email"] = serde_json::json!(format!("new{place}@mail.example"));
        desk.order(&order);
    }
    let new = desk.path("mail/orders/new");
    std::fs::rename(&new, desk.path("later")).unwrap();
    std::fs::create_dir(new).unwrap();
}

/// New orders, signed and encrypted, in the mailbox.
pub fn new_orders(scene: &Scene, n: usize) {
    let mut names: Vec<_> = std::fs::read_dir(scene.path("later"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert!(names.len() >= n);
    for name in &names[..n] {
        let to = scene.path(&format!("mail/orders/new/{name}"));
        std::fs::rename(scene.path("later").join(name), to).unwrap();
    }
}

/// The same where vendors are chosen by all that can be weighed.
pub fn new_orders_by_strategy(scene: &Scene, n: usize) {
    new_orders(scene, n);
    let file = scene.path("poms.toml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    text += "\n[[strategy]]\nname = \"all\"\nkeys = [\"landed_cost\", \"parcels\", \"promised_day\", \"performance\", \"priority\"]\nsplit = true\n";
    std::fs::write(&file, text).unwrap();
}
