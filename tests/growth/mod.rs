//! Growth: twice as much of anything costs little more than twice the work. What is counted is no time but
//! the instructions of SQLite's machine, over all statements of a command, as the ledger counts them in
//! builds with debug assertions (`src/ledger/work.rs`).

mod stock;

use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, output};
use stock::Stock;

/// The day on which the stock is made, and the next one.
pub const TODAY: &str = "2025-06-02T10:05:00Z";
const SOON: &str = "2025-06-02T10:15:00Z";
/// When vendors are late.
const LATE: &str = "2025-06-20T15:00:00Z";

/// Something of which there is `n`, and a command whose work is counted.
#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    make: fn(&Scene, usize),
    args: &'static [&'static str],
    now: &'static str,
    /// The smallest of the three sizes; the next is twice, the last four times as much.
    size: usize,
}

const fn case(
    name: &'static str,
    make: fn(&Scene, usize),
    args: &'static [&'static str],
    now: &'static str,
) -> Case {
    Case {
        name,
        make,
        args,
        now,
        size: 60,
    }
}

const PROCESS: &[&str] = &["process"];

/// In the place of arguments: the numbers of all exceptions that the stock has.
const EACH: &str = "EACH";

const CASES: &[Case] = &[
    case("a run, held orders", stock::held, PROCESS, SOON),
    case(
        "a run, purchase orders that wait",
        stock::placed,
        PROCESS,
        SOON,
    ),
    case(
        "a run, purchase orders that are late",
        stock::placed,
        PROCESS,
        LATE,
    ),
    case(
        "a run, bills that wait for goods",
        stock::billed,
        PROCESS,
        SOON,
    ),
    case(
        "a run, bills without a purchase order",
        stock::strange_bills,
        PROCESS,
        SOON,
    ),
    case(
        "a run, orders left by a run that died",
        stock::received,
        PROCESS,
        SOON,
    ),
    Case {
        size: 12,
        ..case("a run, foreign mails", stock::foreign_mails, PROCESS, SOON)
    },
    Case {
        size: stock::LATER / 4,
        ..case("a run, new orders", stock::new_orders, PROCESS, SOON)
    },
    Case {
        size: stock::LATER / 4,
        ..case(
            "a run, new orders by a strategy",
            stock::new_orders_by_strategy,
            PROCESS,
            SOON,
        )
    },
    case(
        "bills of a file",
        stock::bill_file,
        &["import-invoices", "bills.csv"],
        SOON,
    ),
    case(
        "bills of a file once more",
        stock::billed,
        &["import-invoices", "bills.csv"],
        SOON,
    ),
    case(
        "bills that are on file",
        stock::billed,
        &["invoice", "list", "--limit", "1000"],
        SOON,
    ),
    case(
        "exceptions list",
        stock::held,
        &["exceptions", "list"],
        SOON,
    ),
    case(
        "exceptions list --all",
        stock::held,
        &["exceptions", "list", "--all"],
        SOON,
    ),
    case(
        "exceptions show",
        stock::held,
        &["exceptions", "show", "1"],
        SOON,
    ),
    case(
        "exceptions resolve",
        stock::held,
        &["exceptions", "resolve", "1", "--retry", "--note", "x"],
        SOON,
    ),
    Case {
        size: 12,
        ..case(
            "exceptions resolve, all of them at once",
            stock::held,
            &["exceptions", "resolve", EACH, "--release", "--note", "x"],
            SOON,
        )
    },
    case(
        "answers and advices of a file",
        stock::advice_files,
        &["import-advices", "answers.csv", "advices.csv"],
        SOON,
    ),
    case(
        "advices of a file once more",
        stock::shipped,
        &["import-advices", "advices.csv"],
        SOON,
    ),
    case(
        "shipment list",
        stock::shipped,
        &["shipment", "list", "--limit", "1000"],
        SOON,
    ),
    case("a run, goods that left", stock::shipped, PROCESS, SOON),
    case(
        "recover",
        stock::unanchored,
        &["recover", "--note", "x"],
        SOON,
    ),
    case(
        "order list",
        stock::placed,
        &["order", "list", "--limit", "1000"],
        SOON,
    ),
    case(
        "order search, a name that all have",
        stock::searchable,
        &["order", "search", "Bustos"],
        SOON,
    ),
    case(
        "order search, a name",
        stock::placed,
        &["order", "search", "Bustos"],
        SOON,
    ),
    case(
        "order search, a number",
        stock::placed,
        &["order", "search", "W200001"],
        SOON,
    ),
    case(
        "order show",
        stock::placed,
        &["order", "show", "W200001"],
        SOON,
    ),
    case(
        "po list",
        stock::placed,
        &["po", "list", "--limit", "1000"],
        SOON,
    ),
    case("po show", stock::placed, &["po", "show", "W200001-1"], SOON),
    case(
        "outbox list",
        stock::placed,
        &["outbox", "list", "--all", "--limit", "1000"],
        SOON,
    ),
    case("status", stock::placed, &["status"], LATE),
    case(
        "report money-at-risk",
        stock::billed,
        &["report", "money-at-risk"],
        SOON,
    ),
    case("report margin", stock::billed, &["report", "margin"], SOON),
    case(
        "report payables",
        stock::billed,
        &["report", "payables"],
        SOON,
    ),
    case(
        "report refunds-due",
        stock::placed,
        &["report", "refunds-due"],
        SOON,
    ),
    case("verify, orders", stock::placed, &["verify"], SOON),
    case("verify, exceptions", stock::held, &["verify"], SOON),
    case("verify, bills", stock::billed, &["verify"], SOON),
];

