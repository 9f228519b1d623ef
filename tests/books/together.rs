//! Two who do the same at once: bookkeepers, and the run that takes the watched folder in. The
//! import holds no lock of the run's; what keeps it safe is that a file is one transaction that
//! begins by taking the ledger's writing lock, in which it is compared with all that is on file.

use super::scenes::{HEAD, ship, site};
use crate::support::desk::{Output, TestDesk};

/// Four bills of one file, each a bill of its own, on a site with three lamps ordered.
const ROWS: &str = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,1,61.50,,61.50\n\
                    Acme Home Goods,A-2,2025-06-04,W200001-1,BF63-12163,1,61.50,,61.50\n\
                    Acme Home Goods,A-3,2025-06-05,W200001-1,BF63-12163,1,65.00,,65.00\n\
                    Nobody Known,A-4,2025-06-05,,X,1,5.00,,5.00\n";

fn invoices(desk: &TestDesk) -> Vec<serde_json::Value> {
    let list = desk.run(&["invoice", "list", "--json"]).ok().json();
    list["invoices"].as_array().expect("a list").clone()
}

#[test]
fn the_same_file_by_two_bookkeepers_and_the_run_is_taken_once() {
    for _ in 0..4 {
        let desk = site("");
        ship(&desk, 3);
        std::fs::create_dir_all(desk.path("in")).expect("a folder");
        desk.config("[invoicing]\nfolder = \"in\"");
        let file = format!("{HEAD}{ROWS}");
        desk.file("in/b.csv", file.as_bytes());
        desk.file("b.csv", file.as_bytes());
        // the same bills in other bytes, as another export of the same day has them
        desk.file("other.csv", format!("{file}\n").as_bytes());
        let done = desk.run_together(&[
            &["process"],
            &["import-invoices", "b.csv"],
            &["import-invoices", "other.csv"],
            &["import-invoices", "b.csv", "other.csv"],
        ]);
        for one in done {
            assert_eq!((one.code, one.stderr.as_str()), (0, ""), "{}", one.stdout);
        }
        let found = invoices(&desk);
        let mut numbers: Vec<&str> = found
            .iter()
            .filter_map(|one| one["number"].as_str())
            .collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["A-1", "A-2", "A-3", "A-4"]);
        assert!(
            found.iter().all(|one| one["state"] != "duplicate"),
            "{found:#?}"
        );
        assert!(desk.path("in/done/b.csv").exists());
        desk.run(&["verify"]).ok();
    }
}

#[test]
fn two_exports_at_once_let_no_bill_out_twice() {
    for _ in 0..4 {
        let desk = site("");
        ship(&desk, 3);
        desk.file("b.csv", format!("{HEAD}{ROWS}").as_bytes());
        desk.run(&["import-invoices", "b.csv"]).ok();
        let june = |file| {
            let period = [
                "--from",
                "2025-06-01",
                "--to",
                "2025-06-30",
                "--json",
                "-o",
                file,
            ];
            [&["export", "bills"][..], &period].concat()
        };
        let commands = [june("one.csv"), june("two.csv"), june("one.csv")];
        let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
        // the third may find its name taken: then it let nothing out
        let exported = |said: &Output| match said.code {
            0 => said.json()["exported"].as_array().map_or(0, Vec::len),
            _ => 0,
        };
        let out: Vec<usize> = desk.run_together(&commands).iter().map(exported).collect();
        assert_eq!(out.iter().sum::<usize>(), 2, "{out:?}");
        let rows = |file: &str| {
            let text = std::fs::read_to_string(desk.path(file)).unwrap_or_default();
            text.lines()
                .skip(1)
                .map(|line| line[..3].to_owned())
                .collect::<Vec<_>>()
        };
        let mut all = [rows("one.csv"), rows("two.csv")].concat();
        all.sort();
        assert_eq!(all, ["A-1", "A-2"]);
        assert!(!desk.path("one.csv.part").exists() && !desk.path("two.csv.part").exists());
    }
}
