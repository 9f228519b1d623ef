//! The purchase order's PDF as poppler sees it.

use super::short;
use poms::domain::money::Money;
use poms::domain::po_document::PoDocument;
use poms::notices::Templates;
use poms::purchasing::render::{self, FontLibrary};
use std::io::Write;
use std::process::{Command, Stdio};

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
    render::pdf(doc, &FontLibrary::default()).unwrap()
}

/// Runs one of poppler's programs with the file on its standard input.
pub fn poppler(program: &str, arguments: &[&str], file: &[u8]) -> String {
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
pub fn read_back(file: &[u8]) -> String {
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
    for name in ["山田太郎", "김철수", "สมชาย", "राम", "x\u{202e}y"] {
        let mut doc = short();
        doc.ship_to[0] = name.into();
        let rendered = pdf(&doc);
        assert!(rendered.incomplete, "{name}");
        let read = read_back(&rendered.bytes);
        assert!(read.contains('\u{fffd}'), "{name}");
        assert!(
            read.contains("the mail that brought this has all of it"),
            "{read}"
        );
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