/// What a command costs with `n` of it.
fn work(base: &Scene, case: &Case, n: usize) -> i64 {
    let scene = base.again();
    (case.make)(&scene, n);
    let each: Vec<String> = (1..=n)
        .map(|place| (place * 1000 + 1).to_string())
        .collect();
    let args: Vec<&str> = case
        .args
        .iter()
        .flat_map(|arg| match *arg {
            EACH => each.iter().map(String::as_str).collect(),
            arg => vec![arg],
        })
        .collect();
    let mut command = scene.command(POMS, &args, case.now);
    command.env("POMS_COUNT_WORK", scene.path("work"));
    let done = output(command);
    let fine = matches!(done.code, 0 | 1) && !done.stderr.contains("a fault inside poms");
    assert!(fine, "{}: {}{}", case.name, done.stdout, done.stderr);
    let counted = std::fs::read_to_string(scene.path("work")).unwrap();
    counted.parse().unwrap()
}

#[test]
fn twice_as_much_costs_little_more_than_twice_the_work() {
    let base = stock::base();
    let only = std::env::var("POMS_GROWTH").unwrap_or_default();
    let mut steep = Vec::new();
    for case in CASES.iter().filter(|case| case.name.contains(&only)) {
        let [one, two, four] = [1, 2, 4].map(|times| work(&base, case, case.size * times));
        // what does not depend on the size is left out: it would hide what grows
        let (first, second) = (two - one, four - two);
        println!("{:<45} {one:>9} {two:>9} {four:>9}", case.name);
        if second * 10 > first.max(0) * 23 + 10_000 {
            steep.push(format!("{}: {one}, {two}, {four}", case.name));
        }
    }
    assert_eq!(steep, Vec::<String>::new());
}

#[test]
fn what_the_years_have_closed_is_not_looked_at() {
    let base = stock::base();
    for args in [
        &["report", "money-at-risk"][..],
        &["exceptions", "list"],
        &["status"],
        PROCESS,
    ] {
        let of = case("closed orders", stock::closed, &[], SOON);
        let [few, many] = [60, 600].map(|n| work(&base, &Case { args, ..of }, n));
        println!("{args:?}: {few}, {many}");
        // ten times as much
        assert!(many < few * 2, "{args:?}: {few}, {many}");
    }
}

/// That the count sees what grows with the square.
#[test]
fn the_count_sees_a_square() {
    let base = stock::base();
    let counted = |n| {
        let scene = base.again();
        stock::placed(&scene, n);
        let pairs = "SELECT count(*) FROM orders a, orders b WHERE a.email || b.email = ''";
        Stock::of(&scene).steps(pairs)
    };
    let (one, two, four) = (counted(60), counted(120), counted(240));
    assert!((four - two) * 10 > (two - one) * 30, "{one}, {two}, {four}");
}

/// A desk with one order of each kind, from which the stock is copied.
fn desk() -> TestDesk {
    let desk = TestDesk::stocked();
    desk.now(TODAY);
    let mut held = TestDesk::plain_order("W200002");
    held["ship_to"]["zip"] = serde_json::json!("02139");
    held["customer"]["email"] = serde_json::json!("held@mail.example");
    desk.order(&held);
    desk.order(&TestDesk::plain_order("W200001"));
    desk.run(&["process"]).ok();
    stock::keep_for_later(&desk);
    desk
}
