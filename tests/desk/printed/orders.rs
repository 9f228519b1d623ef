//! Orders that are held for every reason that a rule has, and orders and purchase orders in every state.

use super::bench::Bench;
use crate::support::desk::TestDesk;
use poms::domain::codes::{CODES, Code, Concerns};
use poms::domain::lifecycle::{OrderState, PoState};
use poms::formats;
use poms::ledger::exceptions::Subject;
use poms::ledger::orders::NewOrder;
use poms::shipping::apply::withdraw;
use serde_json::{Value, json};

const VENDORS: &str = "\
id,name,email,fax,channel,zip,active,street1,city,state
ACME,Acme Home Goods,orders@acme.example,,email,04101,yes,1 Dock Road,Portland,ME
BLUE,Blue Ridge Garden Supply,po@blueridge.example,,email,28801,yes,2 Hill Road,Asheville,NC
IDLE,Idle Lamps,po@idle.example,,email,28801,no,,,
";

const CATALOGUE: &str = "\
sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority
BF63-12163,Brass Floor Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1
BF63-12163,Brass Floor Lamp,Lighting,BLUE,B-12163,64.00,108.23,9.5,active,2
KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4,active,1
GD20-00021,Hose Reel,Garden,BLUE,B-78,30.00,59.00,5.0,discontinued,1
NV10-00001,Nobody's Chair,Garden,NOBODY,N-1,30.00,59.00,5.0,active,1
ID10-00001,Idle Lamp,Garden,IDLE,I-1,30.00,59.00,5.0,active,1
";

const RULES: &str = "[rules]\norder_value_limit = { max = \"5000.00\" }\n\
    spending_limit = { customers = { \"h-spend@mail.example\" = \"250.00\" } }\n\
    outside_service_area = { exclude_states = [\"HI\"] }\n[returns]\naddress = [\"Shop\", \"1 Main Street\", \"Portland, ME 04101\"]";

/// An order of a customer of its own.
pub fn order(number: &str) -> Value {
    let mut order = TestDesk::plain_order(number);
    order["customer"]["email"] = json!(format!("{}@mail.example", number.to_lowercase()));
    order["customer"]["name"] = json!(format!("Customer of {number}"));
    order
}

/// Sets lines of an order, and the total that follows.
fn lines(order: &mut Value, lines: &[(&str, i64, &str)], total: &str) {
    let one = |(sku, qty, price): &(&str, i64, &str)| json!({"sku": sku, "qty": qty, "unit_price": price});
    order["lines"] = lines.iter().map(one).collect();
    order["total"] = json!(total);
}

/// What is wrong with an order, by its number.
const FAULTS: &[(&str, &str, &str)] = &[
    ("H-NOMAIL", "/customer/email", ""),
    ("H-MAIL", "/customer/email", "nobody"),
    ("H-CITY", "/ship_to/city", ""),
    ("H-ZIP", "/ship_to/zip", "10001"),
    ("H-BOX", "/ship_to/street1", "PO Box 7"),
    ("H-STALE", "/date", "2025-05-01T06:01:52-04:00"),
    ("H-FUTURE", "/date", "2025-06-09T06:01:52-04:00"),
    ("H-CARD", "/ship_to/name", "Card 4111 1111 1111 1111"),
    ("H-CONTROL", "/ship_to/name", "Jo\u{202e} Bustos"),
    ("H-LETTERS", "/ship_to/name", "李小龍"),
    ("H-TOTAL", "/total", "300.00"),
];

/// An order's number; SKU, pieces and price of its lines; its total.
type Goods<'a> = (&'a str, &'a [(&'a str, i64, &'a str)], &'a str);

