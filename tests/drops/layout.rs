//! Tables of vendors' own columns.

use super::{codes, names, run, site};
use crate::support::desk::TestDesk;
use serde_json::json;

const DROP: &str =
    "[[vendor_drop]]\nvendor = \"ACME\"\nkind = \"folder\"\npath = \"acme\"\nlayout = \"acme\"\n";

fn layout(columns: &str, more: &str) -> String {
    let label: Vec<String> = (1..=4)
        .map(|n| format!("\"A{n} = ship_to_line{n}\""))
        .collect();
    format!(
        "[[vendor_layout]]\nname = \"acme\"\n{more}columns = [\"PO, Nbr = po_number\", {columns}\"Item = vendor_sku\", \
         \"Qty = qty\", \"Name = ship_to_name\", {}]\n",
        label.join(", ")
    )
}

fn desk(layout: &str, documents: &str) -> TestDesk {
    let desk = site(&format!("{DROP}documents = {documents}\n{layout}"));
    desk.folder("acme");
    desk
}

#[test]
fn the_table_has_the_vendors_columns() {
    let own = layout(
        "\"Type = 'DS'\", \"Day = date\", \"Cost = unit_cost\", ",
        "date = \"%m/%d/%Y\"\ndecimal = \"comma\"\n",
    );
    let desk = desk(&own, "[\"csv\"]");
    run(&desk, "10:05");
    let text = std::fs::read_to_string(desk.path("acme/PO-W200001-1.csv")).unwrap();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(
        lines[0],
        "\"PO, Nbr\",Type,Day,Cost,Item,Qty,Name,A1,A2,A3,A4"
    );
    assert!(
        lines[1].starts_with("W200001-1,DS,06/02/2025,\"61,50\",AC-12163,3,César Bustos,"),
        "{}",
        lines[1]
    );
    let shown = desk
        .run(&["po", "show", "W200001-1", "--layout", "acme"])
        .ok();
    assert_eq!(shown.stdout.trim_end(), text.trim_end());
    desk.run(&["po", "show", "W200001-1", "--layout", "other"])
        .fails(2, &["there are: acme"]);
}

#[test]
fn a_tab_and_no_heading() {
    let desk = desk(
        &layout("", "separator = \"tab\"\nno_header = true\n"),
        "[\"csv\"]",
    );
    run(&desk, "10:05");
    let text = std::fs::read_to_string(desk.path("acme/PO-W200001-1.tsv")).unwrap();
    assert!(text.starts_with("W200001-1\tAC-12163\t3\t"), "{text}");
}

/// A mark or a wish for which there is no column would be lost.
#[test]
fn what_has_no_column_is_held_where_nothing_else_goes() {
    let mut gift = TestDesk::plain_order("W200002");
    gift["gift_message"] = json!("Happy birthday");
    gift["customer"]["email"] = json!("other@mail.example");
    let own = desk(&layout("", ""), "[\"csv\"]");
    own.order(&gift);
    run(&own, "10:05");
    assert_eq!(names(&own.path("acme")), ["PO-W200001-1.csv"]);
    assert_eq!(codes(&own), ["delivery_failed"]);
    let again = own.run(&["po", "resend", "W200001-1", "--note", "lost"]);
    assert!(
        again.code != 0 && again.stderr.contains("possible_duplicate"),
        "{}{}",
        again.stdout,
        again.stderr
    );
    let beside = desk(&layout("", ""), "[\"pdf\", \"csv\"]");
    beside.order(&gift);
    run(&beside, "10:05");
    assert_eq!(names(&beside.path("acme")).len(), 4);
}

#[test]
fn layouts_that_nobody_could_ship_by_are_refused_at_start() {
    let site = TestDesk::stocked();
    for (table, word) in [
        (
            layout("\"Colour = colour\", ", ""),
            "none of: po_number, line",
        ),
        (layout("\"Colour\", ", ""), "is no column"),
        (layout("", "date = \"%H\"\n"), "must be a pattern"),
        (
            "[[vendor_layout]]\nname = \"acme\"\ncolumns = [\"PO = po_number\"]\n".to_owned(),
            "no column for qty",
        ),
        (String::new(), "is the name of no [[vendor_layout]]"),
    ] {
        site.config(&format!("{DROP}{table}"));
        site.run(&["status"]).fails(2, &[word]);
    }
}
