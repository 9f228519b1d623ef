//! Mapping files that are wrong: refused whole, each fault with its line and what to do.

use poms::formats::mapped::parse;

/// A mapping of a table that is right; each test spoils it.
const RIGHT: &str = r#"about = "x"
[document]
kind = "table"
headings = ["Number", "Article"]
[gate]
always = "place"
[order]
order_number = "Number"
date = "Date"
currency = { constant = "USD" }
customer.name = "Name"
ship_to.street1 = "Street"
ship_to.city = "City"
ship_to.zip = "ZIP"
ship_to.country = { constant = "US" }
total = "Total"
[line]
sku = "Article"
qty = "Pieces"
unit_price = "Price"
"#;

fn faults(text: &str) -> String {
    match parse("shop", text) {
        Ok(_) => String::new(),
        Err(faults) => faults.iter().map(|fault| format!("{fault}\n")).collect(),
    }
}

/// What stands there, what is put in its place, and what is said of it.
const WRONG: [(&str, &str, &str); 26] = [
    (
        "order_number = \"Number\"\n",
        "",
        "7: order: maps no order_number, without which there is no order",
    ),
    (
        "total = \"Total\"\n",
        "",
        "maps no total, without which there is no order: total = { sum = true }",
    ),
    (
        "unit_price = \"Price\"\n",
        "",
        "maps neither unit_price (of one) nor amount",
    ),
    (
        "unit_price = \"Price\"\n",
        "unit_price = \"Price\"\namount = \"Sum\"\n",
        "maps both unit_price and amount",
    ),
    (
        "sku = \"Article\"",
        "skku = \"Article\"",
        "18: line.skku: is no field that poms knows; the nearest is 'sku'",
    ),
    ("[gate]\nalways = \"place\"\n", "", "1: has no table [gate]"),
    (
        "always = \"place\"",
        "from = \"Status\"",
        "place lists no word",
    ),
    (
        "always = \"place\"",
        "from = \"Status\"\nplace = [\"paid\"]\nhold = [\"Paid\"]",
        "\"Paid\" is listed twice",
    ),
    ("always = \"place\"", "always = \"hold\"", "needs from"),
    (
        "total = \"Total\"",
        "total = { from = \"Total\", numbers = \"1.2\" }",
        "order.total.numbers: must be one of 1234.56  1,234.56",
    ),
    (
        "date = \"Date\"",
        "date = { from = \"Date\", dates = \"DD.MM.YYYY\" }",
        "9: order.date: is written as DD.MM.YYYY, which has no offset: say timezone",
    ),
    (
        "date = \"Date\"",
        "date = { from = \"Date\", dates = \"DD.QQ.YYYY\" }",
        "has the letter Q",
    ),
    (
        "sku = \"Article\"",
        "sku = { from = \"Article\", lookup = \"skus\" }",
        "line.sku looks up in [lookup.skus], which is not there",
    ),
    (
        "total = \"Total\"",
        "total = \"Total\"\nshipping = \"total\"",
        "order.total and order.shipping come from the same place",
    ),
    (
        "customer.name = \"Name\"",
        "customer.name = \"Name\"\n\"customer.name\" = \"Other\"",
        "is mapped twice, in line 11 as well",
    ),
    (
        "kind = \"table\"",
        "kind = \"xml\"",
        "kind must be \"table\"",
    ),
    (
        "headings = [\"Number\", \"Article\"]",
        "headings = [\"Number\"]",
        "headings must name two or more",
    ),
    (
        "kind = \"table\"",
        "kind = \"table\"\norders = \"x\"",
        "4: document.orders: says nothing of a document of the kind \"table\"",
    ),
    (
        "total = \"Total\"",
        "total = { from = \"Total\", constant = \"1\" }",
        "needs one of from",
    ),
    (
        "total = \"Total\"",
        "total = { fro = \"Total\" }",
        "order.total.fro: is no key here; the nearest known one is 'from'",
    ),
    (
        "order_number = \"Number\"",
        "order_number = { constant = \"1\" }",
        "must come from the document",
    ),
    (
        "sku = \"Article\"",
        "sku = \"Article\"\nsku = \"Other\"",
        "19: is not TOML",
    ),
    (
        "about = \"x\"",
        "abut = \"x\"",
        "1: abut: is no key here; the nearest known one is 'about'",
    ),
    (
        "kind = \"table\"",
        "kind = \"table\"\nencoding = \"latin-9000\"",
        "4: document.encoding: is no character set that poms knows",
    ),
    (
        "kind = \"table\"",
        "kind = \"table\"\ntimezone = \"Mars\"",
        "is not an IANA time zone",
    ),
    (
        "unit_price = \"Price\"",
        "unit_price = \"Price\"\ntax = \"VAT\"\n[options]\n\"Size\" = \"\"",
        "line.options",
    ),
];

#[test]
fn each_fault_is_named_with_its_line_and_what_to_do() {
    assert_eq!(faults(RIGHT), "");
    for (from, to, said) in WRONG {
        let text = RIGHT.replacen(from, to, 1);
        assert_ne!(text, RIGHT, "{from}");
        let found = faults(&text);
        let fits = match said {
            "line.options" => found.contains("options.Size: is empty"),
            said => found.contains(said),
        };
        assert!(fits, "no '{said}' in {found}");
    }
}

#[test]
fn a_file_s_name_is_no_other_format_s() {
    for name in ["shopify", "Shop", "my shop", ""] {
        assert!(parse(name, RIGHT).is_err(), "{name}");
    }
}
