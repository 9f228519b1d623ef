//! Table, properties, and how many card numbers are found and other numbers taken for one.

use super::schemes::luhn;
use super::*;

mod former;
mod large;
mod same;

fn mask(document: &mut Value) -> Vec<String> {
    super::mask(document, &KnownNumbers::new()).paths
}
use crate::domain::foreign::decimal;
use proptest::prelude::*;
use serde_json::json;

/// A small generator with a fixed seed, so that the measures are the same on every machine.
struct Dice(u64);

impl Dice {
    /// A number below `sides` (SplitMix64).
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) >> 33).unwrap_or_default() % sides
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.roll(of.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + self.roll(10) as u8))
            .collect()
    }

    /// A card number of a range of the schemes.
    fn card(&mut self) -> String {
        const STARTS: &[(&str, usize)] = &[
            ("4", 16),
            ("4", 13),
            ("4", 19),
            ("51", 16),
            ("55", 16),
            ("2221", 16),
            ("2720", 16),
            ("34", 15),
            ("37", 15),
            ("6011", 16),
            ("65", 16),
            ("644", 16),
            ("622126", 16),
            ("300", 14),
            ("36", 14),
            ("38", 14),
            ("3528", 16),
            ("3589", 16),
            ("62", 16),
            ("62", 19),
            ("5018", 13),
            ("6304", 15),
            ("6759", 18),
            ("6763", 19),
        ];
        let (start, length) = STARTS[self.roll(STARTS.len())];
        let mut card = start.to_owned() + &self.digits(length - start.len() - 1);
        let last = (b'0'..=b'9')
            .map(char::from)
            .find(|digit| luhn(format!("{card}{digit}").as_bytes()));
        card.extend(last);
        card
    }

    /// As people and programs write it.
    fn noise(&mut self, card: &str) -> String {
        const GAPS: &[&str] = &[
            " ", "-", ".", "\u{a0}", "\u{2011}", "\u{200b}", "\u{2009}", " - ", "  ", "_", "\n",
            "\u{2060}", "/", "\u{202f}", "\u{2013}",
        ];
        const SCRIPTS: &[u32] = &[0x660, 0x966, 0xff10, 0x1d7ce];
        let style = self.roll(5);
        let gap = self.pick(GAPS);
        let zero = SCRIPTS[self.roll(SCRIPTS.len())];
        let mut out = String::new();
        for (place, digit) in card.chars().enumerate() {
            let part = match style {
                0 => false,
                1 => place % 4 == 0,
                2 => matches!(place, 4 | 10),
                3 => self.roll(4) == 0,
                _ => true,
            };
            if place > 0 && part {
                out.push_str(if style == 3 { self.pick(GAPS) } else { gap });
            }
            let value = digit.to_digit(10).unwrap_or_default();
            let foreign = style == 0 && place % 2 == 0 && gap == "_";
            out.push(if foreign {
                char::from_u32(zero + value).unwrap_or(digit)
            } else {
                digit
            });
        }
        let before = self.pick(&[
            "",
            "card ",
            "CC:",
            "my visa is ",
            "2 pcs, pay with ",
            "№",
            "(",
            "x",
        ]);
        let after = self.pick(&[
            "",
            " exp 12/27",
            " 12/27 123",
            ", thanks",
            ".",
            " cvv 123",
            ")",
        ]);
        format!("{before}{out}{after}")
    }

    /// A number that is no card's, with the key under which it would stand.
    fn other(&mut self) -> (&'static str, String) {
        let mut d = |count| self.digits(count);
        let (a, b, c) = (d(3), d(3), d(4));
        let (long, more) = (d(12), d(20));
        match self.roll(16) {
            0 => ("phone", format!("{a}-{b}-{c}")),
            1 => ("phone", format!("001-{a}-{b}-{c}x{}", &long[..5])),
            2 => ("phone", format!("+1-{a}-{b}-{c}x{}", &long[..3])),
            3 => ("phone", format!("({a}){b}-{c}")),
            4 => ("phone", format!("+49 {} {}", &long[..4], &more[..7])),
            5 => (
                "comments",
                format!("call {a}-{b}-{c} or {b}-{a}-{}", &long[..4]),
            ),
            6 => (
                "comments",
                format!("call {a}-{b}-{c} {b}-{a}-{}", &long[..4]),
            ),
            7 => ("order_number", format!("W{}", &long[..6])),
            8 => ("order_number", more[..16].to_owned()),
            9 => (
                "comments",
                format!("PO {} of 2025-06-{}", &long[..10], &more[..2]),
            ),
            10 => ("upc", format!("{long}{}", &more[..1])),
            11 => ("description", format!("UPC {long}")),
            12 => ("tracking_number", format!("1Z{}", &more[..16])),
            13 => ("comments", format!("tracking 9400{}", &more[..18])),
            14 => ("comments", format!("tracking {long}")),
            _ => (
                "id",
                format!("{}", 4_000_000_000_000u64 + self.roll(1 << 31) as u64 * 999),
            ),
        }
    }
}

