//! The mails' words, and what order text can do to them: nothing.

use super::short;
use crate::support::golden::golden;
use poms::notices::{NoticeKind, PlacedContext, Templates};
use poms::purchasing::render;

fn placed() -> PlacedContext {
    serde_json::from_str(include_str!("../../fixtures/documents/placed.json")).unwrap()
}

/// Sets every text that comes from the order.
fn poison(context: &mut PlacedContext, text: &str) {
    context.customer_name = text.into();
    context.order_number = text.into();
    context.ship_to = vec![text.into(); 3];
    context.shipping_method = Some(text.into());
    context.gift_message = Some(text.into());
    for line in &mut context.lines {
        line.sku = text.into();
        line.description = text.into();
    }
}

const HOSTILE: [&str; 14] = [
    "<script>alert(1)</script>",
    "\"><img src=http://evil.example/x.png onerror=alert(1)>",
    "'><a href='https://evil.example'>win</a>",
    "</title></style></head><body><h1>owned</h1>",
    "--><!-- <!DOCTYPE html>",
    "{{7*7}}",
    "{% include 'po_mail.txt' %}{# x #}",
    "&lt;b&gt;&#60;i&#62;",
    "]]><![CDATA[ <b>",
    "<table><tr><td></td></tr></table>",
    "https://evil.example/login www.evil.example mail@evil.example",
    "\u{202e}gnol si eman siht\u{202c}",
    "a\r\nBcc: evil@mail.example\r\n\r\nNew body",
    "<svg/onload=alert(1)>\u{0}<\u{0}b>",
];

/// Elements and attributes in order, without text.
fn tree(html: &str) -> Vec<String> {
    use html5gum::{Token, Tokenizer};
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Tokenizer::new(html)
        .filter_map(|token| match token.unwrap() {
            Token::StartTag(tag) => {
                let attributes: Vec<String> = tag
                    .attributes
                    .iter()
                    .map(|(name, value)| format!("{}={}", text(name), text(value)))
                    .collect();
                Some(format!("<{} {}>", text(&tag.name), attributes.join(" ")))
            }
            Token::EndTag(tag) => Some(format!("</{}>", text(&tag.name))),
            Token::Comment(comment) => Some(format!("<!--{}-->", text(&comment))),
            Token::Doctype(_) => Some("<!DOCTYPE>".into()),
            Token::String(_) => None,
            Token::Error(fault) => panic!("{fault:?}"),
        })
        .collect()
}

#[test]
fn hostile_orders_do_not_change_the_element_tree() {
    let templates = Templates::load(None).unwrap();
    let mut context = placed();
    poison(&mut context, "Bob");
    let plain = templates.customer_placed(&context).unwrap();
    let elements = tree(plain.html.as_ref().unwrap());
    assert!(elements.len() > 40);
    for text in HOSTILE {
        poison(&mut context, text);
        let mail = templates.customer_placed(&context).unwrap();
        assert_eq!(tree(mail.html.as_ref().unwrap()), elements, "{text}");
        assert_eq!(
            mail.text.matches("\nHello ").count(),
            0,
            "only at the beginning"
        );
        assert!(!mail.subject.contains(char::is_control));
        assert!(!mail.text.contains("\nBcc"));
        for body in [mail.text, mail.html.unwrap()] {
            assert!(
                !body.contains("://") && !body.contains("evil.example"),
                "{body}"
            );
            assert!(!body.contains('\u{202e}') && !body.contains('\0'));
        }
    }
}

#[test]
fn nothing_remote_and_no_links_in_the_customers_mail() {
    let html = Templates::load(None)
        .unwrap()
        .customer_placed(&placed())
        .unwrap()
        .html
        .unwrap();
    for word in [
        "http:", "https:", "src=", "href=", "url(", "@import", "<link", "<img", "<form",
    ] {
        assert!(!html.contains(word), "{word}");
    }
}

#[test]
fn data_is_never_a_template() {
    let templates = Templates::load(None).unwrap();
    for text in ["{{7*191}}", "{% raw %}", "{{ shop.email }}", "{#"] {
        let mut doc = short();
        doc.number = text.into();
        doc.vendor_name = text.into();
        doc.buyer.name = text.into();
        doc.ship_to = vec![text.into()];
        doc.gift_message = Some(text.into());
        let body = render::text(&doc);
        let mail = templates.purchase_order(&doc, &body, false).unwrap();
        assert!(mail.subject.contains(text) && mail.text.contains(&format!("Hello {text},")));
        assert!(!mail.text.contains("1337"));
        let mut context = placed();
        poison(&mut context, text);
        let mail = templates.customer_placed(&context).unwrap();
        assert!(
            mail.text
                .contains(&text.replace("shop.email", "shop.\u{200b}email"))
        );
        assert!(!mail.text.contains("1337"));
    }
}

