//! What poms shows a vendor or a customer, read back by other people's programs: poppler for the
//! PDF, an HTML tokenizer for the customer's mail.

use poms::domain::money::Money;
use poms::notices::{PlacedContext, Templates};
use poms::purchasing::document::PoDocument;
use poms::purchasing::render;
use std::io::Write;
use std::process::{Command, Stdio};

fn short() -> PoDocument {
    serde_json::from_str(include_str!("../fixtures/documents/short.json")).unwrap()
}

fn placed() -> PlacedContext {
    serde_json::from_str(include_str!("../fixtures/documents/placed.json")).unwrap()
}

/// A purchase order of many lines, by turns short and long.
fn long(lines: u32) -> PoDocument {
    let mut doc = short();
    let kinds = doc.lines.clone();
    doc.lines = (1..=lines)
        .map(|number| {
            let mut line = kinds[number as usize % kinds.len()].clone();
            line.line = number;
            line.sku = format!("BF-{number:05}");
            line
        })
        .collect();
    doc.total = Money::sum(doc.lines.iter().map(|line| line.amount)).unwrap();
    doc
}

fn pdf(doc: &PoDocument) -> render::PdfRendering {
    render::pdf(doc).unwrap()
}

/// Runs one of poppler's programs with the file on its standard input.
fn poppler(program: &str, arguments: &[&str], file: &[u8]) -> String {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|fault| panic!("{program} (package poppler-utils): {fault}"));
    let mut input = child.stdin.take().unwrap();
    let file = file.to_vec();
    let feeder = std::thread::spawn(move || input.write_all(&file));
    let output = child.wait_with_output().unwrap();
    feeder.join().unwrap().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success() && complaint.is_empty(),
        "{complaint}"
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The PDF's text with every run of white space as one space.
fn read_back(file: &[u8]) -> String {
    let text = poppler("pdftotext", &["-layout", "-", "-"], file);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every value that a short purchase order shows.
fn values(doc: &PoDocument) -> Vec<String> {
    let mut all = vec![
        doc.number.clone(),
        doc.order_number.clone(),
        doc.long_date(),
        doc.buyer.name.clone(),
        doc.buyer.email.clone(),
        doc.buyer.phone.clone(),
        doc.vendor_name.clone(),
        doc.ship_to_phone.clone(),
        doc.total.display(&doc.currency),
        doc.terms.clone(),
    ];
    all.extend(
        [&doc.shipping_method, &doc.required_by]
            .into_iter()
            .flatten()
            .cloned(),
    );
    all.extend(
        doc.gift_message
            .iter()
            .flat_map(|message| message.lines().map(str::to_owned)),
    );
    for address in [&doc.buyer.address, &doc.vendor_address, &doc.ship_to] {
        all.extend(address.iter().cloned());
    }
    for line in &doc.lines {
        all.extend([
            line.vendor_sku.clone(),
            line.sku.clone(),
            line.qty.to_string(),
        ]);
        all.push(line.description.clone());
        for amount in [line.unit_cost, line.amount] {
            all.push(amount.display("USD").replace('$', ""));
        }
    }
    all.extend(doc.instructions());
    all
}

#[test]
fn pdftotext_reads_back_every_value() {
    let doc = short();
    let rendered = pdf(&doc);
    assert!(!rendered.incomplete);
    let text = read_back(&rendered.bytes);
    for value in values(&doc) {
        assert!(text.contains(&value), "{value:?} is not in: {text}");
    }
    assert!(text.contains("Page 1 of 1"));
    assert!(!text.contains("DUPLICATE"));
    let whole = render::text(&doc)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for value in values(&doc) {
        assert!(
            whole.contains(&value),
            "{value:?} is not in the text rendering"
        );
    }
}

#[test]
fn names_of_the_world_are_embedded_and_read_back() {
    for name in [
        "Łukasz Żółw",
        "Ayşe Şahin",
        "Владимир Иванов",
        "Ελένη Παπαδοπούλου",
        "Nguyễn Thị Ánh",
        "Ōe Ğül 😀",
    ] {
        let mut doc = short();
        doc.ship_to[0] = name.into();
        doc.gift_message = Some(format!("для {name}"));
        let rendered = pdf(&doc);
        assert!(!rendered.incomplete, "{name}");
        let text = read_back(&rendered.bytes);
        assert!(
            text.contains(name) && text.contains(&format!("для {name}")),
            "{text}"
        );
        let fonts = poppler("pdffonts", &["-"], &rendered.bytes);
        assert!(
            fonts.contains("+DejaVuSans-Bold") && fonts.contains("Helvetica"),
            "{fonts}"
        );
    }
    let fonts = poppler("pdffonts", &["-"], &pdf(&short()).bytes);
    assert!(!fonts.contains("DejaVu"), "{fonts}");
}

#[test]
fn what_no_font_has_is_marked_and_told() {
    for name in ["山田太郎", "محمد علي", "דוד", "สมชาย", "x\u{202e}y"] {
        let mut doc = short();
        doc.ship_to[0] = name.into();
        let rendered = pdf(&doc);
        assert!(rendered.incomplete, "{name}");
        assert!(read_back(&rendered.bytes).contains('\u{fffd}'), "{name}");
        let templates = Templates::load(None).unwrap();
        let text = render::text(&doc);
        let mail = templates
            .purchase_order(&doc, &text, rendered.incomplete)
            .unwrap();
        assert!(mail.text.contains("given in full"));
        assert!(name.contains('\u{202e}') || mail.text.contains(name));
    }
}

#[test]
fn a_duplicate_is_marked_on_every_page() {
    let mut doc = long(60);
    doc.possible_duplicate = true;
    let file = pdf(&doc).bytes;
    let text = poppler("pdftotext", &["-layout", "-", "-"], &file);
    assert!(text.contains("POSSIBLE DUPLICATE of a purchase order already sent"));
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() >= 3);
    for page in pages {
        assert!(page.contains("POSSIBLE DUPLICATE"), "{page}");
    }
}