fn faulty() -> Vec<Value> {
    let mut all = Vec::new();
    for (number, path, value) in FAULTS {
        let mut order = order(number);
        *order.pointer_mut(path).expect("a field") = json!(value);
        all.push(order);
    }
    let goods: &[Goods] = &[
        ("H-TYPO", &[("BF63-12164", 3, "100.00")], "300.00"),
        (
            "H-UNKNOWN",
            &[("QQ", 3, "100.00"), ("KT10-00010", 1, "29.90")],
            "329.90",
        ),
        ("H-GONE", &[("GD20-00021", 3, "59.00")], "177.00"),
        ("H-NOBODY", &[("NV10-00001", 3, "59.00")], "177.00"),
        ("H-IDLE", &[("ID10-00001", 3, "59.00")], "177.00"),
        ("H-PRICE", &[("BF63-12163", 3, "100.00")], "300.00"),
        ("H-COST", &[("BF63-12163", 3, "50.00")], "150.00"),
        (
            "H-NONE",
            &[("BF63-12163", 0, "108.23"), ("KT10-00010", 1, "29.90")],
            "29.90",
        ),
        ("H-MANY", &[("KT10-00010", 101, "29.90")], "3019.90"),
        ("H-VALUE", &[("BF63-12163", 60, "108.23")], "6493.80"),
        ("H-SPEND", &[("BF63-12163", 3, "108.23")], "324.69"),
        ("H-TWICE", &[("BF63-12163", 3, "108.23")], "324.69"),
        ("H-TWICE", &[("KT10-00010", 7, "29.90")], "209.30"),
    ];
    for (number, goods, total) in goods {
        let mut order = order(number);
        lines(&mut order, goods, total);
        all.push(order);
    }
    let mut phone = order("H-PHONE");
    phone["customer"]["phone"] = json!("");
    phone["ship_to"]["zip"] = json!("10001");
    let mut number = order("H-NUMBER");
    number["customer"]["phone"] = json!("12");
    number["ship_to"]["zip"] = json!("10001");
    let mut away = order("H-AWAY");
    away["ship_to"]["state"] = json!("HI");
    away["ship_to"]["zip"] = json!("96813");
    let mut comment = order("H-COMMENT");
    comment["comments"] = json!("Please ring twice");
    let mut same = order("H-SAME");
    same["order_number"] = json!("H-SAME2");
    all.extend([phone, number, away, comment, order("H-SAME"), same]);
    all.extend(own_words());
    all
}

/// Orders whose own words say that they are none, not paid for, late, or somebody else's.
fn own_words() -> Vec<Value> {
    let with = |number: &str, path: &str, value: Value| {
        let mut order = order(number);
        match path.split_once('/') {
            Some((of, name)) => order[of][name] = value,
            None => order[path] = value,
        }
        order
    };
    vec![
        with("H-TEST", "test", json!(true)),
        with(
            "H-DECLINED",
            "payment",
            json!({"method": "card", "status": "declined"}),
        ),
        with(
            "H-PENDING",
            "payment",
            json!({"method": "bank transfer", "status": "pending"}),
        ),
        with("H-REQUIRED", "required_by", json!("2025-05-01")),
        with("H-OURS", "customer/email", json!("orders@acme.example")),
        order("H-HASH"),
        order("#H-HASH"),
    ]
}

/// A site with these orders, once taken in.
pub fn site(orders: &[Value]) -> Bench {
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    desk.config(RULES);
    for order in orders {
        desk.order(order);
    }
    desk.run(&["process"]).done();
    Bench { desk }
}

/// Orders that are held, each by what is really wrong with it.
pub fn held() -> Bench {
    let bench = site(&faulty());
    bench
        .desk
        .run(&["order", "hold", "H-ZIP", "--note", "x"])
        .ok();
    bench
}

const STATES: [&str; 12] = [
    "S-SENT", "S-ACK", "S-BACK", "S-REJ", "S-PART", "S-SHIP", "S-DELI", "S-CLOSED", "S-CANC",
    "S-FAIL", "S-MOVED", "S-QUEUED",
];

/// All of [`held`], and orders in every other state; every code of a rule and of a purchase order about
/// each.
pub fn scene() -> Bench {
    let mut orders = faulty();
    orders.extend(STATES.iter().map(|number| match *number {
        "S-QUEUED" => {
            let mut late = order(number);
            late["ship_to"]["zip"] = json!("10001");
            late
        }
        number => order(number),
    }));
    let bench = site(&orders);
    go_on(&bench);
    unseen(&bench);
    list(&bench);
    ask(&bench);
    bench
}

/// Takes the orders to their states.
fn go_on(bench: &Bench) {
    let desk = &bench.desk;
    desk.file(
        "answers.csv",
        b"po_number,sku,status,qty,date\nS-ACK-1,BF63-12163,accepted,,\nS-BACK-1,BF63-12163,backordered,3,2025-06-20\n\
          S-REJ-1,BF63-12163,rejected,,\nS-MOVED-1,BF63-12163,rejected,,\n",
    );
    desk.run(&["import-advices", "answers.csv"]).ok();
    let mut rows = "po_number,sku,qty,carrier,tracking_number\n".to_owned();
    for (place, (po, qty)) in [("PART", 1), ("SHIP", 3), ("DELI", 3), ("CLOSED", 3)]
        .iter()
        .enumerate()
    {
        rows.push_str(&format!(
            "S-{po}-1,BF63-12163,{qty},FedEx,77000000000{place}\n"
        ));
    }
    desk.file("left.csv", rows.as_bytes());
    desk.run(&["import-advices", "left.csv"]).ok();
    desk.run(&["po", "delivered", "S-DELI-1", "--note", "x"])
        .ok();
    let bill = "vendor,invoice_number,invoice_date,po_number,sku,qty,unit_price,freight,total\n\
                Acme Home Goods,A-1,2025-06-02,S-CLOSED-1,BF63-12163,3,61.50,,184.50\n";
    desk.file("bill.csv", bill.as_bytes());
    desk.run(&["import-invoices", "bill.csv"]).ok();
    desk.run(&["order", "cancel", "S-CANC", "--note", "x"]).ok();
    desk.run(&["process"]).done();
    let mut words = vec!["exceptions", "list", "--order", "S-QUEUED", "--json"];
    let id = desk.run(&words).ok().json()["exceptions"][0]["id"].to_string();
    words = vec!["exceptions", "resolve", &id, "--release", "--note", "x"];
    desk.run(&words).ok();
}

