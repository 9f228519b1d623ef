//! Order numbers that begin with `#`: every command and every document finds their purchase orders.

use super::*;

fn site() -> TestDesk {
    let desk = desk("[intake]\nauthserv_id = \"mx.shop.example\"\n");
    desk.order(&TestDesk::plain_order("#1001"));
    process(&desk);
    assert_eq!(po_state(&desk, "#1001-1"), "sent");
    desk
}

fn acme(subject: &str, body: &str) -> Vec<u8> {
    format!(
        "Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\nFrom: orders@acme.example\n\
         To: orders@shop.example\nSubject: {subject}\nMessage-ID: <{}@acme.example>\n{body}",
        subject.len() * 100 + body.len()
    )
    .into_bytes()
}

#[test]
fn every_command_takes_it_with_and_without_its_sign() {
    let desk = site();
    for args in [
        &["po", "show"][..],
        &["po", "pdf", "-o", "x.pdf"],
        &["audit", "show"],
        &["fax", "log", "--po"],
    ] {
        for number in ["#1001-1", "1001-1"] {
            let name = match args[0] {
                "audit" => format!("po:{number}"),
                _ => number.to_owned(),
            };
            let args = [args, &[name.as_str()]].concat();
            if args[1] == "pdf" {
                let _ = std::fs::remove_file(desk.path("x.pdf"));
            }
            let done = desk.run(&args);
            assert_eq!(done.code, 0, "{args:?}: {}", done.stderr);
        }
    }
    for number in ["#1001", "1001"] {
        desk.run(&["order", "show", number]).ok();
        let found = desk.run(&["order", "search", number, "--json"]).ok().json();
        assert_eq!(
            found["orders"].as_array().map(Vec::len),
            Some(1),
            "{number}"
        );
        let said = desk.run(&["po", "show", number]);
        assert!(
            said.stderr.contains("its purchase orders: #1001-1"),
            "{}",
            said.stderr
        );
    }
}

#[test]
fn advices_subjects_and_words_of_vendors_find_it() {
    let csv = |number: &str| {
        format!(
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nattached\n--b\n\
             Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment; filename=a.csv\n\n\
             po_number,sku,qty,carrier,tracking_number,ship_date\n{number},BF63-12163,3,UPS,1Z5R89390357567127,2025-06-02\n--b--\n"
        )
    };
    for number in ["#1001-1", "1001-1", "#1001", "1001"] {
        let desk = site();
        desk.raw_mail(&acme("shipped", &csv(number)));
        process(&desk);
        assert_eq!(
            po_state(&desk, "#1001-1"),
            "shipped",
            "{number}: {:#?}",
            exceptions(&desk)
        );
    }
    let late = "\nBF63-12163 is on backorder until June 20, 2025.\n";
    for subject in [
        "Re: #1001-1",
        "Re: Purchase order 1001-1",
        "(#1001-1)",
        "PO#1001-1",
    ] {
        let desk = site();
        desk.raw_mail(&acme(subject, late));
        process(&desk);
        assert_eq!(po_state(&desk, "#1001-1"), "backordered", "{subject}");
    }
}

#[test]
fn two_numbers_that_differ_by_the_sign_alone_are_two() {
    let desk = site();
    let mut order = TestDesk::plain_order("1001");
    order["customer"]["email"] = "d@mail.example".into();
    order["customer"]["name"] = "Dan Roe".into();
    order["ship_to"]["name"] = "Dan Roe".into();
    desk.order(&order);
    process(&desk);
    for number in ["#1001-1", "1001-1"] {
        let shown = desk.run(&["po", "show", number, "--json"]).ok().json();
        let text = shown.to_string();
        assert!(text.contains(&format!("\"{number}\"")), "{text}");
    }
}
