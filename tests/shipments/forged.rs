//! Forged advices of every kind: each is delivered, and nothing changes.

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

fn advice(po: &str, sku: &str, qty: i64) -> String {
    format!(
        "po_number,sku,qty,carrier,tracking_number,ship_date\r\n{po},{sku},{qty},UPS,{T1},2025-06-02\r\n"
    )
}

fn lamps() -> String {
    advice("W1-1", "BF63-12163", 3)
}

/// Senders that nobody vouches for: what is tried, the headers above (name, server, verdict, domain;
/// `AR` is Authentication-Results, `ours` the server that is believed), and From.
const SENDERS: &str = "\
no proof at all | | orders@acme.example
our server says fail, the sender wrote pass below | AR ours dkim=fail acme.example; AR ours dkim=pass acme.example | orders@acme.example
our server says nothing of DKIM, the sender did | AR ours spf=pass acme.example; AR ours dkim=pass acme.example | orders@acme.example
another server's word | AR mx.evil.example dkim=pass acme.example | orders@acme.example
another server's word above ours | AR mx.evil.example dkim=pass acme.example; AR ours dkim=pass acme.example | orders@acme.example
a server called almost like ours | AR mx.shop.example.evil.example dkim=pass acme.example | orders@acme.example
the word of a relay | ARC-AR ours dkim=pass acme.example | orders@acme.example
the word in a header of another name | X-AR ours dkim=pass acme.example | orders@acme.example
SPF instead of DKIM | AR ours spf=pass acme.example | orders@acme.example
DKIM pass for another domain | AR ours dkim=pass evil.example | orders@acme.example
the vendor's pass, and another From | AR ours dkim=pass acme.example | orders@evil.example
a domain that looks alike | AR ours dkim=pass acrne.example | orders@acrne.example
the vendor's domain as a subdomain | AR ours dkim=pass acme.example.evil.example | orders@acme.example.evil.example
a domain that ends like the vendor's | AR ours dkim=pass notacme.example | orders@notacme.example
the vendor's address as a name | AR ours dkim=pass evil.example | \"orders@acme.example\" <orders@evil.example>
two senders | AR ours dkim=pass acme.example | orders@acme.example, orders@evil.example
a carrier | AR ours dkim=pass ups.com | UPS <pkginfo@ups.com>
our own address | AR ours dkim=pass shop.example | orders@shop.example";

fn header(words: &str) -> String {
    let [name, server, verdict, domain] = words.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{words}");
    };
    let name = name.replace("AR", "Authentication-Results");
    let name = name.replace("Authentication-ResultsC", "ARC");
    let server = server.replace("ours", "mx.shop.example");
    format!("{name}: {server}; {verdict} header.d={domain}\r\n")
}

fn senders() -> Vec<Forged> {
    let one = |line: &'static str| {
        let [name, heads, from] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let heads = heads.split("; ").filter(|head| !head.is_empty());
        Forged {
            name,
            head: heads.map(header).collect(),
            from,
            to: SHOP.to_owned(),
            csv: lamps(),
        }
    };
    SENDERS.lines().map(one).collect()
}

/// Senders who are who they say, and have no say in it: what is tried, to which address (ours, that
/// of a purchase order), and the row: purchase order, article, pieces.
const RIGHTS: &str = "\
the purchase order of another vendor | shop | W2-1 GD20-00020 2
the order of another vendor | shop | W2 GD20-00020 2
more than was ordered | shop | W1-1 BF63-12163 99
less than nothing | shop | W1-1 BF63-12163 -3
an article that was not ordered | shop | W1-1 KT10-00010 1
the address of another vendor's purchase order | W2-1 | W1-1 BF63-12163 3
the address of this one, for another | W1-1 | W2-1 GD20-00020 2";

