//! Files that are not what they should be: each answer names the place and what to do.

use super::morning;
use crate::support::desk::{CATALOGUE, TestDesk};

const HEAD: &str = "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight";

/// A catalogue file's content, and words of the answer.
const CATALOGUES: &[(&[u8], &[&str])] = &[
    (b"", &["the file is empty", "sku,description,category"]),
    (
        b"sku,description\nA,b\n",
        &["missing in the header: category, vendor_id"],
    ),
    (
        b"SKU Number,description\nA,b\n",
        &["sku (the nearest header is 'sku_number')"],
    ),
    (b"sku;description\nA;b\n", &["separated by ';'"]),
    (b"\xff\xfes\0k\0u\0", &["CSV UTF-8"]),
    (b"PK\x03\x04\x14\x00", &["CSV UTF-8"]),
    (b"PK\x03\x04 spreadsheet", &["CSV UTF-8"]),
];

/// One row below [`HEAD`], and words of the answer.
const ROWS: &[(&[u8], &[&str])] = &[
    (
        b"A,x,y,ACME,v,abc,2.00,1\n",
        &["line 2, column cost: 'abc'", "1234.50"],
    ),
    (
        b"A,x,y,ACME,v,1.00,-2.00,1\n",
        &["line 2, column retail_price: '-2.00' is negative"],
    ),
    (
        b"A,x,y,ACME,v,1.00,2.00,1\nA,x,y,ACME,v,1.00,2.00,1\n",
        &["line 3", "stands on line 2 already"],
    ),
    (
        b"A,\xff,y,ACME,v,1.00,2.00,1\n",
        &["line 2, column description", "not UTF-8"],
    ),
    (b"A,x,y,ACME,v\n", &["line 2: has 5 columns, the header 8"]),
    (
        b",x,y,ACME,v,1.00,2.00,1\n",
        &["line 2, column sku: is empty"],
    ),
];

fn refuses(desk: &TestDesk, command: &str, content: &[u8], words: &[&str]) {
    desk.file("wrong.csv", content);
    let all = [&["wrong.csv", "nothing was imported"][..], words].concat();
    desk.run(&[command, "import", "wrong.csv"]).fails(1, &all);
}

#[test]
fn a_wrong_csv_is_refused_whole_by_line_and_column() {
    let desk = TestDesk::stocked();
    let before = desk.run(&["catalogue", "list"]).ok().stdout;
    for (content, words) in CATALOGUES {
        refuses(&desk, "catalogue", content, words);
    }
    for (row, words) in ROWS {
        let content = [HEAD.as_bytes(), b"\n", row].concat();
        refuses(&desk, "catalogue", &content, words);
    }
    refuses(
        &desk,
        "vendors",
        CATALOGUE.as_bytes(),
        &["missing in the header: id, name"],
    );
    let vendor = b"id,name,email,fax,channel,zip\nX,Xco,,,email,1\n";
    refuses(
        &desk,
        "vendors",
        vendor,
        &["the channel needs an address", "'1' is not a ZIP"],
    );
    assert_eq!(desk.run(&["catalogue", "list"]).ok().stdout, before);
}

#[test]
fn a_vendor_who_is_not_on_file_is_named_and_no_error() {
    let desk = TestDesk::stocked();
    let rows = "A-1,x,y,NOBODY,v,1.00,2.00,1\nA-2,x,y,ACME,v,1.00,2.00,1\n";
    desk.file("new.csv", format!("{HEAD}\n{rows}").as_bytes());
    let said = desk.run(&["catalogue", "import", "new.csv"]).ok().stdout;
    assert!(said.contains("vendor NOBODY is not on file"), "{said}");
    assert!(!said.contains("vendor ACME"), "{said}");
}

#[test]
fn files_and_folders_that_are_not_there_are_named() {
    let desk = morning();
    std::fs::create_dir(desk.path("folder")).unwrap();
    desk.file("there.db", b"x");
    for (args, words) in [
        (
            &["catalogue", "import", "no.csv"][..],
            &["cannot read no.csv"][..],
        ),
        (
            &["catalogue", "import", "folder"],
            &["cannot read folder", "it is a folder"],
        ),
        (&["import-advices", "no.csv"], &["no.csv: cannot be read"]),
        (
            &["import-advices", "folder"],
            &["folder: cannot be read: it is a folder"],
        ),
        (&["import-invoices", "no.csv"], &["no.csv: cannot be read"]),
        (&["import-invoices", "folder"], &["folder: cannot be read"]),
        (
            &["backup", "there.db"],
            &["there.db exists", "name a file that does not"],
        ),
        (
            &["backup", "nowhere/x.db"],
            &["there is no folder nowhere", "make it first"],
        ),
        (&["backup", "folder"], &["folder exists"]),
        (
            &["demo", "there.db"],
            &["there.db is no folder", "poms demo DIR"],
        ),
        (&["demo", "."], &["holds something else than a demo"]),
        (&["init", "."], &["exist already: ./poms.toml"]),
        (
            &["po", "pdf", "W200001-1", "-o", "there.db"],
            &["is not overwritten"],
        ),
    ] {
        desk.run(args).fails(1, words);
    }
}

#[test]
fn a_wrong_configuration_is_answered_by_line_and_what_is_allowed() {
    let desk = TestDesk::stocked();
    for (more, words) in [
        (
            "[rules]\nstale_order = { days = 3 }",
            &[
                "stale_order.days",
                "nearest is max_days",
                "takes max_days, severity",
            ][..],
        ),
        (
            "[rules]\nstale_order = { max_days = \"3\" }",
            &["max_days = \"3\"", "whole number"],
        ),
        (
            "[rules]\nunkown_sku = { severity = \"off\" }",
            &["nearest is unknown_sku"],
        ),
        (
            "[rules]\nunknown_sku = \"off\"",
            &["write a table", "severity"],
        ),
        (
            "[rules]\nunknown_sku = { severity = \"none\" }",
            &["\"hold\", \"warn\" or \"off\""],
        ),
        (
            "[rules]\norder_value_limit = { max = 5000 }",
            &["an amount", "\"500.00\""],
        ),
        ("[sight]\n", &["sight", "nearest known one is 'site'"]),
        ("[promise]\nknd = \"table\"", &["no key 'knd'", "'kind'"]),
        ("hello world", &["is not TOML"]),
    ] {
        desk.config(more);
        desk.run(&["status"]).fails(2, words);
    }
}
