//! Bills and credits with everything that can be wrong with them, and returns in every state.

use super::bench::Bench;
use super::orders::{order, site};
use poms::domain::codes::Code;
use poms::domain::lifecycle::ReturnState;
use poms::ledger::exceptions::Subject;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The scene.
pub fn scene() -> Bench {
    let mut orders: Vec<Value> = ["B-PRICE", "B-PART", "B-DATE", "B-ONCE", "B-TWO", "S-SENT"]
        .map(order)
        .into();
    let mut many = order("R-MANY");
    many["lines"][0]["qty"] = json!(12);
    many["total"] = json!("1298.76");
    orders.push(many);
    let bench = site(&orders);
    let mut rows = "po_number,sku,qty,carrier,tracking_number\n".to_owned();
    let left = [
        ("B-PRICE", 3),
        ("B-PART", 2),
        ("B-DATE", 3),
        ("B-ONCE", 3),
        ("B-TWO", 3),
        ("R-MANY", 11),
    ];
    for (place, (number, qty)) in left.iter().enumerate() {
        rows.push_str(&format!(
            "{number}-1,BF63-12163,{qty},FedEx,7700000001{place:02}\n"
        ));
    }
    bench.desk.file("left.csv", rows.as_bytes());
    bench.desk.run(&["import-advices", "left.csv"]).ok();
    bills(&bench);
    returns(&bench);
    bench
}

fn import(bench: &Bench, name: &str, head: &str, rows: &str) {
    bench.desk.file(name, format!("{head}{rows}").as_bytes());
    bench.desk.run(&["import-invoices", name]).ok();
}

fn open(bench: &Bench, code: &str) -> Vec<String> {
    let list = bench
        .desk
        .run(&["exceptions", "list", "--code", code, "--json"])
        .ok()
        .json();
    let rows = list["exceptions"].as_array().expect("a list");
    rows.iter().map(|row| row["id"].to_string()).collect()
}

fn bills(bench: &Bench) {
    let head = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n";
    let rows = "Acme Home Goods,A-1,2025-06-02,B-PRICE-1,BF63-12163,3,65.00,,195.00\n\
        Acme Home Goods,A-2,2025-06-02,B-PART-1,BF63-12163,3,61.50,,184.50\n\
        Acme Home Goods,A-3,2025-05-01,B-DATE-1,BF63-12163,3,61.50,,184.50\n\
        Acme Home Goods,A-4,2025-06-02,B-ONCE-1,BF63-12163,4,61.50,25.00,271.00\n\
        Acme Home Goods,A-5,2025-06-02,NO-SUCH-9,BF63-12163,3,333.00,,999.00\n\
        Strange Lamps Inc,X-1,2025-06-02,,BF63-12163,3,61.50,,184.50\n\
        Acme Home Goods,A-6,2025-06-02,B-TWO-1,BF63-12163,2,64.00,,128.00\n\
        Acme Home Goods,A-7,2025-06-02,B-TWO-1,BF63-12163,1,66.50,,66.50\n";
    import(bench, "bills.csv", head, rows);
    import(
        bench,
        "twice.csv",
        head,
        "Acme Home Goods,A-1b,2025-06-02,B-PRICE-1,BF63-12163,3,65.00,,195.00\n",
    );
    let note = ["--note", "x"];
    // two that are promised, and a credit that may be for either
    let of_two = bench
        .desk
        .run(&["exceptions", "list", "--order", "B-TWO", "--json"])
        .ok()
        .json();
    for row in of_two["exceptions"].as_array().expect("a list") {
        if row["code"] == "invoice_price" {
            let id = row["id"].to_string();
            let words = ["exceptions", "resolve", &id, "--expect-credit"];
            bench.desk.run(&[&words[..], &note].concat()).ok();
        }
    }
    let head = "vendor,invoice_number,invoice_date,memo,total\n";
    import(
        bench,
        "credit.csv",
        head,
        "Acme Home Goods,CM-1,2025-06-02,for B-TWO-1,-5.00\n",
    );
    let id = &open(bench, "invoice_quantity")[0];
    bench
        .desk
        .run(&[&["exceptions", "resolve", id, "--dispute"][..], &note].concat())
        .ok();
}

/// Does with the return of this place what takes it to a state.
fn take(bench: &Bench, number: &str, state: &ReturnState) {
    let run = |words: &[&str]| drop(bench.desk.run(words).ok());
    let authorise = ["return", "authorise", number, "--note", "x"];
    let receive = ["return", "receive", number, "1=1"];
    let paid = ["--method", "card", "--reference", number];
    match state {
        ReturnState::Requested | ReturnState::Cancelled => {}
        ReturnState::Authorised => run(&authorise),
        ReturnState::Rejected => run(&["return", "reject", number, "--note", "x"]),
        ReturnState::Received => {
            run(&authorise);
            run(&receive);
        }
        ReturnState::Inspected | ReturnState::Refunded => {
            run(&authorise);
            run(&receive);
            run(&["return", "inspect", number, "1=damaged"]);
            if *state == ReturnState::Refunded {
                run(&[&["return", "refund", number][..], &paid].concat());
            }
        }
    }
}

/// Returns in every state, of goods that come back and of goods that were lost or never left.
fn returns(bench: &Bench) {
    let open = |kind: &str| {
        let words = [
            "return", "open", "R-MANY", "1=1", "--reason", "x", "--kind", kind, "--json",
        ];
        let said = bench.desk.run(&words).ok().json();
        let number = said["returns"][0]["number"].as_str();
        number.expect("a return").to_owned()
    };
    for state in ReturnState::ALL {
        let number = open("return");
        take(bench, &number, state);
    }
    for kind in ["lost_in_transit", "cancelled_before_shipping"] {
        let number = open(kind);
        take(bench, &number, &ReturnState::Authorised);
    }
    let order = bench.write(|tx| tx.find_order("R-MANY"));
    let rows = bench.write(|tx| tx.returns_of_order(order.id));
    let states: BTreeSet<&str> = rows.iter().map(|row| row.state.as_str()).collect();
    assert!(states.len() >= 6, "{states:?}");
    for row in rows {
        let about = Subject {
            order: Some(order.id),
            po: Some(row.po_id),
            ..Subject::default()
        };
        bench.list(
            &[
                Code::ReturnOverdue,
                Code::ReturnWaiting,
                Code::CreditOverdue,
            ],
            &row.entity(),
            about,
        );
    }
}