fn rights(dock: &Dock) -> Vec<Forged> {
    let one = |line: &'static str| {
        let [name, to, row] = line.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{line}");
        };
        let row: Vec<&str> = row.split(' ').collect();
        let (head, from, to) = match to {
            "shop" => (
                header("AR ours dkim=pass acme.example"),
                ACME,
                SHOP.to_owned(),
            ),
            po => (String::new(), "x@mail.example", dock.reply_address(po)),
        };
        let csv = advice(row[0], row[1], row[2].parse().unwrap());
        Forged {
            name,
            head,
            from,
            to,
            csv,
        }
    };
    RIGHTS.lines().map(one).collect()
}

/// Addresses that are almost that of the purchase order.
fn bent(dock: &Dock) -> Vec<Forged> {
    let genuine = dock.reply_address("W1-1");
    // the token stands between the plus and the at
    let (start, end) = (genuine.find('+').unwrap() + 1, genuine.find('@').unwrap());
    let changed = (start..end).step_by(5).map(|at| {
        let other = if genuine.as_bytes()[at] == b'a' {
            "b"
        } else {
            "a"
        };
        format!("{}{other}{}", &genuine[..at], &genuine[at + 1..])
    });
    let half = genuine.replace(&genuine[end - 6..end], "");
    let forged = |name, head: String, to: String| {
        let (from, csv) = ("x@mail.example", lamps());
        Forged {
            name,
            head,
            from,
            to,
            csv,
        }
    };
    let mut all: Vec<Forged> = changed
        .chain([half])
        .map(|to| forged("a token that is not whole", String::new(), to))
        .collect();
    let head = format!("X-Reply: {genuine}\r\n");
    all.push(forged(
        "the address in another header",
        head,
        SHOP.to_owned(),
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
         Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: text/plain\r\nX-Case: {name}\r\n\r\nSee attached.\r\n\
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
    for mail in all {
        let number = dock.mails.get() + 1;
        dock.mails.set(number);
        deliver(&dock.desk, number as usize, mail);
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
    nothing_changes(&dock, &bent(&dock));
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

/// The address of a purchase order proves its vendor; another vendor's own name, or ours, speaks against it.
#[test]
fn another_vendors_or_our_own_from_is_a_persons_to_judge() {
    let dock = Dock::tokens();
    for (place, (from, taken)) in [
        ("Blue Ridge <PO@blueridge.example>", false),
        ("Example Shop <orders@shop.example>", false),
        ("Sales <sales@blueridge.example>", false),
        ("Ann <ann@mail.example>\r\nReply-To: PO <po@blueridge.example>", false),
        ("Ann <ann@mail.example>\r\nSender: sales@blueridge.example", false),
        ("Ann <postmaster@mail.example>", false),
        (
            "Ann <orders@acme.example>\r\nAuthentication-Results: mx.shop.example; dkim=fail header.d=acme.example; \
             spf=fail smtp.mailfrom=orders@acme.example; dmarc=fail header.from=acme.example",
            false,
        ),
        ("Ann <orders@acme.example>", true),
        ("Ann at home <ann@mail.example>", true),
    ]
    .into_iter()
    .enumerate()
    {
        let order = format!("W{}", place + 1);
        dock.order(&order, &[("BF63-12163", 1)]);
        let to = dock.reply_address(&format!("{order}-1"));
        dock.mail_to(&to, &format!("Re: {order}-1"), "Confirmed.", None);
        dock.last_mail(|mail| mail.replace("Somebody <x@mail.example>", from));
        dock.run();
        let state = dock.po_state(&format!("{order}-1"));
        assert_eq!(state == "acknowledged", taken, "{from}: {state}");
    }
    assert_eq!(dock.open(), ["untrusted_sender"; 7]);
    let case = dock.desk.run(&["exceptions", "show", "1"]).ok().stdout;
    assert!(case.contains("another vendor"), "{case}");
    // it is of the purchase order to whose address it came
    assert!(case.contains("--po W1-1"), "{case}");
    let order = dock.desk.run(&["order", "show", "W1"]).ok().stdout;
    assert!(order.contains("untrusted_sender"), "{order}");
    dock.verify();
}
