//! Files in, by hand and from the watched folder, and files out.

use super::scenes::{HEAD, import, open, resolve, ship, site};

#[test]
fn what_cannot_be_read_is_named_and_the_rest_goes_through() {
    let desk = site("");
    let rows = "Acme Home Goods,A-1,2025-06-03,W200001-1,BF63-12163,1,61.50,,61.50\n\
                Acme Home Goods,A-2,2025-13-03,W200001-1,BF63-12163,1,61.50,,61.50\n";
    let report = import(&desk, "b.csv", rows);
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
