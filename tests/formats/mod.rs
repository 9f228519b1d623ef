//! Order formats, each by the files of its folder in `fixtures/orders`: what comes out of them, and
//! that masking, re-reading and amendment hold whatever format an order came in.
//!
//! `POMS_REGENERATE=1` writes what is expected anew.

mod by_hand;
mod changed;
mod early;
mod example;
mod followed;
mod own;
mod own_faults;
mod own_properties;
mod placed;
mod properties;
mod returned;
mod several;
mod undated;

use crate::support::golden::golden;
use poms::desk::amend::amend;
use poms::domain::order::Order;
use poms::formats::{self, FORMATS, FormatError, OrderDocument, OrderFormats};
use poms::intake::cards::{self, KnownNumbers};
use poms::intake::mime;
use poms::ledger::orders::content_hash;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A test card's number, in every form in which the fixtures write it.
const CARD: [&str; 2] = ["4111111111111111", "4111 1111 1111 1111"];

/// The files of each format's folder.
fn fixtures() -> BTreeMap<String, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/orders");
    let mut all = BTreeMap::new();
    for folder in std::fs::read_dir(root).expect("the folder") {
        let folder = folder.expect("an entry");
        let files = std::fs::read_dir(folder.path()).expect("a folder");
        let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
        files.retain(|path| !path.to_string_lossy().ends_with(".expected.json"));
        files.retain(|path| !path.ends_with("format.toml"));
        files.sort();
        all.insert(folder.file_name().to_string_lossy().into_owned(), files);
    }
    all
}

/// Orders, each with the paths that were masked.
type Found = Vec<(Order, Vec<String>)>;

/// poms' own formats, and that which a folder of fixtures describes in its `format.toml`.
fn formats_of(folder: &Path) -> OrderFormats {
    let Ok(text) = std::fs::read_to_string(folder.join("format.toml")) else {
        return OrderFormats::default();
    };
    let name = folder.file_name().expect("a name").to_string_lossy();
    match formats::mapped::parse(&name, &text) {
        Ok(format) => OrderFormats::with(vec![format]),
        Err(faults) => panic!("{name}: {faults:?}"),
    }
}

/// The orders of a file as the ledger would get them.
fn read(path: &Path) -> Result<(String, Found), FormatError> {
    let name = path.file_name().expect("a name").to_string_lossy();
    let document = OrderDocument::new(std::fs::read(path).expect("the file")).named(&name);
    let found = formats_of(path.parent().expect("a folder")).find(&document)?;
    let orders = found.orders.into_iter().map(|canonical| {
        let mut canonical = canonical?;
        let masked = cards::mask(&mut canonical, &KnownNumbers::new()).paths;
        let order = formats::order(canonical).map_err(|fault| FormatError::Malformed {
            format: found.format.clone(),
            reason: fault.0,
        })?;
        Ok((order, masked))
    });
    let orders = orders.collect::<Result<_, FormatError>>()?;
    Ok((found.format, orders))
}

/// Every order of every fixture that can be read.
fn orders() -> Vec<(String, Order)> {
    let of = |path: &PathBuf| match read(path) {
        Ok((_, orders)) => orders,
        Err(_) => Vec::new(),
    };
    let all = fixtures().into_iter().flat_map(|(format, paths)| {
        let orders: Vec<_> = paths.iter().flat_map(of).collect();
        let named = orders
            .into_iter()
            .map(move |(order, _)| (format.clone(), order));
        named.collect::<Vec<_>>()
    });
    all.collect()
}

#[test]
fn every_fixture_is_read_as_expected() {
    for (folder, paths) in fixtures() {
        for path in paths {
            let shown = match read(&path) {
                Ok((format, orders)) => {
                    assert_eq!(format, folder, "{}", path.display());
                    let orders = orders.into_iter().map(|(order, masked)| {
                        let identity = poms::clock::hex(&content_hash(&order));
                        json!({"order": order, "masked": masked, "identity": identity})
                    });
                    Value::from_iter(orders)
                }
                Err(fault) => json!({"refused": fault.to_string()}),
            };
            let shown = serde_json::to_string_pretty(&shown).expect("JSON") + "\n";
            assert!(CARD.iter().all(|card| !shown.contains(card)), "{shown}");
            golden(path.with_extension("expected.json"), &shown);
        }
    }
}

#[test]
fn each_format_has_its_name_its_words_and_fixtures_of_every_kind() {
    let fixtures = fixtures();
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    assert!(
        fixtures
            .keys()
            .all(|folder| names.contains(&folder.as_str()) || folder.starts_with("own-")),
        "a folder of no format"
    );
    for (place, format) in FORMATS.iter().enumerate() {
        assert!(!names[place + 1..].contains(&format.name) && !format.about.is_empty());
    }
    for (name, paths) in &fixtures {
        let read: Vec<_> = paths.iter().map(|path| read(path)).collect();
        let good = read.iter().flatten().flat_map(|(_, orders)| orders);
        let has = |what: &str, is: bool| assert!(is, "fixtures/orders/{name}: {what}");
        has("an order", good.clone().count() > 0);
        has(
            "a card number that is masked",
            good.clone().any(|(_, masked)| !masked.is_empty()),
        );
        has(
            "a document that is not valid",
            read.iter().any(Result::is_err),
        );
    }
}