#[test]
fn all_of_a_thousand_card_numbers_are_caught() {
    let mut dice = Dice(18);
    let mut missed = Vec::new();
    for _ in 0..1000 {
        let card = dice.card();
        let text = dice.noise(&card);
        let mut document = json!({"comments": text.clone()});
        let paths = mask(&mut document);
        let left = document["comments"].as_str().unwrap_or_default();
        let kept: String = left.chars().filter_map(decimal).collect();
        if paths != ["comments"] || kept.contains(&card) {
            missed.push((card, text, left.to_owned()));
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed: {:?}",
        missed.len(),
        &missed[..missed.len().min(9)]
    );
}

#[test]
fn of_ten_thousand_other_numbers_fewer_than_ten_are_masked() {
    let mut dice = Dice(1);
    let mut wrong = Vec::new();
    for _ in 0..10_000 {
        let (key, text) = dice.other();
        let mut document = json!({ key: text.clone() });
        if !mask(&mut document).is_empty() {
            wrong.push((key, text));
        }
    }
    assert!(wrong.len() < 10, "{}: {wrong:?}", wrong.len());
}

#[test]
fn keeps_six_and_four_and_the_text_around() {
    for (text, masked) in [
        ("4111111111111111", Some("411111******1111")),
        (
            "pay 4111 1111-1111.1111 12/27!",
            Some("pay 411111******1111 12/27!"),
        ),
        ("3782 822463 10005", Some("378282*****0005")),
        (
            "a 5555555555554444 b 4111111111111111",
            Some("a 555555******4444 b 411111******1111"),
        ),
        ("٤١١١١١١١١١١١١١١١", Some("411111******1111")),
        ("4\u{200b}111111111111111", Some("411111******1111")),
        ("4111111111111112", None),
        ("9111111111111111", None),
        ("411111******1111", None),
        ("41111111111111111111111", None),
        ("4111, 1111, 1111, 1111", Some("411111******1111")),
        (
            "4111&nbsp;1111&nbsp;1111&nbsp;1111",
            Some("411111******1111"),
        ),
        (
            "card=4111%201111%201111%201111&x=1",
            Some("card=411111******1111&x=1"),
        ),
        ("4111%C2%A01111-1111&#160;1111", Some("411111******1111")),
        ("4111 and 1111 and 1111 and 1111", Some("411111******1111")),
        ("3782x822463x10005", Some("378282*****0005")),
        (
            "<i>4111</i><i>1111</i><i>1111</i><i>1111</i>",
            Some("<i>411111******1111</i>"),
        ),
        ("4111=20=\r\n1111 1111=\n 1111", Some("411111******1111")),
        ("4111, 1111; 1111, 1111", None),
        (
            "pay 4111111111111111 cvv 123",
            Some("pay 411111******1111 cvv ***"),
        ),
        ("CVV: 987", Some("CVV: ***")),
        ("4111 pieces of 1111 of 1111 and 1111", None),
        ("859-589-9227 x4111", None),
        ("1Z4561870886064632", None),
        ("", None),
    ] {
        assert_eq!(mask_text(text).as_deref(), masked, "{text}");
    }
}

#[test]
fn looks_everywhere_and_leaves_references_alone() {
    let card = "4111111111111111";
    let mut document = json!({
        "order_number": card, "sku": card, "comments": card, "lines": [
            {"sku": card, "qty": 1, "product_id": 4111111111111111u64, "description": format!("x {card}")},
            {"note": 4111111111111111u64, "list": ["a", card]},
        ],
        "4111-1111-1111-1111": true, "411111******1111": 1, "card_id": card,
        "extra": {"4111111111111111": {"deep": card}},
    });
    assert_eq!(
        mask(&mut document),
        [
            "411111******1111",
            "comments",
            "lines[0].description",
            "lines[1].note",
            "lines[1].list[1]",
            "card_id",
            "extra.411111******1111",
            "extra.411111******1111.deep",
        ]
    );
    assert_eq!(document["order_number"], card);
    assert_eq!(document["lines"][0]["product_id"], 4111111111111111u64);
    assert_eq!(document["lines"][1]["note"], "411111******1111");
    assert_eq!(document["411111******1111"], true);
    assert_eq!(document["411111******1111 #5"], 1);
    assert_eq!(
        mask(&mut document),
        Vec::<String>::new(),
        "a second time nothing"
    );
}

#[test]
fn what_is_known_letter_for_letter_is_no_card() {
    let known = |words: &[&str]| {
        words
            .iter()
            .map(|word| (*word).to_owned())
            .collect::<KnownNumbers>()
    };
    for (text, words, wanted) in [
        ("PEN-4006381333221", &["PEN-4006381333221"][..], None),
        (
            "PEN-4006381333221",
            &["pen-4006381333221"],
            Some("PEN-400638***3221"),
        ),
        (
            "PEN-4006381333221",
            &["4006381333222"],
            Some("PEN-400638***3221"),
        ),
        (
            "two of EAN:4006381333221, please.",
            &["4006381333221"],
            None,
        ),
        ("order W-4000000000000010.", &["W-4000000000000010"], None),
        (
            "po W-4000000000000010-1: yes",
            &["W-4000000000000010-1"],
            None,
        ),
        (
            "PEN-4006381333221 and 4111111111111111",
            &["PEN-4006381333221"],
            Some("PEN-4006381333221 and 411111******1111"),
        ),
    ] {
        let mut found = CardWords::default();
        let masked = mask_known(text, &known(words), &mut found);
        assert_eq!(masked.as_deref(), wanted, "{text}");
        assert_eq!(found.0.is_empty(), wanted.is_none(), "{text}");
    }
}

#[test]
fn codes_are_kept_nowhere_and_order_numbers_are_left() {
    let mut document = json!({
        "order_number": "W-4000000000000010",
        "payment": {"cvv": 987, "card": {"CVC2": "0123", "security_code": ["12"], "exp": "12/28"}, "csc": ""},
        "comments": "CVV: 987",
        "sku": "X4111111111111111",
    });
    let found = super::mask(&mut document, &KnownNumbers::new());
    assert_eq!(
        found.paths,
        [
            "payment.cvv",
            "payment.card.CVC2",
            "payment.card.security_code[0]",
            "comments",
            "sku"
        ]
    );
    assert_eq!(document["order_number"], "W-4000000000000010");
    let text = document.to_string();
    assert!(
        !text.contains("987") && !text.contains("0123") && !text.contains("\"12\""),
        "{text}"
    );
    assert!(
        super::mask(&mut document, &KnownNumbers::new())
            .paths
            .is_empty()
    );
    assert_eq!(format!("{:?}", found.words), "2 words");
}

proptest! {
    #[test]
    fn never_panics_and_is_done_at_once(text in "\\PC{0,60}|[0-9 .+\\-\u{200b}٠-٩]{0,60}") {
        if let Some(masked) = mask_text(&text) {
            prop_assert_ne!(&masked, &text);
            prop_assert_eq!(mask_text(&masked), None);
        }
    }
}

#[test]
fn pieces_of_a_machines_word_are_no_cards() {
    // digits that pass every check, with a letter and a digit beside them
    for text in ["ch_4111111111111111d7", "tok_1a4111111111111111"] {
        assert_eq!(mask_text(text), None, "{text}");
    }
    for text in [
        "VISA4111111111111111",
        "4111111111111111exp",
        "card:4111111111111111",
    ] {
        assert!(mask_text(text).is_some(), "{text}");
    }
}
