//! Questions to vendors about several purchase orders: answers to them, and the ways by which they go or
//! fail to.

use super::silent::ACME;
use super::{CATALOGUE, Dock, T1, VENDORS};
use crate::support::smtp::{Act, Fake, NO_CUT, Stage};

#[test]
fn an_answer_to_several_counts_for_the_one_that_it_names() {
    let dock = Dock::tokens();
    dock.order("W1", &[("BF63-12163", 1)]);
    dock.order("W2", &[("KT10-00010", 2)]);
    dock.at(&["2025-06-05T13:00:00Z"]);
    let mails = dock.desk.mails_to(ACME);
    let asked = mails.last().unwrap();
    let reply = asked
        .parsed()
        .reply_to()
        .unwrap()
        .first()
        .unwrap()
        .address()
        .unwrap()
        .to_owned();
    assert_ne!(reply, dock.reply_address("W1-1"));
    let quote: String = asked
        .text()
        .lines()
        .map(|line| format!("> {line}\n"))
        .collect();
    let answer = |words: &str| {
        let text =
            format!("{words}\n\nOn Thu, Jun 5, 2025 at 9:00 AM Example Shop wrote:\n{quote}");
        dock.mail_to(
            &reply,
            "Re: 2 purchase orders wait for your answer",
            &text,
            None,
        );
        dock.run();
    };
    for words in [
        "It is confirmed.",
        "W1-1 is confirmed, the other one we cannot do.",
        "W1-1 and another one ship Friday.",
    ] {
        answer(words);
        let id = dock.exception("vendor_mail");
        let shown = dock.says(&["exceptions", "show", &id]);
        let flat = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("answers our question about W1-1, W2-1"),
            "{shown}"
        );
        assert_eq!(dock.po_state("W1-1"), "sent", "{words}");
        dock.resolve("vendor_mail", &["--dismiss"]);
    }
    answer("W2-1: confirmed.");
    it_counts_for_no_other(&dock, &reply);
}

fn it_counts_for_no_other(dock: &Dock, reply: &str) {
    assert_eq!(dock.po_state("W2-1"), "acknowledged");
    assert_eq!(dock.po_state("W1-1"), "sent");
    // a table says it line by line
    let csv = format!("po_number,sku,qty,tracking\nW1-1,BF63-12163,1,{T1}\n");
    dock.mail_to(
        reply,
        "Re: 2 purchase orders",
        "See attached.\n",
        Some(&csv),
    );
    dock.run();
    assert_eq!(dock.po_state("W1-1"), "shipped");
    // the address of another question proves nothing
    let forged = reply.replacen("+c", "+p", 1);
    dock.mail_to(
        &forged,
        "Re: 2 purchase orders",
        "W2-1: we cannot ship it.",
        None,
    );
    dock.run();
    assert_eq!(dock.po_state("W2-1"), "acknowledged");
    assert_eq!(dock.open(), ["untrusted_sender"]);
    dock.verify();
}

impl Dock {
    /// From now on mail goes to this server.
    fn by_smtp(&self, port: u16) {
        let file = self.desk.path("poms.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let here = "kind = \"maildir\"\npath = \"mail/sent\"";
        let there = format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\nhelo = \"poms.example\""
        );
        assert!(text.contains(here), "{text}");
        self.desk
            .file("poms.toml", text.replacen(here, &there, 1).as_bytes());
    }
}

#[test]
fn a_question_that_fails_or_may_not_have_arrived_needs_nobody() {
    for (act, said) in [
        (Act::Close, "it may or may not have arrived"),
        (Act::Say("550 5.1.1 nobody here"), "550 5.1.1"),
    ] {
        let dock = Dock::new();
        dock.order("W1", &[("BF63-12163", 1)]);
        let fails = move |stage: &Stage| match stage.name.as_str() {
            "body" => act.clone(),
            _ => Act::Usual,
        };
        let server = Fake::start(&[], NO_CUT, fails);
        dock.by_smtp(server.port);
        dock.at(&["2025-06-05T13:00:00Z", "2025-06-05T13:10:00Z"]);
        assert_eq!(dock.open(), Vec::<String>::new());
        let outbox = dock.says(&["outbox", "list", "--all", "--json"]);
        assert!(outbox.contains(said), "{outbox}");
        // asked again on another day, then a person is told, and that nothing reached the vendor
        dock.at(&["2025-06-09T13:00:00Z"]);
        assert_eq!(dock.open(), Vec::<String>::new());
        dock.desk.now("2025-06-10T21:05:00Z");
        dock.desk.run(&["process"]);
        let message = dock.silent()["message"].as_str().unwrap().to_owned();
        assert!(message.contains("did not reach it"), "{message}");
        dock.verify();
    }
}

