//! Names of all scripts on paper, and what happens when no font has them.

use super::paper::{poppler, read_back};
use super::short;
use crate::support::desk::TestDesk;
use poms::purchasing::render::{self, FaxTo, FontLibrary};
use serde_json::json;

/// Of Debian's packages fonts-tlwg-garuda-otf (outlines in CFF) and fonts-droid-fallback (TrueType).
const THAI: &str = "/usr/share/fonts/opentype/tlwg/Garuda.otf";
const CJK: &str = "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf";

/// The PDF and the fax of a purchase order to this person, read back.
fn papers(name: &str, street: &str, fonts: &FontLibrary) -> [(bool, Vec<u8>); 2] {
    let mut doc = short();
    doc.ship_to[0] = name.to_owned();
    doc.ship_to[1] = street.to_owned();
    let to = FaxTo {
        number: "+12075550100",
        cover_sheet: true,
    };
    let both = [render::pdf(&doc, fonts), render::fax(&doc, &to, fonts)];
    both.map(|paper| paper.map(|paper| (paper.incomplete, paper.bytes)).unwrap())
}

/// A text without what a reader adds to mark its direction, and in one form of each letter.
fn plain(text: &str) -> String {
    let kept = text
        .chars()
        .filter(|c| !('\u{200b}'..='\u{202e}').contains(c));
    kept.collect()
}

#[test]
fn hebrew_and_arabic_need_no_font_of_the_site() {
    for (name, street) in [
        ("דוד בן גוריון", "רחוב הרצל 12"),
        ("David דוד Levi", "12 רחוב הרצל (קומה 3)"),
        ("محمد علي", "شارع الملك فهد 45"),
        ("فاطمة الزهراء", "Apt. 9, شارع 7"),
        ("شَيْماء", "دمشق"),
        ("رضا پهلوی", "خیابان آزادی"),
    ] {
        for (incomplete, file) in papers(name, street, &FontLibrary::default()) {
            assert!(!incomplete, "{name}");
            let read = plain(&read_back(&file));
            assert!(!read.contains('\u{fffd}'), "{name}: {read}");
            for word in name.split(' ').filter(|word| !word.contains('\u{64e}')) {
                assert!(read.contains(word), "{word} of {name} is not in: {read}");
            }
        }
    }
}

#[test]
fn fonts_of_the_site_show_the_rest() {
    let fonts = FontLibrary::load(&[THAI, CJK]).expect("the fonts of tests/need");
    for (name, street) in [
        ("สมชาย ใจดี", "123 ถนนสุขุมวิท"),
        ("山田太郎", "東京都千代田区1-1"),
        ("王小明 Ming", "北京市朝阳区建国路88号"),
        ("Ann สมชาย 王 דוד", "1 Main St"),
    ] {
        for (incomplete, file) in papers(name, street, &fonts) {
            assert!(!incomplete, "{name}");
            let read = plain(&read_back(&file)).replace(' ', "");
            let spaceless = name.replace(' ', "");
            if !name.contains("דוד") {
                assert!(read.contains(&spaceless), "{name} is not in: {read}");
            }
            let used = poppler("pdffonts", &["-"], &file);
            assert!(
                used.contains("Garuda") || used.contains("DroidSansFallbackFull"),
                "{used}"
            );
            let embedded = |line: &&str| line.contains('+');
            assert!(
                used.lines()
                    .filter(embedded)
                    .all(|line| line.contains("yes yes yes")),
                "{used}"
            );
        }
    }
}

#[test]
fn equal_documents_give_equal_bytes_in_every_script() {
    let fonts = FontLibrary::load(&[CJK]).expect("the font of tests/need");
    let one = || papers("王小明 דוד محمد", "東京都1-1", &fonts);
    assert!(one() == one());
}

#[test]
fn files_that_are_no_fonts_are_named() {
    for (file, words) in [
        ("no-such.ttf", "cannot be read"),
        ("/dev/zero", "a device"),
        ("Cargo.toml", "no TrueType or OpenType font"),
    ] {
        let said = FontLibrary::load(&[file]).err().expect("a refusal");
        assert!(said.contains(file) && said.contains(words), "{said}");
        assert!(said.contains("site.fonts"), "{said}");
    }
}

/// An order for a receiver whose name no built-in font has, of a vendor that has a fax only.
fn by_fax(name: &str) -> TestDesk {
    let desk = TestDesk::new()
        .vendors(
            "id,name,email,fax,channel,zip\n\
             ACME,Acme Home Goods,,+12075550100,fax,04101\n",
        )
        .catalogue(
            "sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight\n\
             KT10-00010,Kettle 1.7 l,Kitchen,ACME,AC-00010,14.00,29.90,1.4\n",
        );
    desk.config("[delivery.fax]\nkind = \"gateway\"\naddress = \"{number}@fax.example\"\n");
    let mut order = TestDesk::plain_order("W200001");
    order["ship_to"]["name"] = json!(name);
    order["lines"] = json!([{"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"}]);
    order["total"] = json!("29.90");
    desk.order(&order);
    desk
}

#[test]
fn a_name_that_paper_cannot_show_holds_the_order_before_anything_leaves() {
    let desk = by_fax("山田太郎");
    desk.run(&["process"]).ok();
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let row = &list["exceptions"][0];
    assert_eq!(row["code"], "unprintable_address");
    let text = row["message"].as_str().expect("a text");
    assert!(
        text.contains("山田太郎") && text.contains("U+5C71"),
        "{text}"
    );
    assert!(desk.mails_to("12075550100@fax.example").is_empty());

    // a font is put on file, and the order checked anew
    let config = std::fs::read_to_string(desk.path("poms.toml")).expect("the configuration");
    let config = config.replacen(
        "[[mailbox]]",
        &format!("fonts = [\"{CJK}\"]\n[[mailbox]]"),
        1,
    );
    desk.file("poms.toml", config.as_bytes());
    let retry = ["exceptions", "resolve", "1", "--retry", "--note", "font"];
    let said = desk.run(&retry).ok().stdout;
    assert!(said.contains("W200001 is placed"), "{said}");
    let list = desk.run(&["po", "pdf", "W200001-1", "-o", "po.pdf"]);
    list.ok();
    let file = std::fs::read(desk.path("po.pdf")).expect("a PDF");
    assert!(read_back(&file).contains("山田太郎"));
}

#[test]
fn a_name_amended_to_letters_that_paper_has_goes_on() {
    let desk = by_fax("山田太郎");
    desk.run(&["process"]).ok();
    let amend = [
        "exceptions",
        "resolve",
        "1",
        "--amend",
        "ship_to.name=Taro Yamada",
        "--note",
        "as in his mail",
    ];
    let said = desk.run(&amend).ok().stdout;
    assert!(said.contains("W200001 is placed"), "{said}");
}
