//! A message that the server keeps back: the others go through, the message is named, and after
//! three runs it is a person's.

use crate::support::desk::TestDesk;
use crate::support::dovecot::{PASSWORD, USER};
use crate::support::imap_fake::{Fake, Stumble};

/// Three orders in an IMAP folder, UIDs 10 to 12; the server stumbles over the second.
fn three(how: Stumble) -> (TestDesk, Fake) {
    let desk = TestDesk::stocked();
    for number in ["W200001", "W200002", "W200003"] {
        let mut order = TestDesk::plain_order(number);
        order["customer"]["email"] = format!("{number}@mail.example").into();
        desk.order(&order);
    }
    let folder = std::fs::read_dir(desk.path("mail/orders/new")).expect("a folder");
    let mut files: Vec<_> = folder.map(|file| file.expect("a file").path()).collect();
    files.sort();
    let mails: Vec<Vec<u8>> = files
        .iter()
        .map(|file| std::fs::read(file).expect("a mail"))
        .collect();
    let fake = Fake::start(&mails);
    fake.state().stumbles = vec![(11, how)];
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("the configuration");
    let imap = format!(
        "kind = \"imap\"\nhost = \"127.0.0.1\"\nport = {}\nsecurity = \"none\"\n\
         user = \"{USER}\"\npassword = \"{PASSWORD}\"\ntimeout_seconds = 1",
        fake.port
    );
    let config = config.replacen("kind = \"maildir\"\npath = \"mail/orders\"", &imap, 1);
    desk.file("poms.toml", config.as_bytes());
    (desk, fake)
}

fn placed(desk: &TestDesk) -> Vec<String> {
    let list = desk.run(&["order", "list", "--json"]).ok().json();
    let orders = list["orders"].as_array().expect("orders").iter();
    let mut numbers: Vec<String> = orders
        .map(|order| order["order"].as_str().expect("a number").to_owned())
        .collect();
    numbers.sort();
    numbers
}

fn asked_for_the_bad_one(fake: &Fake) -> bool {
    let commands = &fake.state().commands;
    commands
        .iter()
        .any(|command| command.starts_with("UID FETCH 11 (UID BODY"))
}

fn exception(desk: &TestDesk) -> Option<(String, String)> {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let mut rows = list["exceptions"].as_array().expect("a list").iter();
    let row = rows.find(|row| row["code"] == "message_withheld")?;
    let text = row["message"].as_str().expect("a text").to_owned();
    Some((row["id"].to_string(), text))
}

#[test]
fn the_others_are_placed_and_after_three_runs_a_person_is_told() {
    for how in [Stumble::Stall, Stumble::Bye, Stumble::Half, Stumble::Bad] {
        let (desk, fake) = three(how);
        for run in 1..=3 {
            assert_eq!(exception(&desk), None, "{how:?}");
            let words = ["mailbox orders", "UID 11", "look at it with a mail client"];
            desk.run(&["process"]).fails(1, &words);
            assert_eq!(placed(&desk), ["W200001", "W200003"], "{how:?}, run {run}");
        }
        one_commit(&desk);
        let (id, text) = exception(&desk).expect("it is on the list");
        assert!(
            text.contains("keeps 1 of its messages back: UID 11"),
            "{text}"
        );
        let shown = desk.run(&["exceptions", "show", &id]).ok().stdout;
        assert!(shown.contains("mail client"), "{shown}");

        // left alone, and silent
        fake.state().commands.clear();
        desk.run(&["process"]).ok();
        assert!(!asked_for_the_bad_one(&fake), "{how:?}");
        let check = desk.run(&["check"]);
        assert_eq!(check.code, 1);
        assert!(
            check.stdout.contains("WRONG mailbox orders"),
            "{}",
            check.stdout
        );
        assert!(check.stdout.contains("UID 11"), "{}", check.stdout);

        // a day later the server gives it
        fake.state().stumbles.clear();
        desk.now("2025-06-03T10:06:00Z").run(&["process"]).ok();
        assert_eq!(placed(&desk), ["W200001", "W200002", "W200003"], "{how:?}");
        assert_eq!(exception(&desk), None, "it ends by itself");
        desk.run(&["check"]).ok();
        desk.run(&["verify"]).ok();
    }
}

/// The first try is counted in the transaction that stores the others.
fn one_commit(desk: &TestDesk) {
    let ledger = crate::support::scene::open(&desk.path("poms.db"));
    let seal: String = ledger
        .query_row(
            "SELECT payload FROM audit WHERE kind = 'seal' AND seq > \
             (SELECT min(seq) FROM audit WHERE kind = 'mailbox.withheld') ORDER BY seq LIMIT 1",
            [],
            |row| row.get(0),
        )
        .expect("a seal");
    let sealed = |table: &str| seal.lines().any(|line| line.starts_with(table));
    assert!(sealed("withheld ") && sealed("message "), "{seal}");
}

/// Three runs that fail at the bad message: the exception's number.
fn stuck(desk: &TestDesk) -> String {
    for _ in 0..3 {
        assert_eq!(desk.run(&["process"]).code, 1);
    }
    exception(desk).expect("it is on the list").0
}

#[test]
fn a_person_can_have_it_asked_for_again_or_take_note() {
    let (desk, fake) = three(Stumble::Close);
    let id = stuck(&desk);
    let retry = ["exceptions", "resolve", &id, "--retry", "--note", "mended"];
    let said = desk.run(&retry).ok().stdout;
    assert!(
        said.contains("The next `poms process` asks mailbox orders"),
        "{said}"
    );
    fake.state().commands.clear();
    assert_eq!(desk.run(&["process"]).code, 1);
    assert!(asked_for_the_bad_one(&fake));
    assert_eq!(desk.run(&["process"]).code, 1);
    let (id, _) = exception(&desk).expect("it is on the list again");
    let dismiss = ["exceptions", "resolve", &id, "--dismiss", "--note", "spam"];
    desk.run(&dismiss).ok();
    // known, and told no more; a day later it is tried in silence
    desk.run(&["process"]).ok();
    fake.state().commands.clear();
    desk.now("2025-06-03T10:06:00Z").run(&["process"]).ok();
    assert!(asked_for_the_bad_one(&fake));
    assert_eq!(exception(&desk), None);
}

#[test]
fn what_a_person_moves_away_ends_by_itself() {
    let (desk, fake) = three(Stumble::Nothing);
    stuck(&desk);
    fake.state().inbox.retain(|(uid, _)| *uid != 11);
    desk.run(&["process"]).ok();
    assert_eq!(exception(&desk), None);
    desk.run(&["check"]).ok();
}
