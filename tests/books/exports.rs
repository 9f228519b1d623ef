//! What a file proves of itself: which day, which money, which program. What it does not prove is
//! refused, with what to export in its place.

use super::scenes::site;
use crate::support::desk::TestDesk;
use serde_json::Value;

/// Imports a text; the answer for the file, and what was said on stderr.
fn take(desk: &TestDesk, name: &str, text: &str) -> Value {
    desk.file(name, text.as_bytes());
    let run = desk.run(&["import-invoices", name, "--json"]);
    run.json()["files"][0].clone()
}

fn refused(text: &str) -> String {
    let file = take(&site(""), "in.csv", text);
    file["failed"].as_str().unwrap_or_default().to_owned()
}

/// Number, day and total of every bill of a site.
fn bills(desk: &TestDesk) -> Vec<(String, String, String)> {
    let list = desk.run(&["invoice", "list", "--json"]).ok().json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = list["invoices"].as_array().expect("a list").iter();
    let mut rows: Vec<_> = rows
        .map(|row| {
            (
                text(&row["number"]),
                text(&row["date"]),
                text(&row["total"]),
            )
        })
        .collect();
    rows.sort();
    rows
}

/// A report by vendor with this title line and these rows.
fn report(title: &str, rows: &[&str]) -> String {
    let head = format!("Transaction List by Supplier\nMarlow Outfitters\n{title}\n\n");
    let columns =
        ",Date,Transaction Type,Num,Memo/Description,Account,Amount\nAcme Home Goods,,,,,,\n";
    format!("{head}{columns}{}\n", rows.join("\n"))
}