/// States in which nothing waits between two commands.
fn unseen(bench: &Bench) {
    bench.write(|tx| {
        for (number, state) in [
            ("S-RECEIVED", OrderState::Received),
            ("S-READY", OrderState::Ready),
        ] {
            let order = formats::order(order(number)).expect("an order");
            let row = tx.insert_order(&NewOrder::new(order, "poms-json", Vec::new()))?;
            if state == OrderState::Ready {
                tx.move_order(&row, state, &json!("x"))?;
            }
        }
        let po = tx.find_po("S-FAIL-1")?;
        tx.move_po(&po, PoState::Failed, &json!("x"))
    });
}

/// Puts the codes on the list.
fn list(bench: &Bench) {
    let of_rules = CODES
        .iter()
        .filter(|code| code.definition().concerns == Concerns::Order);
    let of_rules: Vec<Code> = of_rules
        .copied()
        .chain([Code::RefundDue, Code::DeliveryFailed])
        .collect();
    for number in STATES.iter().chain(&["S-RECEIVED", "S-READY"]) {
        let (order, pos) = bench.write(|tx| {
            let order = tx.find_order(number)?;
            let pos = tx.pos_of_order(order.id)?;
            Ok((order, pos))
        });
        let about = Subject {
            order: Some(order.id),
            ..Subject::default()
        };
        bench.list(&of_rules, &order.entity(), about);
        for po in pos {
            let about = Subject {
                po: Some(po.id),
                ..about
            };
            let more = [
                Code::CancellationUnanswered,
                Code::PoNotOpen,
                Code::DeliveryFailed,
                Code::ParcelTrouble,
            ];
            let codes = [withdraw::CODES, &more].concat();
            bench.list(&codes, &po.entity(), about);
            silent(
                bench,
                number,
                &[(po.id, order.id, po.number.as_str())],
                "advice",
            );
        }
    }
    let held = bench.write(|tx| tx.find_order("H-ZIP"));
    let about = Subject {
        order: Some(held.id),
        ..Subject::default()
    };
    bench.list(&[Code::StopSwitch], &held.entity(), about);
    bench
        .desk
        .run(&["order", "hold", "H-ZIP", "--note", "x"])
        .ok();
    let all = bench.write(|tx| tx.pos(None, None, 100));
    let all: Vec<_> = all
        .iter()
        .map(|po| (po.id, po.order_id, po.number.as_str()))
        .collect();
    silent(bench, "all", &all, "promise");
}

/// A silent vendor's list.
fn silent(bench: &Bench, name: &str, pos: &[(i64, i64, &str)], kind: &str) {
    let entity = format!("vendor:{name}");
    bench.list(&[Code::VendorSilent], &entity, Subject::default());
    bench.write(|tx| {
        let id = tx.open_exceptions_of_entity(&entity)?[0].id;
        for po in pos {
            tx.list_silence(id, *po, (kind, (tx.now(), None)), 1)?;
        }
        Ok(())
    });
}

/// Customers who were asked: one about what is open, one about what is settled.
fn ask(bench: &Bench) {
    for (po, code) in [
        ("S-BACK-1", Code::PoBackordered),
        ("S-SENT-1", Code::PoUnshipped),
    ] {
        let (id, po) = bench.write(|tx| {
            let po = tx.find_po(po)?;
            Ok((
                tx.open_exceptions_of_po(&po, &[code])?[0].id.to_string(),
                po,
            ))
        });
        let ask = [
            "exceptions",
            "resolve",
            &id,
            "--ask-customer",
            "--note",
            "x",
        ];
        bench.desk.run(&ask).ok();
        let question = bench.write(|tx| tx.questions_of_order(po.order_id))[0].entity();
        if code == Code::PoUnshipped {
            bench
                .desk
                .run(&["exceptions", "resolve", &id, "--dismiss", "--note", "x"])
                .ok();
        }
        let about = Subject {
            order: Some(po.order_id),
            po: Some(po.id),
            ..Subject::default()
        };
        bench.list(
            &[Code::CustomerAnswer, Code::CustomerUnanswered],
            &question,
            about,
        );
    }
}
