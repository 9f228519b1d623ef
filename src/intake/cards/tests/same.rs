//! The faster way finds what the former one found, in texts that are made of what either looks at.

use super::{Dice, former};
use crate::intake::cards::card::Card;
use crate::intake::cards::numbers;
use proptest::prelude::*;
use std::ops::Range;

type Found = Vec<(Range<usize>, Vec<u8>, Vec<Range<usize>>)>;

fn found(cards: Vec<Card>) -> Found {
    let parts = |card: Card| (card.place, card.digits, card.hidden);
    cards.into_iter().map(parts).collect()
}

/// Says which texts are read differently, and how many cards were found.
fn compare(text: &str) -> usize {
    let now = found(numbers::cards(text));
    assert_eq!(now, found(former::cards(text)), "{text:?}");
    now.len()
}

/// Pieces of texts with digits: signs, codes of them, tags, whole and broken ones.
const PIECES: &[&str] = &[
    " ", " ", "-", ".", "/", "  ", " - ", "   ", "    ", "\n", "\u{a0}", "\u{200b}", "\u{2011}",
    "%20", "%C2%A0", "&nbsp;", "&#160;", "&amp;", "=\r\n", "=\n", "=20", "=C2=A0", "<i>", "</i>",
    "<br/>", "< ", "<a", ">", "<é>", "+", "1Z", "1z", "x", ", ", " and ", "ch_", "d7", "é", "٤",
    "１", "*",
];

/// How many digits stand together in telephone numbers and on cards.
const SIZES: &[usize] = &[1, 1, 2, 3, 3, 4, 4, 4, 4, 5, 6, 10, 13, 15, 16, 19, 20];

#[test]
fn in_many_texts_of_pieces_the_same_cards_are_found() {
    let mut dice = Dice(5);
    let mut cards = 0;
    for _ in 0..20_000 {
        let one = dice.pick(PIECES);
        let steady = dice.roll(3) > 0;
        let mut text = String::new();
        for _ in 0..dice.roll(14) {
            match dice.roll(8) {
                0 => {
                    let card = dice.card();
                    text += &dice.noise(&card);
                }
                1 => text += &dice.other().1,
                2 | 3 => {
                    // four groups of a card, whatever stands between them
                    let card = dice.card();
                    for (place, digit) in card.chars().enumerate() {
                        if place > 0 && place % 4 == 0 {
                            text += if steady { one } else { dice.pick(PIECES) };
                        }
                        text.push(digit);
                    }
                }
                _ => {
                    let size = SIZES[dice.roll(SIZES.len())];
                    text += &dice.digits(size);
                }
            }
            text += if steady { one } else { dice.pick(PIECES) };
        }
        cards += compare(&text);
    }
    assert!(cards > 20_000, "{cards} are too few to compare");
}

/// Single digits of few kinds pass the check often, and telephone numbers stand in their way.
#[test]
fn in_runs_of_digits_with_blanks_the_same_cards_are_found() {
    let mut dice = Dice(6);
    let mut cards = 0;
    for round in 0..3_000 {
        let (kinds, gap) = (dice.roll(10) + 1, dice.pick(PIECES));
        let mut text = String::new();
        for _ in 0..dice.roll(80) {
            let size = if round % 2 == 0 { 1 } else { 3 + dice.roll(2) };
            for _ in 0..size {
                text.push(char::from(b'0' + ((4 + dice.roll(kinds)) % 10) as u8));
            }
            text += if dice.roll(20) == 0 {
                dice.pick(PIECES)
            } else {
                gap
            };
        }
        cards += compare(&text);
    }
    assert!(cards > 1_000, "{cards} are too few to compare");
}

proptest! {
    #[test]
    fn in_any_text_the_same_cards_are_found(
        text in "[3-6][0-9 .+\\-\u{200b}٠-٩]{0,80}|([0-9]{1,6}(\\PC|<[a-z/]{0,3}>?|%20|&nbsp;|=\n| )){0,30}"
    ) {
        compare(&text);
    }
}
