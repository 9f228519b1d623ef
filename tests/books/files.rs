//! Files in, by hand and from the watched folder, and files out.

use super::scenes::{HEAD, import, open, resolve, ship, site};
use crate::support::desk::TestDesk;

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_through() {
    let desk = site("");
    let rows = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,1,61.50,,61.50\n\
                Acme Home Goods,A-2,2025-13-03,W200001-1,BF63-12163,1,61.50,,61.50\n";
    desk.file("b.csv", format!("{HEAD}{rows}").as_bytes());
    let said = desk.run(&["import-invoices", "b.csv", "--json"]);
    assert_eq!(said.code, 1);
    assert!(
        said.stderr.contains("b.csv:3: not taken: ") && said.stderr.lines().count() == 1,
        "{}",
        said.stderr
    );
    let report = said.json();
    assert_eq!(report["files"][0]["errors"][0]["line"], 3);
    assert_eq!(report["files"][0]["matched"], 1);
    desk.file("note.txt", b"Dear Sir,\nplease pay.\n");
    let said = desk.run(&["import-invoices", "note.txt", "b.csv"]);
    assert_eq!(said.code, 1);
    assert!(
        said.stderr.contains("note.txt: no header row"),
        "{}",
        said.stderr
    );
    assert!(said.stdout.contains("nothing changed"), "{}", said.stdout);
    let wrong = "Acme Home Goods,A-3,2025-06-03,W200001-1,BF63-12163,1,61.50,,70.00\n";
    desk.file("w.csv", format!("{HEAD}{wrong}").as_bytes());
    let said = desk.run(&["import-invoices", "w.csv"]);
    assert_eq!(said.code, 1, "{}{}", said.stdout, said.stderr);
    assert!(
        said.stderr.contains("70.00") && said.stderr.contains("61.50"),
        "{}",
        said.stderr
    );
}

#[test]
fn a_rehearsal_leaves_no_trace() {
    let desk = site("");
    desk.file(
        "b.csv",
        format!("{HEAD}Nobody,A-1,2025-06-03,,X,1,5.00,,5.00\n").as_bytes(),
    );
    let before = desk.run(&["verify", "--json"]).ok().json();
    let said = desk.run(&["import-invoices", "b.csv", "--dry-run"]).ok();
    assert!(
        said.stdout.contains("1 unmatched") && said.stdout.contains("nothing was written"),
        "{}",
        said.stdout
    );
    assert_eq!(before, desk.run(&["verify", "--json"]).ok().json());
    assert_eq!(open(&desk), []);
}

#[test]
fn the_watched_folder_is_emptied_and_no_file_is_lost() {
    let desk = site("");
    let dir = desk.path("in");
    desk.config("[invoicing]\nfolder = \"in\"");
    desk.run(&["process"])
        .fails(1, &["folder of invoices", "cannot be read"]);
    std::fs::create_dir_all(dir.join("done")).expect("a folder");
    std::fs::write(dir.join("done/b.csv"), "an earlier one").expect("written");
    let row = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,1,61.50,,61.50\n";
    desk.file("in/b.csv", format!("{HEAD}{row}").as_bytes());
    desk.file("in/letter.txt", b"nothing");
    desk.file("in/.hidden.csv", b"half");
    let rehearsed = desk.run(&["process", "--dry-run", "--json"]).json();
    assert_eq!(rehearsed["invoices"]["taken"], 1);
    assert!(dir.join("b.csv").exists());
    let said = desk.run(&["process", "--json"]);
    assert_eq!(said.code, 1);
    assert!(
        said.stderr.contains("letter.txt") && said.stderr.contains("failed/letter.txt"),
        "{}",
        said.stderr
    );
    assert_eq!(said.json()["invoices"]["taken"], 1);
    let kept = std::fs::read_to_string(dir.join("done/b.csv")).expect("kept");
    assert_eq!(kept, "an earlier one");
    assert!(dir.join("done/b.2.csv").exists() && dir.join("failed/letter.txt").exists());
    assert!(dir.join(".hidden.csv").exists());
    desk.run(&["process"]).ok();
    desk.run(&["verify"]).ok();
}

