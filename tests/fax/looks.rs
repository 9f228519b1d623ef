//! The fax as a fax machine prints it: ghostscript's Group 4 TIFF at both resolutions, and the text
//! of its pages as poppler reads it.

use poms::domain::money::Money;
use poms::domain::po_document::PoDocument;
use poms::purchasing::render::{FaxTo, FontLibrary, fax};
use std::path::Path;
use std::process::Command;

fn short() -> PoDocument {
    serde_json::from_str(include_str!("../../fixtures/documents/short.json")).expect("a document")
}

fn long() -> PoDocument {
    let mut doc = short();
    let kinds = doc.lines.clone();
    doc.lines = (0..30)
        .map(|place| {
            let mut line = kinds[place % kinds.len()].clone();
            line.line = place as u32 + 1;
            line
        })
        .collect();
    doc.total = Money::sum(doc.lines.iter().map(|line| line.amount)).expect("a sum");
    doc
}

fn paper(doc: &PoDocument, cover_sheet: bool) -> Vec<u8> {
    let to = FaxTo {
        number: "336-555-0190",
        cover_sheet,
    };
    let paper = fax(doc, &to, &FontLibrary::default()).expect("a PDF");
    assert!(!paper.incomplete);
    paper.bytes
}

pub(super) fn run(program: &str, arguments: &[&str], folder: &Path) -> String {
    let done = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap_or_else(|fault| panic!("{program}: {fault}"));
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    String::from_utf8_lossy(&done.stdout).into_owned()
}

/// The text of each page.
pub(super) fn pages(bytes: &[u8]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("fax.pdf"), bytes).expect("written");
    let text = run("pdftotext", &["-layout", "fax.pdf", "-"], folder.path());
    let pages = text.trim_end_matches('\u{c}').split('\u{c}');
    pages
        .map(|page| page.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn every_page_says_from_whom_to_whom_which_order_and_which_page() {
    for (doc, cover, least) in [(short(), false, 1), (short(), true, 2), (long(), false, 3)] {
        let pages = pages(&paper(&doc, cover));
        assert!(pages.len() >= least, "{}", pages.len());
        for (place, page) in pages.iter().enumerate() {
            let number = format!("Page {} of {}", place + 1, pages.len());
            for word in [
                "From Example Shop to Benson Furnishings Inc., fax 336-555-0190",
                "Purchase order W200001-1",
                &number,
            ] {
                assert!(page.contains(word), "{word}: {page}");
            }
        }
    }
}

#[test]
fn a_fax_says_all_that_the_order_says() {
    let doc = short();
    let text = pages(&paper(&doc, false)).join(" ").replace(',', "");
    let mut words = vec![
        doc.total.display("USD"),
        doc.ship_to_phone.clone(),
        doc.terms.clone(),
    ];
    words.extend(doc.ship_to.clone());
    words.extend(doc.vendor_address.clone());
    for line in &doc.lines {
        words.extend([line.sku.clone(), line.vendor_sku.clone()]);
        words.extend([line.qty.to_string(), line.unit_cost.to_string()]);
    }
    for word in words.iter().flat_map(|words| words.split_whitespace()) {
        let word = word.replace(',', "");
        assert!(text.contains(&word), "{word}: {text}");
    }
    let mut again = doc;
    again.possible_duplicate = true;
    let text = pages(&paper(&again, false)).join(" ");
    assert!(text.contains("POSSIBLE DUPLICATE of a purchase order"));
}

#[test]
fn a_cover_sheet_is_a_page_of_its_own() {
    let with = pages(&paper(&short(), true));
    let without = pages(&paper(&short(), false));
    assert_eq!(with.len(), without.len() + 1);
    assert!(with[0].contains("FAX") && !with[0].contains("César"));
}

/// Black and white only, and small letters stay apart: at the coarse resolution the smallest text is
/// at least 11 points, 15 lines of dots.
#[test]
fn at_both_resolutions_the_page_is_black_on_white() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("fax.pdf"), paper(&long(), true)).expect("written");
    for resolution in ["-r204x98", "-r204x196"] {
        let arguments = [
            "-q",
            "-dNOPAUSE",
            "-dBATCH",
            "-sDEVICE=pbmraw",
            resolution,
            "-sPAPERSIZE=letter",
            "-dFIXEDMEDIA",
            "-sOutputFile=page-%d.pbm",
            "fax.pdf",
        ];
        run("gs", &arguments, folder.path());
        let page = std::fs::read(folder.path().join("page-2.pbm")).expect("a page");
        let black: u32 = page.iter().skip(16).map(|byte| byte.count_ones()).sum();
        let share = f64::from(black) / (page.len() as f64 * 8.0);
        // print covers a few per cent; a grey field that was rastered would be far above
        assert!((0.01..0.12).contains(&share), "{resolution}: {share}");
    }
    let content = String::from_utf8_lossy(&paper(&short(), true)).into_owned();
    let (objects, _) = content.split_once("xref").expect("a table of objects");
    let operators: Vec<&str> = objects.split_whitespace().collect();
    for grey in ["g", "G", "rg", "RG", "k", "K", "f", "f*", "sh"] {
        assert!(!operators.contains(&grey), "the operator {grey}");
    }
    for pair in operators.windows(2).filter(|pair| pair[1] == "Tf") {
        let size: f32 = pair[0].parse().expect("a size");
        assert!(size >= 10.9, "letters of {size} points");
    }
    for pair in operators.windows(2).filter(|pair| pair[1] == "w") {
        let weight: f32 = pair[0].parse().expect("a weight");
        assert!(weight >= 1.0, "a line of {weight} points");
    }
}