#[test]
fn the_vendors_mail_has_its_number_in_the_subject_and_the_customers_has_none() {
    let templates = Templates::load(None).unwrap();
    let doc = short();
    let body = render::text(&doc);
    let mail = templates.purchase_order(&doc, &body, false).unwrap();
    assert!(mail.subject.contains("W200001-1"));
    assert!(mail.html.is_none());
    golden(
        "tests/documents/expected/po_mail.txt",
        &format!("{}\n\n{}", mail.subject, mail.text),
    );
    let mail = templates.customer_placed(&placed()).unwrap();
    let html = mail.html.unwrap();
    for part in [&mail.subject, &mail.text, &html] {
        assert!(!part.contains("W200001-1"));
    }
    golden(
        "tests/documents/expected/placed_mail.txt",
        &format!("{}\n\n{}", mail.subject, mail.text),
    );
    golden("tests/documents/expected/placed_html.html", &html);
}

fn question(kind: &str, items: &serde_json::Value, part: &serde_json::Value) -> serde_json::Value {
    serde_json::json!({"kind": kind, "items": items, "expected_date": null, "estimate": false,
        "others": [part], "divisible": true, "cancellable": true, "answer_by": "2025-06-07",
        "unanswered": "tell"})
}

/// The mails after the first one, with this text in every place that an order can fill.
fn later(text: &str) -> Vec<(NoticeKind, serde_json::Value)> {
    let about = |mut own: serde_json::Value| {
        let all = serde_json::json!({
            "shop": placed().shop, "order_number": text, "order_date": "2025-06-02",
            "customer_name": text, "ship_to": [text, text]});
        let all = all.as_object().unwrap().clone();
        own.as_object_mut().unwrap().extend(all);
        own
    };
    let items = serde_json::json!([{"qty": 1, "sku": text, "description": text}]);
    let part = serde_json::json!({"date": "2025-06-06", "estimate": true, "items": items});
    let mut shipment = part.clone();
    shipment["ship_date"] = serde_json::json!("2025-06-03");
    for key in ["again", "added", "numbered", "arrived"] {
        shipment[key] = serde_json::json!(false);
    }
    shipment["arrived_on"] = serde_json::Value::Null;
    shipment["parcels"] = serde_json::json!([{"carrier": "UPS", "tracking": text, "replaces": text,
        "new": true, "delivered": "2025-06-04", "url": "https://carrier.example/1"}]);
    vec![
        (
            NoticeKind::Shipped,
            about(
                serde_json::json!({"shipments": [shipment], "still": [part], "earlier": false, "corrected": false,
                    "numbers": false, "delivered": false, "unstopped": items}),
            ),
        ),
        (
            NoticeKind::NotShipped,
            about(serde_json::json!({"items": items, "numbers": [text], "still": [part]})),
        ),
        (
            NoticeKind::Delayed,
            about(
                serde_json::json!({"expected_date": "2025-06-06", "estimate": true,
                "told_date": "2025-06-05", "told_undated": false, "a_part": false, "late": [part], "others": [part]}),
            ),
        ),
        (
            NoticeKind::Cancelled,
            about(serde_json::json!({"items": items})),
        ),
        (
            NoticeKind::Delayed,
            about(
                serde_json::json!({"expected_date": null, "estimate": false, "backorder": true, "told_date": null,
                "told_undated": false, "a_part": false, "late": [part], "others": []}),
            ),
        ),
        (
            NoticeKind::Question,
            about(question("rejected", &items, &part)),
        ),
        (
            NoticeKind::Question,
            about(question("backordered", &items, &part)),
        ),
    ]
}

#[test]
fn hostile_orders_change_no_later_mail_either() {
    let templates = Templates::load(None).unwrap();
    let plain: Vec<Vec<String>> = later("Bob")
        .iter()
        .map(|(kind, context)| tree(&templates.customer(*kind, context).unwrap().html.unwrap()))
        .collect();
    for text in HOSTILE {
        for ((kind, context), elements) in later(text).iter().zip(&plain) {
            let mail = templates.customer(*kind, context).unwrap();
            let html = mail.html.unwrap();
            assert_eq!(&tree(&html), elements, "{kind:?} {text}");
            assert!(!mail.subject.contains(char::is_control));
            for body in [mail.text, html] {
                let own = "carrier.example";
                let rest = body.replace("https://carrier.example/1", "");
                let rest = rest.replace("https:&#x2f;&#x2f;carrier.example&#x2f;1", "");
                assert!(!rest.contains(own), "{body}");
                assert!(
                    !rest.contains("://") && !rest.contains("evil.example"),
                    "{rest}"
                );
                assert!(!rest.contains('\u{202e}') && !rest.contains('\0'));
            }
        }
    }
}