#[test]
fn many_lines_run_over_pages_with_the_head_repeated() {
    for count in [60, 200] {
        let doc = long(count);
        let file = pdf(&doc).bytes;
        let text = poppler("pdftotext", &["-layout", "-", "-"], &file);
        let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
        for (place, page) in pages.iter().enumerate() {
            assert!(page.contains(&format!("Page {} of {}", place + 1, pages.len())));
            assert!(page.contains(&doc.number));
            let has_lines = page.contains("BF-0");
            assert_eq!(page.contains("Your SKU"), has_lines, "{page}");
        }
        for line in &doc.lines {
            assert_eq!(text.matches(&line.sku).count(), 1, "{}", line.sku);
        }
    }
}

#[test]
fn equal_documents_give_equal_bytes() {
    let mut doc = long(30);
    doc.ship_to[0] = "Łukasz Владимир".into();
    assert!(pdf(&doc) == pdf(&doc));
    assert_eq!(
        render::csv(&doc, true).unwrap(),
        render::csv(&doc, true).unwrap()
    );
}

/// A word on a page: left, top, right, bottom, in points.
struct Word {
    page: usize,
    edges: [f64; 4],
    text: String,
}

fn words(file: &[u8]) -> Vec<Word> {
    let layout = poppler("pdftotext", &["-bbox", "-", "-"], file);
    let mut page = 0;
    let mut all = Vec::new();
    for line in layout.lines().map(str::trim) {
        page += usize::from(line.starts_with("<page "));
        let Some(rest) = line.strip_prefix("<word ") else {
            continue;
        };
        let edge = |name: &str| -> f64 {
            let after = rest.split_once(&format!("{name}=\"")).unwrap().1;
            after.split_once('"').unwrap().0.parse().unwrap()
        };
        all.push(Word {
            page,
            edges: ["xMin", "yMin", "xMax", "yMax"].map(edge),
            text: rest.split_once('>').unwrap().1.replace("</word>", ""),
        });
    }
    all
}