/// Title, rows and the days that they are.
type Proof = (&'static str, [&'static str; 2], [&'static str; 2]);

const BOTH: [&str; 2] = [
    ",03/10/2026,Bill,A-1,,Creditors,100.00",
    ",12/10/2026,Bill,A-2,,Creditors,200.00",
];
const DAY_FIRST: [&str; 2] = ["2026-10-03", "2026-10-12"];

const PROOFS: &[Proof] = &[
    ("October 2026", BOTH, DAY_FIRST),
    ("1 September - 31 October 2026", BOTH, DAY_FIRST),
    (
        "1 de octubre de 2026 - 31 de octubre de 2026",
        BOTH,
        DAY_FIRST,
    ),
    (
        "As of 31 October 2026",
        [BOTH[0], ",25/10/2026,Bill,A-2,,Creditors,200.00"],
        ["2026-10-03", "2026-10-25"],
    ),
    (
        "March - December 2026",
        [BOTH[0], ",12/28/2026,Bill,A-2,,Creditors,200.00"],
        ["2026-03-10", "2026-12-28"],
    ),
    (
        "All Dates",
        [BOTH[0], ",13.10.2026,Bill,A-2,,Creditors,200.00"],
        ["2026-10-03", "2026-10-13"],
    ),
    (
        "All Dates",
        [BOTH[0], ",10/13/26,Bill,A-2,,Creditors,200.00"],
        ["2026-03-10", "2026-10-13"],
    ),
    (
        "All Dates",
        [
            ",3 Oct 2026,Bill,A-1,,Creditors,100.00",
            ",12-Oct-26,Bill,A-2,,Creditors,200.00",
        ],
        DAY_FIRST,
    ),
    (
        "All Dates",
        [
            ",2026/10/03,Bill,A-1,,Creditors,100.00",
            ",2026-10-12,Bill,A-2,,Creditors,200.00",
        ],
        DAY_FIRST,
    ),
    (
        "All Dates",
        [
            ",10/10/2026,Bill,A-1,,Creditors,100.00",
            ",11/11/2026,Bill,A-2,,Creditors,200.00",
        ],
        ["2026-10-10", "2026-11-11"],
    ),
];

#[test]
fn the_period_or_a_row_proves_day_and_month_of_the_whole_file() {
    for (title, rows, days) in PROOFS {
        let desk = site("");
        let file = take(&desk, "in.csv", &report(title, rows));
        let found: Vec<String> = bills(&desk).into_iter().map(|(_, date, _)| date).collect();
        assert_eq!(found, *days, "{title} {rows:?}: {file}");
    }
}

#[test]
fn a_file_that_proves_neither_order_or_both_is_refused_unless_the_site_says_which() {
    let open = report(
        "January - December 2026",
        &[",03/10/2026,Bill,A-1,,Creditors,100.00"],
    );
    let said = refused(&open);
    for word in [
        "line 7",
        "03/10/2026",
        "3 October or 10 March",
        "dates = \"mdy\"",
        "[invoicing]",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    for (set, day) in [("dmy", "2026-10-03"), ("mdy", "2026-03-10")] {
        let desk = site(&format!("[invoicing]\ndates = \"{set}\""));
        take(&desk, "in.csv", &open);
        assert_eq!(bills(&desk)[0].1, day, "{set}");
        // what a file proves goes before what the site says
        let proved = report("October 2026", &[",02/10/2026,Bill,B-1,,Creditors,100.00"]);
        take(&desk, "proved.csv", &proved);
        assert_eq!(bills(&desk)[1].1, "2026-10-02", "{set}");
    }
    let both = report(
        "All Dates",
        &[
            ",25/09/2026,Bill,A-1,,Creditors,100.00",
            ",09/26/2026,Bill,A-2,,Creditors,200.00",
        ],
    );
    let said = refused(&both);
    for word in [
        "25/09/2026",
        "09/26/2026",
        "line 7",
        "line 8",
        "both orders",
    ] {
        assert!(said.contains(word), "{word}: {said}");
    }
    // where the file's order is proved, a row of the other is a fault of that row alone
    let desk = site("[invoicing]\ndates = \"dmy\"");
    let file = take(&desk, "both.csv", &both);
    assert_eq!(bills(&desk).len(), 1);
    let errors = file["errors"].to_string();
    assert!(
        errors.contains("day first") && errors.contains("09/26/2026"),
        "{errors}"
    );
    let desk = TestDesk::stocked();
    desk.config("[invoicing]\ndates = \"ymd\"");
    let run = desk.run(&["import-invoices", "in.csv"]);
    assert!(
        run.stderr.contains("must be \"mdy\" or \"dmy\""),
        "{}",
        run.stderr
    );
}

#[test]
fn other_money_is_not_the_books() {
    const HEAD: &str = "vendor,invoice_number,invoice_date,po_number,amount,currency\n";
    let row = |amount: &str, currency: &str| {
        format!("Acme Home Goods,A-1,2026-11-29,W200001-1,{amount},{currency}\n")
    };
    for text in [
        format!("{HEAD}{}", row("100.00", "CAD")),
        format!("{HEAD}{}", row("100.00", "Canadian dollar")),
        format!("{HEAD}{}", row("£100.00", "")),
        format!("{HEAD}{}", row("100.00 EUR", "")),
        format!("{HEAD}{}", row("C$100.00", "")),
        report("October 2026", &[",10/13/2026,Bill,A-1,,Creditors,100.00", "Total for Acme Home Goods,,,,,,CA$100.00"]),
        report("October 2026", &[",10/13/2026,Bill,A-1,,Creditors,100.00", "TOTAL,,,,,,€100.00"]),
        report("October 2026 (GBP)", &[",10/13/2026,Bill,A-1,,Creditors,100.00"]),
        report("All amounts in EUR", &[",10/13/2026,Bill,A-1,,Creditors,100.00"]),
        "vendor,invoice_number,invoice_date,amount (CAD)\nAcme Home Goods,A-1,2026-11-29,100.00\n".to_owned(),
        "vendor,invoice_number,invoice_date,amount,exchange_rate\nAcme Home Goods,A-1,2026-11-29,100.00,1.37\n".to_owned(),
    ] {
        let said = refused(&text);
        assert!(said.contains("not in USD") && said.contains("line "), "{text}: {said}");
    }
    // a row among others is refused alone, with the invoice that it is of
    let desk = site("");
    let rows = format!(
        "{HEAD}{}Acme Home Goods,A-2,2026-11-29,,60.00,USD\nAcme Home Goods,A-2,2026-11-29,,50.00,EUR\n\
         Acme Home Goods,A-3,2026-11-29,,US$70.00,US dollar\nAcme Home Goods,A-4,2026-11-29,,$80.00,\n",
        row("184.50", "usd")
    );
    let file = take(&desk, "in.csv", &rows);
    let numbers: Vec<String> = bills(&desk)
        .into_iter()
        .map(|(number, ..)| number)
        .collect();
    assert_eq!(numbers, ["A-1", "A-3", "A-4"], "{file}");
    assert_eq!(file["errors"].as_array().map(Vec::len), Some(2), "{file}");
    assert!(
        file["errors"].to_string().contains("'EUR' is not in USD"),
        "{file}"
    );
}

#[test]
fn books_in_other_money_take_theirs_and_refuse_the_rest() {
    let desk = TestDesk::stocked();
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("a configuration");
    let config = config.replacen("[site]\n", "[site]\ncurrency = \"GBP\"\n", 1);
    desk.file("poms.toml", config.as_bytes());
    desk.file(
        "in.csv",
        "vendor,invoice_number,invoice_date,amount\nAcme Home Goods,G-1,2026-11-29,£100.00\n\
         Acme Home Goods,G-2,2026-11-29,$100.00\n"
            .as_bytes(),
    );
    let run = desk.run(&["import-invoices", "in.csv", "--json"]);
    let file = run.json()["files"][0].clone();
    assert_eq!(bills(&desk).len(), 1, "{file}");
    assert!(
        file["errors"]
            .to_string()
            .contains("'$100.00' is not in GBP"),
        "{file}"
    );
}

/// Files, and the word by which each is named.
const STRANGERS: &[(&str, &str)] = &[
    (
        "!TRNS\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\n!SPL\tTRNSTYPE\tDATE\tACCNT\tNAME\tAMOUNT\tDOCNUM\n!ENDTRNS\nTRNS\tBILL\t10/13/2026\tAccounts Payable\tAcme Home Goods\t-100.00\tA-1\nSPL\tBILL\t10/13/2026\tFreight\t\t100.00\t\nENDTRNS\n",
        "IIF",
    ),
    ("!HDR\tPROD\tVER\nHDR\tQuickBooks\t2026\n", "IIF"),
    (
        "*ContactName,EmailAddress,*InvoiceNumber,*InvoiceDate,*DueDate,Total,InventoryItemCode,Description,*Quantity,*UnitAmount,*AccountCode,*TaxType,Currency\nAcme Home Goods,,A-1,2026-10-13,2026-11-13,100.00,,Lamp,1,100.00,300,Tax on Purchases,USD\n",
        "Xero",
    ),
    (
        "Payable Invoice Detail\nMarlow\nOctober 2026\n\nInvoice Number,Contact,Invoice Date,Due Date,Reference,Amount\nA-1,Acme Home Goods,2026-10-13,,,100.00\n",
        "Xero",
    ),
    (
        "Type,Account Reference,Nominal A/C Ref,Department Code,Date,Reference,Details,Net Amount,Tax Code,Tax Amount\nPI,ACME,5000,0,13/10/2026,A-1,Lamps,100.00,T0,0.00\n",
        "Sage",
    ),
    (
        "Vendor ID,Vendor Name,Invoice/CM #,Apply to Invoice Number,Credit Memo,Date,Accounts Payable Account,Amount\nACME,Acme Home Goods,A-1,,FALSE,10/13/26,20000,-100.00\n",
        "Sage",
    ),
    (
        "Type,Supplier,Date,Ref No,Amount\nPI,Acme Home Goods,13/10/2026,A-1,100.00\n",
        "Sage",
    ),
    (
        "Vendor,Bill Number,Issue Date,Due Date,Bill Status,Total Amount\nAcme Home Goods,A-1,2026-10-13,2026-11-13,Unpaid,100.00\n",
        "FreshBooks",
    ),
    (
        "Bill Date,Bill Number,PurchaseOrder,Bill Status,Vendor Name,Bill ID,Is Inclusive Tax,Item Total,Total\n2026-10-13,A-1,W200001-1,Open,Acme Home Goods,99,false,100.00,100.00\n",
        "Zoho",
    ),
    (
        "Transaction ID,Transaction Date,Account Name,Transaction Description,Amount (One column),Vendor,Invoice Number\n1,2026-10-13,Payable,Lamps,100.00,Acme Home Goods,A-1\n",
        "Wave",
    ),
    (
        "Co./Last Name,Purchase No.,Date,Supplier Inv. No.,Ex-Tax Amount,Inc-Tax Amount,Card ID\nAcme Home Goods,1,13/10/2026,A-1,100.00,100.00,X\n",
        "MYOB",
    ),
    (
        "Date,Document Number,Vendor,Bill Number,Bill Date,Bill Amount,Amount,Memo\n10/13/2026,VP-1,Acme Home Goods,A-1,10/13/2026,100.00,100.00,\n",
        "payments",
    ),
    (
        "Payment Date,Check No,Vendor,Invoice No,Amount\n10/13/2026,1001,Acme Home Goods,A-1,100.00\n",
        "payments",
    ),
    (
        "Vendor Payments\nOctober 2026\n\nVendor,Date,Num,Amount Paid,Amount\nAcme Home Goods,10/13/2026,1001,100.00,100.00\n",
        "payments",
    ),
    ("OFXHEADER:100\nDATA:OFXSGML\n<OFX><BANKMSGSRSV1>\n", "bank"),
    ("!Type:Bank\nD10/13/26\nT-100.00\nPAcme\n^\n", "QIF"),
    (
        "<html><table><tr><td>Date</td><td>Num</td></tr></table></html>\n",
        "web page",
    ),
    (
        "[{\"vendor\": \"Acme\", \"invoice_number\": \"A-1\"}]\n",
        "JSON",
    ),
];

#[test]
fn files_of_other_kinds_are_refused_by_name_with_what_to_export() {
    for (text, name) in STRANGERS {
        let said = refused(text);
        assert!(
            said.contains("seems to be") && said.contains(name),
            "{name}: {said}\n{text}"
        );
        let instead = [
            "Transaction List by Vendor",
            "invoice_number",
            "save it as CSV",
        ];
        assert!(
            instead.iter().any(|word| said.contains(word)),
            "{name}: {said}"
        );
    }
}

#[test]
fn lists_of_bills_with_a_word_of_payment_beside_are_taken() {
    for text in [
        "vendor,invoice_number,invoice_date,due_date,amount,payment_method\nAcme Home Goods,A-1,2026-10-13,,100.00,ACH\n",
        "vendor,invoice_number,invoice_date,amount,check_number\nAcme Home Goods,A-1,2026-10-13,100.00,\n",
        "Bill Date,Bill No,Vendor,Total,Tax Code\n2026-10-13,A-1,Acme Home Goods,100.00,T0\n",
        "vendor,invoice_number,invoice_date,amount,currency\nAcme Home Goods,A-1,10/13/2026,\"$100.00\",USD\n",
    ] {
        let desk = site("");
        let file = take(&desk, "in.csv", text);
        assert_eq!(bills(&desk).len(), 1, "{text}: {file}");
        assert_eq!(bills(&desk)[0].2, "100.00", "{text}: {file}");
    }
    // in accounts CR may be what is owed or what is given back
    let desk = site("");
    let text = "vendor,invoice_number,invoice_date,amount\nAcme Home Goods,A-1,2026-10-13,100.00 CR\n\
                Acme Home Goods,A-2,2026-10-13,(100.00)\nAcme Home Goods,A-3,2026-10-13,100.00-\n";
    let file = take(&desk, "in.csv", text);
    assert_eq!(file["credits"], 2, "{file}");
    assert!(file["errors"].to_string().contains("100.00 CR"), "{file}");
}
