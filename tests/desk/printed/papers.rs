//! Documents of ours in every state, messages in every state, rows of shipping advices, shipments.

use super::bench::Bench;
use super::orders::{order, site};
use poms::domain::codes::{CODES, Code, Concerns};
use poms::domain::delivery::{DeliveryChannel, DeliveryKind};
use poms::domain::lifecycle::{DeliveryState, MessageState};
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use poms::ledger::exceptions::Subject;
use poms::ledger::outbox::{DeliveryRow, NewDelivery, SettledAttempt};
use poms::ledger::{LedgerError, Tx};
use serde_json::{Value, json};

const ORDERS: [&str; 17] = [
    "D-QUEUED",
    "D-SENDING",
    "D-SENT",
    "D-FAILED",
    "D-UNKNOWN",
    "D-DROPPED",
    "R-OPEN",
    "R-LEFT",
    "R-CANC",
    "R-TWO",
    "R-SAME",
    "R-UNDONE",
    "S-SENT",
    "S-OTHER",
    "C-COMES",
    "C-LEFT",
    "C-KEPT",
];

/// The scene.
pub fn scene() -> Bench {
    let mut orders: Vec<Value> = ORDERS.iter().map(|number| order(number)).collect();
    let two = json!([{"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"}, {"sku": "KT10-00010", "qty": 2, "unit_price": "29.90"}]);
    orders[9]["lines"] = two;
    orders[9]["total"] = json!("384.49");
    let bench = site(&orders);
    messages(&bench);
    rows(&bench);
    deliveries(&bench);
    bench
}

fn moved(tx: &Tx, row: &DeliveryRow, to: DeliveryState) -> Result<(), LedgerError> {
    let end = |to| SettledAttempt::end(to, "as the scene wants it");
    let again = |tx: &Tx| tx.move_delivery(&tx.delivery(row.id)?, DeliveryState::Queued, "x");
    match to {
        DeliveryState::Sent => {}
        DeliveryState::Queued => again(tx)?,
        DeliveryState::Failed => tx.settle_delivery(row, &end(DeliveryState::Failed))?,
        DeliveryState::Dropped => {
            again(tx)?;
            tx.move_delivery(&tx.delivery(row.id)?, DeliveryState::Dropped, "x")?;
        }
        DeliveryState::Sending | DeliveryState::Unknown => {
            again(tx)?;
            tx.mark_sending(row.id)?;
            if to == DeliveryState::Unknown {
                tx.settle_delivery(&tx.delivery(row.id)?, &end(to))?;
            }
        }
    }
    Ok(())
}

/// Purchase orders, mails to customers and mails to admins.
fn deliveries(bench: &Bench) {
    for to in DeliveryState::ALL {
        let number = format!("D-{}", to.as_str().to_uppercase());
        let rows = bench.write(|tx| {
            let order = tx.find_order(&number)?;
            let mut rows = tx.deliveries_of_order(order.id)?;
            let to_admins = tx.enqueue(&NewDelivery {
                kind: DeliveryKind::AdminExceptions,
                channel: DeliveryChannel::Email,
                once: &format!("admins:{number}"),
                reference: &format!("<{number}@shop.example>"),
                sender: "orders@shop.example",
                recipients: &["ops@shop.example".to_owned()],
                subject: "What is new",
                order_id: None,
                po_id: None,
                content: &tx.delivery_content(rows[0].id)?,
            })?;
            rows.extend(to_admins.map(|id| tx.delivery(id)).transpose()?);
            for row in &rows {
                match row.order_id {
                    Some(_) => moved(tx, row, *to)?,
                    // it waits: from there it goes only ahead
                    None if *to == DeliveryState::Dropped => tx.move_delivery(row, *to, "x")?,
                    None => {}
                }
            }
            Ok(rows)
        });
        for row in rows {
            let about = Subject {
                order: row.order_id,
                po: row.po_id,
                delivery: Some(row.id),
                message: None,
            };
            bench.list(
                &[Code::DeliveryFailed, Code::DeliveryUnknown, Code::Bounced],
                &row.entity(),
                about,
            );
        }
    }
}

/// A mail that somebody wrote.
fn letter(from: &str, subject: &str, text: &str, number: u8) -> String {
    format!(
        "From: {from}\r\nTo: orders@shop.example\r\nSubject: {subject}\r\nMessage-ID: <l{number}@x.example>\r\n\
         MIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{text}\r\n"
    )
}