#[test]
fn what_the_ledger_keeps_is_read_again_as_the_same_order() {
    for (format, order) in orders() {
        let kept = json!(order).to_string();
        let canonical: Value = serde_json::from_str(&kept).expect("JSON");
        assert_eq!(
            serde_json::from_str::<Order>(&kept).expect("an order"),
            order,
            "{format}"
        );
        let again = formats::order(canonical).expect("an order");
        assert_eq!(
            (content_hash(&again), &again),
            (content_hash(&order), &order),
            "{format}"
        );
    }
}

#[test]
fn an_order_of_any_format_is_amended_by_path_and_masked_as_it_is() {
    for (format, order) in orders()
        .into_iter()
        .filter(|(_, order)| !order.lines.is_empty())
    {
        let changes = [
            "ship_to.zip=99501",
            "lines.1.qty=7",
            "comments=card 4111 1111 1111 1111",
        ];
        let (amended, masked) = amend(&order, &changes.map(str::to_owned)).expect(&format);
        assert_eq!(
            (amended.ship_to.zip.as_str(), amended.lines[0].qty),
            ("99501", 7),
            "{format}"
        );
        assert!(
            masked.contains(&"comments".to_owned()),
            "{format}: {masked:?}"
        );
        assert_eq!(amended.comments.as_deref(), Some("card 411111******1111"));
        let fault = amend(&order, &["ship_to.zap=1".to_owned()]).expect_err("no such field");
        assert!(fault.contains("did you mean zip?"), "{fault}");
        let fault = amend(&order, &["lines.1.qty=x".to_owned()]).expect_err("no number");
        assert_eq!(
            fault,
            "the amended order would not be valid: lines.1.qty is a text, not a whole number"
        );
    }
}

/// What was decrypted, as a MIME entity of these parts.
fn entity(parts: &[&str]) -> Vec<u8> {
    let parts: String = parts
        .iter()
        .map(|part| format!("--b\r\n{part}\r\n"))
        .collect();
    format!("Content-Type: multipart/mixed; boundary=b\r\n\r\n{parts}--b--\r\n").into_bytes()
}

#[test]
fn the_document_of_an_entity_keeps_what_was_stated_of_it() {
    let json = "{\"order_number\": \"1\"}";
    let note = "Content-Type: text/plain\r\n\r\nThe order is attached.";
    let file = format!(
        "Content-Type: Application/Octet-Stream; name=\"Order.JSON\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}",
        "eyJvcmRlcl9udW1iZXIiOiAiMSJ9"
    );
    let document =
        mime::document(&entity(&[note, &file]), &Default::default()).expect("one document");
    assert_eq!(document.bytes(), json.as_bytes());
    assert_eq!(document.media_type(), Some("application/octet-stream"));
    assert_eq!(document.file_name(), Some("order.json"));
    let stated = "Content-Type: text/json; charset=iso-8859-1\r\n\r\n";
    let latin = [stated.as_bytes(), b"{\"name\": \"C\xe9sar\"}"].concat();
    let document = mime::document(&latin, &Default::default()).expect("one document");
    assert_eq!(document.text().expect("text"), "{\"name\": \"César\"}");
    // bytes that state to be something else are no order, whatever is in them
    let image = format!("Content-Type: image/png\r\n\r\n{json}");
    let refused = mime::document(&entity(&[&image]), &Default::default())
        .err()
        .expect("no document");
    assert_eq!(refused.code.as_str(), "unknown_format");
    let two = format!("Content-Type: application/json\r\n\r\n{json}");
    let refused = mime::document(&entity(&[&two, &file]), &Default::default())
        .err()
        .expect("two documents");
    assert_eq!(
        (refused.code.as_str(), refused.reason.as_str()),
        (
            "mixed_content",
            "it holds 2 documents; one message is one order"
        )
    );
}

#[test]
fn a_document_of_no_format_is_told_as_what_it_is() {
    let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let known = format!(
        "is of no order format that poms knows ({})",
        names.join(", ")
    );
    let said = |bytes: &[u8]| match formats::find(&OrderDocument::new(bytes.to_vec())) {
        Ok(found) => panic!("{} took it", found.format),
        Err(fault) => fault.to_string(),
    };
    assert_eq!(said(b"{\"id\": 1}"), format!("the JSON {known}"));
    assert_eq!(
        said(b"{\"id\": 1"),
        "the text is not JSON (line 1, column 8)"
    );
    assert!(said(b"{\"id\": 1, \"id\": 2}").contains("the key id stands twice"));
    assert_eq!(
        said(b"Hello,\nplease send"),
        format!("the document {known}")
    );
    assert_eq!(
        said(b"{\"id\": \"\xff\"}"),
        "the document is not the UTF-8 text that it should be"
    );
}
