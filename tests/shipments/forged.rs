//! Forged advices of every kind (threats.md, row 2): each is delivered, and nothing changes.

use super::{Dock, T1, T2};
use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// One forged mail: what it tries, the headers that come before the sender's own, From and To.
struct Forged {
    name: &'static str,
    head: String,
    from: &'static str,
    to: String,
    csv: String,
}

const ACME: &str = "orders@acme.example";
const SHOP: &str = "orders@shop.example";

fn results(server: &str, verdict: &str, domain: &str) -> String {
    format!("Authentication-Results: {server}; {verdict} header.d={domain}\r\n")
}

fn advice(po: &str, sku: &str, qty: i64) -> String {
    format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\r\n{po},{sku},{qty},UPS,{T1},2025-06-02\r\n"
    )
}

fn lamps() -> String {
    advice("W1-1", "BF63-12163", 3)
}

/// Senders that nobody vouches for.
fn senders() -> Vec<Forged> {
    let ours = "mx.shop.example";
    let pass = |domain: &str| results(ours, "dkim=pass", domain);
    let forged = |name, head: String, from| {
        let (to, csv) = (SHOP.to_owned(), lamps());
        Forged {
            name,
            head,
            from,
            to,
            csv,
        }
    };
    let evil = "orders@evil.example";
    vec![
        forged("no proof at all", String::new(), ACME),
        forged(
            "our server says fail, and the sender wrote pass below it",
            results(ours, "dkim=fail", "acme.example") + &pass("acme.example"),
            ACME,
        ),
        forged(
            "our server says nothing of DKIM, and the sender wrote pass below it",
            format!(
                "Authentication-Results: {ours}; none\r\n{}",
                pass("acme.example")
            ),
            ACME,
        ),
        forged(
            "another server's word",
            results("mx.evil.example", "dkim=pass", "acme.example"),
            ACME,
        ),
        forged(
            "another server's word above ours",
            results("mx.evil.example", "dkim=pass", "acme.example") + &pass("acme.example"),
            ACME,
        ),
        forged(
            "a server called almost like ours",
            results("mx.shop.example.evil.example", "dkim=pass", "acme.example"),
            ACME,
        ),
        forged(
            "the word of a relay",
            format!("ARC-{}", pass("acme.example")),
            ACME,
        ),
        forged(
            "the word in a header of another name",
            format!("X-{}", pass("acme.example")),
            ACME,
        ),
        forged(
            "SPF instead of DKIM",
            results(ours, "spf=pass", "acme.example"),
            ACME,
        ),
        forged("DKIM pass for another domain", pass("evil.example"), ACME),
        forged(
            "the vendor's pass, and another From",
            pass("acme.example"),
            evil,
        ),
        forged(
            "a domain that looks alike",
            pass("acrne.example"),
            "orders@acrne.example",
        ),
        forged(
            "the vendor's domain as a subdomain",
            pass("acme.example.evil.example"),
            "orders@acme.example.evil.example",
        ),
        forged(
            "a domain that ends like the vendor's",
            pass("notacme.example"),
            "orders@notacme.example",
        ),
        forged(
            "the vendor's address as a name",
            pass("evil.example"),
            "\"orders@acme.example\" <orders@evil.example>",
        ),
        forged(
            "two senders",
            pass("acme.example"),
            "orders@acme.example, orders@evil.example",
        ),
        forged("a carrier", pass("ups.com"), "UPS <pkginfo@ups.com>"),
        forged("our own address", pass("shop.example"), SHOP),
    ]
}

/// Senders who are who they say, and have no say in it.
fn rights(dock: &Dock) -> Vec<Forged> {
    let pass = results("mx.shop.example", "dkim=pass", "acme.example");
    let blue = dock.reply_address("W2-1");
    let acme = dock.reply_address("W1-1");
    let somebody = "x@mail.example";
    let forged = |name, head: &str, from, to: &str, csv: String| {
        let (head, to) = (head.to_owned(), to.to_owned());
        Forged {
            name,
            head,
            from,
            to,
            csv,
        }
    };
    let mut all = vec![
        forged(
            "the purchase order of another vendor",
            &pass,
            ACME,
            SHOP,
            advice("W2-1", "GD20-00020", 2),
        ),
        forged(
            "the order of another vendor",
            &pass,
            ACME,
            SHOP,
            advice("W2", "GD20-00020", 2),
        ),
        forged(
            "more than was ordered",
            &pass,
            ACME,
            SHOP,
            advice("W1-1", "BF63-12163", 99),
        ),
        forged(
            "less than nothing",
            &pass,
            ACME,
            SHOP,
            advice("W1-1", "BF63-12163", -3),
        ),
        forged(
            "an article that was not ordered",
            &pass,
            ACME,
            SHOP,
            advice("W1-1", "KT10-00010", 1),
        ),
        forged(
            "the address of another vendor's purchase order",
            "",
            somebody,
            &blue,
            lamps(),
        ),
        forged(
            "the address of this one, for another",
            "",
            somebody,
            &acme,
            advice("W2-1", "GD20-00020", 2),
        ),
        forged(
            "the address in another header",
            &format!("X-Reply: {acme}\r\n"),
            somebody,
            SHOP,
            lamps(),
        ),
    ];
    // the token stands between the plus and the at: every fifth of its characters changed
    let (start, end) = (acme.find('+').unwrap() + 1, acme.find('@').unwrap());
    for at in (start..end).step_by(5) {
        let mut bytes = acme.clone().into_bytes();
        bytes[at] = if bytes[at] == b'a' { b'b' } else { b'a' };
        let to = String::from_utf8(bytes).unwrap();
        all.push(forged(
            "a token with one character changed",
            "",
            somebody,
            &to,
            lamps(),
        ));
    }
    all.push(forged(
        "half a token",
        "",
        somebody,
        &acme.replace(&acme[end - 6..end], ""),
        lamps(),
    ));
    all
}