#[test]
fn a_question_that_could_not_leave_is_not_sent_late() {
    let dock = Dock::new();
    dock.order("W1", &[("BF63-12163", 1)]);
    let busy = |stage: &Stage| match stage.name.as_str() {
        "MAIL" => Act::Say("451 4.7.1 come back later"),
        _ => Act::Usual,
    };
    let server = Fake::start(&[], NO_CUT, busy);
    dock.by_smtp(server.port);
    dock.at(&["2025-06-05T13:00:00Z", "2025-06-05T22:00:00Z"]);
    let outbox = dock
        .desk
        .run(&["outbox", "list", "--all", "--json"])
        .ok()
        .json();
    let rows = outbox["deliveries"].as_array().unwrap().iter();
    let asked: Vec<&str> = rows
        .filter(|row| row["kind"] == "po_chase")
        .filter_map(|row| row["state"].as_str())
        .collect();
    assert_eq!(asked, ["dropped"]);
    // it was never asked: the next morning it is, for the first time
    let server = Fake::start(&[], NO_CUT, |_| Act::Usual);
    let text = std::fs::read_to_string(dock.desk.path("poms.toml")).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with("port = "))
        .unwrap();
    let text = text.replace(line, &format!("port = {}", server.port));
    dock.desk.file("poms.toml", text.as_bytes());
    dock.at(&["2025-06-06T13:00:00Z"]);
    let taken = server.seen.lock().unwrap().taken.len();
    assert_eq!(taken, 1);
    dock.verify();
}

#[test]
fn a_vendor_with_a_fax_alone_is_asked_by_fax() {
    let dock =
        Dock::with("[delivery.fax]\nkind = \"gateway\"\naddress = \"{number}@fax.example\"\n");
    let vendors = format!(
        "{}FAXY,Faxy Tools,,+12075550100,fax,04101,1,15:00,America/New_York,\n",
        VENDORS
    );
    dock.desk.file("v.csv", vendors.as_bytes());
    dock.says(&["vendors", "import", "v.csv"]);
    let catalogue = format!(
        "{}TL-1,Hammer,Tools,FAXY,F-1,10.00,39.00,1.0,active,1\nTL-2,Saw,Tools,FAXY,F-2,10.00,39.00,1.0,active,1\n",
        CATALOGUE
    );
    dock.desk.file("c.csv", catalogue.as_bytes());
    dock.says(&["catalogue", "import", "c.csv"]);
    dock.order("W1", &[("TL-1", 1)]);
    dock.order("W2", &[("TL-2", 2)]);
    dock.at(&["2025-06-05T13:00:00Z", "2025-06-05T13:30:00Z"]);
    let outbox = dock
        .desk
        .run(&["outbox", "list", "--all", "--json"])
        .ok()
        .json();
    let rows = outbox["deliveries"].as_array().unwrap().iter();
    let asked: Vec<_> = rows.filter(|row| row["kind"] == "po_chase").collect();
    assert_eq!(asked.len(), 1, "{outbox:#}");
    assert_eq!(asked[0]["channel"], "fax");
    assert_eq!(asked[0]["to"][0], "+12075550100");
    assert_eq!(asked[0]["state"], "sent", "{outbox:#}");
    let paper = dock.says(&["outbox", "show", &asked[0]["id"].to_string()]);
    assert!(
        paper.contains("2 purchase orders wait for your answer"),
        "{paper}"
    );
    dock.verify();
}