/// A mail whose encrypted object a gateway put something beside.
fn beside(bench: &Bench) -> String {
    let desk = &bench.desk;
    let order = order("M-BESIDE").to_string();
    let sealed = make::seal(
        order.as_bytes(),
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    let object = String::from_utf8(sealed.expect("sealed")).expect("armour");
    format!(
        "From: Web Shop <web@shop.example>\nTo: orders@shop.example\nSubject: order\nMessage-ID: <g1@shop.example>\n\
         MIME-Version: 1.0\nContent-Type: text/plain\n\n{object}\n-- \nThis mail was scanned.\n"
    )
}

/// Messages in every state.
fn messages(bench: &Bench) {
    let desk = &bench.desk;
    for number in 1..5 {
        desk.raw_mail(
            letter("Ann <ann@z.example>", "hello", "when do you open?", number).as_bytes(),
        );
    }
    desk.raw_mail(
        letter(
            "Bob <po@blueridge.example>",
            "Re: S-SENT-1",
            "we write to you",
            9,
        )
        .as_bytes(),
    );
    desk.raw_mail(beside(bench).as_bytes());
    let stranger =
        KeyPair::generate("X <x@x.example>", KeyKind::Cv25519, desk.moment()).expect("a key");
    let other = make::seal(b"x", desk.webshop_key(), &[&stranger], desk.moment()).expect("sealed");
    desk.sealed_mail(&other);
    desk.order(&order("S-OTHER"));
    desk.run(&["process"]).done();
    let all = bench.write(|tx| tx.messages(None, 1000));
    let mut held = all.iter().filter(|row| row.state == MessageState::Held);
    let (pending, ignored) = (held.next().expect("one"), held.next().expect("another"));
    bench.write(|tx| {
        tx.move_message(pending.id, MessageState::Pending, "x")?;
        tx.move_message(ignored.id, MessageState::Ignored, "x")
    });
    list_messages(bench);
}

/// Every code that a message can have, about messages in every state.
fn list_messages(bench: &Bench) {
    let of_messages = CODES
        .iter()
        .filter(|code| code.definition().concerns == Concerns::Message);
    let of_messages = of_messages.copied();
    let more = [
        Code::UntrustedSender,
        Code::VendorMail,
        Code::RemitToChanged,
        Code::PoNotOpen,
        Code::CustomerAnswer,
        Code::AdviceUnclear,
        Code::UnknownPo,
    ];
    let codes: Vec<Code> = of_messages
        .chain(more)
        .filter(|code| *code != Code::MessageWithheld)
        .collect();
    let sent = bench.write(|tx| tx.find_po("S-SENT-1"));
    for state in MessageState::ALL {
        let all = bench.write(|tx| tx.messages(Some(*state), 1000));
        assert!(!all.is_empty(), "no message is {state}");
        // the newest of each, and both of those that are held for themselves
        let most = if *state == MessageState::Held { 4 } else { 1 };
        for row in all.iter().take(most) {
            let entity = format!("message:{}", row.id);
            for (order, po) in [(None, None), (Some(sent.order_id), Some(sent.id))] {
                let about = Subject {
                    message: Some(row.id),
                    order,
                    po,
                    delivery: None,
                };
                bench.list(&codes, &entity, about);
            }
        }
    }
    bench.list(
        &[Code::MessageWithheld],
        "mailbox:orders",
        Subject::default(),
    );
    bench.list(&[Code::WorkFailed], "invoice_file:1", Subject::default());
    bench.list(&[Code::StockStale], "stock_list:1", Subject::default());
}

fn import(bench: &Bench, name: &str, rows: &str, more: &[&str]) {
    bench.desk.file(name, rows.as_bytes());
    bench
        .desk
        .run(&[&["import-advices", name][..], more].concat())
        .ok();
}

/// Rows that wait, and what they are about goes on afterwards.
fn rows(bench: &Bench) {
    let desk = &bench.desk;
    let head = "po_number,sku,qty,carrier,tracking_number\n";
    let mut rows = head.to_owned();
    for (po, sku, qty, tracking) in [
        ("R-OPEN-1", "BF63-12163", "9", "770000000010"),
        ("R-LEFT-1", "BF63-12163", "9", "770000000011"),
        ("R-CANC-1", "BF63-12163", "9", "770000000012"),
        ("R-TWO-1", "", "", "770000000013"),
        ("R-TWO-1", "", "2", "770000000014"),
        ("R-TWO-1", "ZZ", "1", "770000000015"),
        ("R-UNDONE-1", "BF63-12163", "3", "770000000016"),
        ("NOBODY-1", "BF63-12163", "1", "770000000017"),
        ("NOBODY-2", "", "", "770000000018"),
    ] {
        rows.push_str(&format!("{po},{sku},{qty},FedEx,{tracking}\n"));
    }
    import(bench, "rows.csv", &rows, &[]);
    import(
        bench,
        "left.csv",
        &format!("{head}R-LEFT-1,BF63-12163,3,FedEx,770000000021\n"),
        &[],
    );
    import(
        bench,
        "same.csv",
        &format!("{head}R-SAME-1,BF63-12163,3,FedEx,770000000021\n"),
        &[],
    );
    import(
        bench,
        "again.csv",
        &format!("{head}R-LEFT-1,BF63-12163,2,FedEx,770000000022\n"),
        &[],
    );
    import(
        bench,
        "blue.csv",
        &format!("{head}R-OPEN-1,BF63-12163,1,FedEx,770000000023\n"),
        &["--vendor", "BLUE"],
    );
    desk.run(&["order", "cancel", "R-CANC", "--note", "x"]).ok();
    come_anyway(bench);
    shipments(bench);
}

/// Goods that come although they were cancelled: on their way to leave, left, and kept.
fn come_anyway(bench: &Bench) {
    let desk = &bench.desk;
    for number in ["C-COMES", "C-LEFT", "C-KEPT"] {
        let po = format!("{number}-1");
        desk.run(&["order", "cancel", number, "--note", "x"]).ok();
        desk.run(&["po", "cancel-refused", &po, "--note", "x"]).ok();
        if number == "C-LEFT" {
            let left = ["shipment", "add", &po, "BF63-12163=2", "--note", "x"];
            desk.run(&left).ok();
        }
        if number == "C-KEPT" {
            let (order, po) = bench.write(|tx| {
                let po = tx.find_po(&po)?;
                for line in tx.line_states(po.id)? {
                    tx.decided(&po, &line, line.unwanted, "kept")?;
                }
                Ok((po.order_id, po.id))
            });
            let about = Subject {
                order: Some(order),
                po: Some(po),
                ..Subject::default()
            };
            bench.list(
                &[Code::CancellationRefused],
                "cancellation:C-KEPT-1-C1",
                about,
            );
        }
    }
}

/// Shipments that are on their way, and one that did not happen.
fn shipments(bench: &Bench) {
    let desk = &bench.desk;
    let shipments = desk.run(&["shipment", "list", "--json"]).ok().json();
    for shipment in shipments["shipments"].as_array().expect("a list") {
        let id = shipment["id"].to_string();
        if shipment["purchase_order"] == "R-UNDONE-1" {
            desk.run(&["shipment", "undo", &id, "--note", "x"]).ok();
        }
    }
    for number in ["R-OPEN", "R-LEFT", "C-KEPT"] {
        let po = bench.write(|tx| tx.find_po(&format!("{number}-1")));
        let about = Subject {
            order: Some(po.order_id),
            po: Some(po.id),
            ..Subject::default()
        };
        bench.list(
            &[Code::RevisionRefused],
            &format!("revision:{}/2", po.number),
            about,
        );
    }
    for number in ["R-LEFT", "R-UNDONE"] {
        let (order, shipments) = bench.write(|tx| {
            let po = tx.find_po(&format!("{number}-1"))?;
            let mut all = tx.shipments_of_po(po.id)?;
            all.extend(tx.undone_of_po(po.id)?);
            Ok((po, all))
        });
        for shipment in shipments {
            let about = Subject {
                order: Some(order.order_id),
                po: Some(order.id),
                ..Subject::default()
            };
            let entity = format!("shipment:{}", shipment.id);
            bench.list(
                &[
                    Code::ShipmentStuck,
                    Code::TrackingCheckDigit,
                    Code::ShopDiffers,
                ],
                &entity,
                about,
            );
        }
    }
    let about = Subject::default();
    let codes = [
        Code::AdviceUnclear,
        Code::UnknownPo,
        Code::VendorMail,
        Code::OverShipment,
    ];
    bench.list(&codes, "document:file:x.csv", about);
    bench.list(&[Code::ShopUnreconciled], "source:webshop", about);
}