fn deliver(desk: &TestDesk, number: usize, mail: &Forged) -> Vec<u8> {
    let Forged {
        name,
        head,
        from,
        to,
        csv,
    } = mail;
    let text = format!(
        "{head}From: {from}\r\nTo: {to}\r\nSubject: Re: Purchase order W1-1\r\nDate: Mon, 02 Jun 2025 14:00:00 +0000\r\n\
         Message-ID: <{number}@forged.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n{name}: shipped.\r\n\
         --b\r\nContent-Type: text/csv; name=\"a.csv\"\r\nContent-Disposition: attachment; filename=\"a.csv\"\r\n\r\n{csv}\r\n--b--\r\n"
    );
    desk.file(&format!("mail/vendors/new/9{number:05}.v"), text.as_bytes());
    text.into_bytes()
}

/// All that an advice could change: states, pieces, shipments, and what customers were told.
fn world(dock: &Dock) -> Value {
    let orders = ["W1", "W2"].map(|number| {
        let story = dock.show(number);
        let pos = story["purchase_orders"].as_array().unwrap().iter();
        let pos: Vec<Value> = pos
            .map(|po| json!([po["number"], po["state"], po["lines"], po["promise"]]))
            .collect();
        json!([story["state"], pos, story["shipments"]])
    });
    let mails = dock.desk.mails();
    let to_customers = mails
        .iter()
        .filter(|mail| mail.to().ends_with("@mail.example"));
    json!([orders, to_customers.count()])
}

fn site() -> Dock {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 3)]);
    dock.order("W2", &[("GD20-00020", 2)]);
    dock
}

/// Delivers each, and demands that it is shown to a person and changes nothing.
fn nothing_changes(dock: &Dock, all: &[Forged]) {
    let before = world(dock);
    let mut shown = dock.open().len();
    for (number, mail) in all.iter().enumerate() {
        deliver(&dock.desk, number, mail);
        let report = dock.run();
        assert_eq!(report["messages"]["seen"], 1, "{}: {report:#}", mail.name);
        assert_eq!(world(dock), before, "{}", mail.name);
        let now = dock.open().len();
        assert!(
            now > shown || report["messages"]["held"] == 1,
            "{}: nobody is told",
            mail.name
        );
        shown = now;
    }
    dock.verify();
}

#[test]
fn whom_nobody_vouches_for_changes_nothing() {
    let dock = site();
    let all = senders();
    nothing_changes(&dock, &all);
    assert_eq!(dock.open(), vec!["untrusted_sender"; all.len()]);
}

#[test]
fn who_has_no_say_changes_nothing() {
    let dock = site();
    nothing_changes(&dock, &rights(&dock));
}

#[test]
fn a_genuine_answer_counts_once_and_an_old_key_no_more() {
    let dock = site();
    let genuine = |po: &str, csv: String| Forged {
        name: "genuine",
        head: String::new(),
        from: "dana@home.example",
        to: dock.reply_address(po),
        csv,
    };
    let mail = genuine("W1-1", advice("W1-1", "BF63-12163", 2));
    let bytes = deliver(&dock.desk, 1, &mail);
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "partly_shipped");
    let before = world(&dock);
    // the same bytes, and the same words in a mail of another date and number
    dock.desk.file("mail/vendors/new/900002.v", &bytes);
    let report = dock.run();
    assert_eq!(report["messages"]["duplicate"], 1, "{report:#}");
    let text = String::from_utf8(bytes).unwrap();
    let text = text.replace("<1@", "<3@").replace("02 Jun", "03 Jun");
    dock.desk.file("mail/vendors/new/900003.v", text.as_bytes());
    dock.run();
    assert_eq!(world(&dock), before, "replayed");
    assert_eq!(dock.open(), Vec::<String>::new());
    // the key is changed, and the old one is not kept
    let file = dock.desk.path("poms.toml");
    let config = std::fs::read_to_string(&file).unwrap();
    dock.desk.file("keys/new.key", &[b'n'; 64]);
    dock.desk.file(
        "poms.toml",
        config.replace("keys/token.key", "keys/new.key").as_bytes(),
    );
    let rest = advice("W1-1", "BF63-12163", 1).replace(T1, T2);
    nothing_changes(&dock, &[genuine("W1-1", rest)]);
    assert_eq!(dock.open(), ["untrusted_sender"]);
}
