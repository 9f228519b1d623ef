//! Files that went through a spreadsheet: what it did to a value is named with line and column, and
//! nothing of it reaches the ledger.

use crate::support::desk::TestDesk;

const CATALOGUE: &str = "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight\n";
const VENDORS: &str = "id,name,email,fax,channel,zip,state\n";
const ADVICE: &str = "po_number,sku,qty,carrier,tracking_number,ship_date\n";
const BILLS: &str = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,total\n";

/// Command, file, and the words that its refusal must have.
const DAMAGED: &[(&[&str], &str, &str, &[&str])] = &[
    (
        &["catalogue", "import"],
        CATALOGUE,
        "4.00638E+12,Lamp,Home,ACME,AC-1,1.00,2.00,1",
        &["line 2", "column sku", "4.00638E+12", "long number", "Text"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "S-1,Lamp,Home,ACME,5-Mar,1.00,2.00,1",
        &["column vendor_sku", "'5-Mar'", "date", "Text"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "3/5/2026,Lamp,Home,ACME,A,1.00,2.00,1",
        &["column sku", "date"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "S-1,#N/A,Home,ACME,A,1.00,2.00,1",
        &["column description", "#N/A", "error"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "S-1,Lamp,#REF!,ACME,A,########,2.00,1",
        &["line 2", "#REF!"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "S-1,Lamp,Home,ACME,A,########,2.00,1",
        &["column cost", "too narrow"],
    ),
    (
        &["catalogue", "import"],
        CATALOGUE,
        "S-1,Lamp,Home,ACME,A,1.23E+03,2.00,1",
        &["column cost", "1.23E+03"],
    ),
    (
        &["vendors", "import"],
        VENDORS,
        "V1,Vee,v@vendor.example,2.07556E+09,email,04101,ME",
        &["column fax", "2.07556E+09"],
    ),
    (
        &["vendors", "import"],
        VENDORS,
        "5-Mar,Vee,v@vendor.example,,email,04101,ME",
        &["column id", "date"],
    ),
    (
        &["vendors", "import"],
        VENDORS,
        "V1,#NAME?,v@vendor.example,,email,04101,ME",
        &["column name", "#NAME?"],
    ),
    (
        &["vendors", "import"],
        VENDORS,
        "V1,Vee,v@vendor.example,,email,4101,ME",
        &["column zip", "leading zero: 04101"],
    ),
    (
        &["vendors", "import"],
        VENDORS,
        "V1,Vee,v@vendor.example,,email,926,PR",
        &["column zip", "leading zero: 00926"],
    ),
    (
        &["import-advices"],
        ADVICE,
        "W1-1,BF63-12163,3,FedEx,7.94E+11,2025-06-03",
        &["line 2", "7.94E+11", "spreadsheet"],
    ),
    (
        &["import-advices"],
        ADVICE,
        "W1-1,5-Mar,3,UPS,1Z5R89390357567127,2025-06-03",
        &["5-Mar", "date"],
    ),
    (
        &["import-advices"],
        ADVICE,
        "W1-1,BF63-12163,#N/A,UPS,1Z5R89390357567127,2025-06-03",
        &["#N/A"],
    ),
    (
        &["import-advices"],
        ADVICE,
        "W1-1,BF63-12163,3,UPS,1Z5R89390357567127,########",
        &["########", "too narrow"],
    ),
    (
        &["import-invoices"],
        BILLS,
        "Acme Home Goods,4.00638E+12,2025-06-03,W1-1,BF63-12163,3,61.50,184.50",
        &["in.csv:2", "column 'invoice_number'", "4.00638E+12"],
    ),
    (
        &["import-invoices"],
        BILLS,
        "Acme Home Goods,A-1,2025-06-03,W1-1,5-Mar,3,61.50,184.50",
        &["column 'sku'", "5-Mar", "date"],
    ),
    (
        &["import-invoices"],
        BILLS,
        "Acme Home Goods,A-1,2025-06-03,#REF!,BF63-12163,3,61.50,184.50",
        &["column 'po_number'", "#REF!"],
    ),
    (
        &["import-invoices"],
        BILLS,
        "Acme Home Goods,A-1,########,W1-1,BF63-12163,3,61.50,184.50",
        &["column 'invoice_date'", "too narrow"],
    ),
    (
        &["import-invoices"],
        BILLS,
        "Acme Home Goods,A-1,2025-06-03,W1-1,BF63-12163,1.23E+03,61.50,184.50",
        &["column 'qty'", "1.23E+03"],
    ),
];

#[test]
fn what_a_spreadsheet_did_is_named_and_refused() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W1"))
        .run(&["process"])
        .ok();
    let before = desk.run(&["catalogue", "list", "--json"]).ok().stdout;
    for (command, head, row, words) in DAMAGED {
        desk.file("in.csv", format!("{head}{row}\n").as_bytes());
        let run = desk.run(&[command, &["in.csv"][..]].concat());
        // what left is asked of a person, who finds it on the list
        let listed = match command[0] {
            "import-advices" => desk.run(&["exceptions", "list", "--json"]).ok().stdout,
            _ => String::new(),
        };
        assert!(run.code != 0 || !listed.is_empty(), "{row}: {}", run.stdout);
        let said = format!("{}{listed}", run.stderr);
        for word in *words {
            assert!(said.contains(word), "{word}: {said}{}", run.stdout);
        }
    }
    assert_eq!(
        desk.run(&["catalogue", "list", "--json"]).ok().stdout,
        before
    );
    let bills = desk.run(&["invoice", "list", "--json"]).ok().json();
    assert_eq!(bills["invoices"], serde_json::json!([]));
    let po = desk.run(&["po", "show", "W1-1"]).ok().stdout;
    assert!(!po.contains("shipped 3"), "{po}");
    desk.run(&["verify"]).ok();
}

#[test]
fn values_that_only_look_so_are_taken() {
    let desk = TestDesk::stocked();
    let rows = "MAR-05,Lamp,Home,ACME,4E10,1.00,2.00,1\n12E-5,#1 of its kind,Home,ACME,1/2,1.00,2.00,1\n\
                4006381333931,N/A,Home,ACME,#77,1.00,2.00,1\n";
    desk.file("in.csv", format!("{CATALOGUE}{rows}").as_bytes());
    desk.run(&["catalogue", "import", "in.csv"]).ok();
    // the good rows of a file of bills are taken
    desk.file(
        "bills.csv",
        format!("{BILLS}Acme Home Goods,5-Mar,2025-06-03,,S,1,5.00,5.00\nAcme Home Goods,MAR-05,2025-06-03,,S,1,5.00,5.00\n")
            .as_bytes(),
    );
    let run = desk.run(&["import-invoices", "bills.csv", "--json"]);
    assert_eq!(
        (run.code, &run.json()["files"][0]["bills"]),
        (1, &1.into()),
        "{}",
        run.stdout
    );
}

#[test]
fn a_vendor_at_our_own_address_is_refused_by_its_line() {
    let desk = TestDesk::stocked();
    let csv = "id,name,email,fax,channel,zip\nV7,Echo Co.,Orders@Shop.example,,email,04101\n";
    desk.file("own.csv", csv.as_bytes());
    let why = [
        "line 2, column email",
        "is an address of this site",
        "nothing was imported",
    ];
    desk.run(&["vendors", "import", "own.csv"]).fails(1, &why);
    let fine = csv.replace("Orders@Shop", "orders@other");
    desk.file("own.csv", fine.as_bytes());
    let said = desk.run(&["vendors", "import", "own.csv"]).ok().stdout;
    assert!(
        !said.contains("status") && said.contains("set active to no"),
        "{said}"
    );
}

#[test]
fn a_dash_is_stdout_or_refused_and_never_a_file() {
    let desk = TestDesk::stocked();
    desk.order(&TestDesk::plain_order("W1"));
    desk.run(&["process"]).ok();
    let said = desk.run(&["report", "payables", "-o", "-"]).ok().stdout;
    assert_eq!(said, desk.run(&["report", "payables"]).ok().stdout);
    let preview = ["notices", "preview", "placed", "W1"];
    let said = desk.run(&[&preview[..], &["-o", "-"]].concat()).ok().stdout;
    assert_eq!(said, desk.run(&preview).ok().stdout);
    let period = ["--from", "2025-06-01", "--to", "2025-06-30", "-o", "-"];
    for what in ["bills", "credits", "refunds"] {
        let args = [&["export", what][..], &period].concat();
        desk.run(&args).fails(2, &["name a file"]);
    }
    assert!(!desk.path("-").exists());
}