/// No word leaves the page or lies on another one.
fn assert_tidy(file: &[u8]) {
    let all = words(file);
    assert!(!all.is_empty());
    for (place, word) in all.iter().enumerate() {
        let [left, top, right, bottom] = word.edges;
        let inside = left >= 40.0 && top >= 30.0 && right <= 572.0 && bottom <= 770.0;
        assert!(
            inside,
            "{} at {:?} leaves page {}",
            word.text, word.edges, word.page
        );
        for other in all[place + 1..]
            .iter()
            .filter(|other| other.page == word.page)
        {
            let (a, b) = (word.edges, other.edges);
            let across = a[2].min(b[2]) - a[0].max(b[0]);
            let down = a[3].min(b[3]) - a[1].max(b[1]);
            // poppler's boxes have room above and below the letters: lines touch by a little
            let high = (a[3] - a[1]).min(b[3] - b[1]);
            let apart = across < 0.6 || down < high * 0.45;
            assert!(
                apart,
                "{} {a:?} lies on {} {b:?}, page {}",
                word.text, other.text, word.page
            );
        }
    }
}

#[test]
fn hostile_text_stays_in_its_place() {
    assert_tidy(&pdf(&short()).bytes);
    assert_tidy(&pdf(&long(60)).bytes);
    let mut doc = long(200);
    let sentence = "Lorem ipsum dolor sit amet, consectetur ".repeat(13);
    for line in &mut doc.lines {
        match line.line % 6 {
            0 => line.description = sentence.clone(),
            1 => line.vendor_sku = "XW".repeat(60),
            2 => (line.sku, line.description) = ("A-".repeat(80), "W".repeat(500)),
            3 => {
                (line.qty, line.amount, line.unit_cost) =
                    (i64::MAX, Money(i64::MIN), Money(i64::MAX))
            }
            4 => line.description = "Ж".repeat(500),
            _ => line.description = "日本 \u{202e}\u{0}\t\r\n".repeat(100),
        }
    }
    doc.number = "W".repeat(66);
    doc.order_number = "W".repeat(64);
    doc.currency = "CURRENCY".into();
    doc.total = Money(i64::MIN);
    doc.buyer.name = "Shop ".repeat(60);
    doc.buyer.address = vec!["street ".repeat(50); 30];
    doc.buyer.email = "e".repeat(400);
    doc.vendor_name = "V".repeat(500);
    doc.vendor_address = vec!["v".repeat(500); 40];
    doc.ship_to = vec!["N".repeat(5000), "address line ".repeat(500), "z".into()];
    doc.ship_to_phone = "9".repeat(300);
    doc.shipping_method = Some("UPS".repeat(300));
    doc.required_by = Some("soon ".repeat(300));
    doc.gift_message = Some("gift\n".repeat(400));
    doc.terms = "terms and more terms ".repeat(1000);
    doc.instructions = "instruct ".repeat(1000);
    doc.possible_duplicate = true;
    let rendered = pdf(&doc);
    assert!(rendered.incomplete);
    assert_tidy(&rendered.bytes);
}

#[test]
fn a_purchase_order_without_anything_is_still_one() {
    let mut doc = short();
    doc.lines.clear();
    (doc.ship_to, doc.vendor_address, doc.buyer.address) = (vec![], vec![], vec![]);
    for text in [
        &mut doc.number,
        &mut doc.vendor_name,
        &mut doc.terms,
        &mut doc.ship_to_phone,
    ] {
        text.clear();
    }
    assert!(read_back(&pdf(&doc).bytes).contains("PURCHASE ORDER"));
    assert!(render::text(&doc).contains("0 lines"));
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
        for body in [mail.text, mail.html.unwrap()] {
            assert!(
                !body.contains("://") && !body.contains("evil.example"),
                "{body}"
            );
            assert!(!body.contains("\nBcc") && !body.contains('\u{202e}') && !body.contains('\0'));
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
    insta::assert_snapshot!("po_mail", format!("{}\n\n{}", mail.subject, mail.text));
    let mail = templates.customer_placed(&placed()).unwrap();
    let html = mail.html.unwrap();
    for part in [&mail.subject, &mail.text, &html] {
        assert!(!part.contains("W200001-1"));
    }
    insta::assert_snapshot!("placed_mail", format!("{}\n\n{}", mail.subject, mail.text));
    insta::assert_snapshot!("placed_html", html);
}