#[test]
fn each_bill_goes_to_the_books_once() {
    let desk = site("");
    ship(&desk, 3);
    let rows = "Acme Home Goods,=1+1,2025-06-03,W200001-1,BF63-12163,2,61.50,,123.00\nAcme Home Goods,A-2,2025-06-04,W200001-1,BF63-12163,1,70.00,,70.00\n";
    import(&desk, "b.csv", rows);
    let june = ["--from", "2025-06-01", "--to", "2025-06-30", "-o"];
    let export = |kind: &str, file: &str, more: &[&str]| {
        let mut args = vec!["export", kind];
        args.extend(june);
        args.push(file);
        args.extend(more);
        desk.run(&args)
    };
    // the second one waits for a person
    let said = export("bills", "june.csv", &[]).ok().stdout;
    assert!(said.contains("1 bills, $123.00"), "{said}");
    let csv = std::fs::read_to_string(desk.path("june.csv")).expect("the file");
    assert!(csv.starts_with("*BillNo,*Vendor,"), "{csv}");
    assert!(csv.contains("\n'=1+1,Acme Home Goods,06/03/2025,"), "{csv}");
    assert!(
        export("bills", "june.csv", &[])
            .ok()
            .stdout
            .contains("nothing was written")
    );
    let id = open(&desk)[0].1;
    resolve(&desk, id, &["--release"]);
    export("bills", "june.csv", &[]).fails(1, &["exists already"]);
    let said = export("bills", "rest.csv", &[]).ok().stdout;
    assert!(
        said.contains("1 bills, $70.00") && said.contains("1 of this period went out before"),
        "{said}"
    );
    let said = export("bills", "all.csv", &["--again"]).ok().stdout;
    assert!(said.contains("2 bills, $193.00"), "{said}");
    assert!(
        export("credits", "none.csv", &[])
            .ok()
            .stdout
            .contains("No matched credit")
    );
    desk.run(&["verify"]).ok();
}

/// QuickBooks Desktop's "Unpaid Bills Detail": it has only what is open.
fn unpaid(rows: &str) -> String {
    format!(
        ",,Type,,Date,,Num,,P. O. #,,Due Date,,Aging,,Open Balance\r\n{rows}TOTAL,,,,,,,,,,,,,,\r\n"
    )
}

fn unpaid_row(number: &str, open: &str) -> String {
    format!(
        "Acme Home Goods,,,,,,,,,,,,,,\r\n,,Bill,,06/03/25,,{number},,W200001-1,,07/03/25,,,,{open}\r\n\
         Total Acme Home Goods,,,,,,,,,,,,,,{open}\r\n"
    )
}

fn take(desk: &TestDesk, name: &str, text: &str) -> serde_json::Value {
    desk.file(name, text.as_bytes());
    let report = desk.run(&["import-invoices", name, "--json"]).ok().json();
    report["files"][0].clone()
}

fn billed(desk: &TestDesk) -> String {
    let report = desk.run(&["report", "payables", "--json"]).ok().json();
    report["totals"]["bills"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn what_is_open_of_a_part_paid_bill_is_that_bill() {
    let desk = site("[invoicing]\ndates = \"mdy\"");
    ship(&desk, 3);
    let first = take(&desk, "june.csv", &unpaid(&unpaid_row("A-1", "184.50")));
    assert_eq!((&first["bills"], &first["matched"]), (&1.into(), &1.into()));
    // part of it was paid in QuickBooks since, and then more
    for (name, open) in [("july.csv", "100.00"), ("august.csv", "0.50")] {
        let later = take(&desk, name, &unpaid(&unpaid_row("a-1", open)));
        assert_eq!(
            (&later["again"], &later["duplicates"]),
            (&1.into(), &0.into()),
            "{later:#}"
        );
    }
    assert_eq!(open(&desk), []);
    assert_eq!(billed(&desk), "184.50");
    // more open than it ever was is no payment: a person looks
    let more = take(&desk, "more.csv", &unpaid(&unpaid_row("A-1", "190.00")));
    assert_eq!(more["duplicates"], 1, "{more:#}");
    // what has no number may be the rest of one, or another: a person looks
    take(&desk, "none.csv", &unpaid(&unpaid_row("", "61.50")));
    assert_eq!(billed(&desk), "246.00");
    let rest = take(&desk, "rest.csv", &unpaid(&unpaid_row("", "30.00")));
    assert_eq!(rest["duplicates"], 1, "{rest:#}");
    assert_eq!(billed(&desk), "246.00");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_bill_first_seen_part_paid_is_counted_whole_when_a_person_says_so() {
    let desk = site("[invoicing]\ndates = \"mdy\"");
    ship(&desk, 3);
    take(&desk, "june.csv", &unpaid(&unpaid_row("A-1", "100.00")));
    assert_eq!(billed(&desk), "100.00");
    let rows = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,3,61.50,,184.50\n";
    import(&desk, "whole.csv", rows);
    let found = open(&desk);
    assert!(
        found.len() == 1 && found[0].2.contains("is the whole of invoice 1"),
        "{found:?}"
    );
    resolve(&desk, found[0].1, &["--release"]);
    assert_eq!(open(&desk), []);
    assert_eq!(billed(&desk), "184.50");
    // both files again change nothing
    take(&desk, "june.csv", &unpaid(&unpaid_row("A-1", "100.00")));
    take(&desk, "later.csv", &unpaid(&unpaid_row("A-1", "20.00")));
    import(&desk, "whole.csv", rows);
    assert_eq!((open(&desk), billed(&desk)), (vec![], "184.50".to_owned()));
    desk.run(&["verify"]).ok();
}
