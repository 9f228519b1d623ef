//! What a document or text may cost that was made to cost much.

use crate::intake::cards::numbers::{LOOKED, cards};
use crate::intake::cards::{
    CardWords, KnownNumbers, MOST_PATHS, MOST_WORDS, mask_known, mask_mail, mask_text,
};
use serde_json::Value;

/// A path that was spelt for each value would be some twenty gigabytes here, and so would the list of
/// the paths.
#[test]
fn a_document_of_long_keys_and_many_numbers_is_masked() {
    let key = "k".repeat(1 << 20);
    let list = vec![Value::from("4111 1111 1111 1111"); 20_000];
    let mut document = serde_json::json!({ key: list });
    let masked = crate::intake::cards::mask(&mut document, &KnownNumbers::new());
    assert_eq!(masked.paths.len(), MOST_PATHS);
    let length: usize = masked.paths.iter().map(String::len).sum();
    assert!(length < 100_000, "{length}");
    assert!(!document.to_string().contains("1111 1111"));
}

/// Each number is a part of one word that is the whole text: as words they would be some hundred
/// gigabytes.
#[test]
fn a_text_of_numbers_without_blanks_is_masked() {
    let text = "4111111111111111/".repeat(100_000);
    let mut words = CardWords::default();
    let masked = mask_known(&text, &KnownNumbers::new(), &mut words).unwrap();
    assert!(!masked.contains("411111111"));
    assert!(words.0.len() <= MOST_WORDS + 1);
    assert!(words.0.iter().all(|word| word.len() <= 200));
    // a word of sense is known with what stands around the number
    let mut words = CardWords::default();
    mask_known(
        "see W/4111111111111111-b.",
        &KnownNumbers::new(),
        &mut words,
    )
    .unwrap();
    assert_eq!(words.0[0], "W/4111111111111111-b");
}

/// What 100,000 bytes cost that were made to cost much, in characters, digits and groups that were looked
/// at: so much for each byte at most, and twice as many bytes cost twice as much.
#[test]
fn every_byte_of_a_hostile_text_is_looked_at_few_times() {
    const MOST: usize = 30;
    for piece in [
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 2 ",
        "4 ",
        "5 ",
        "6",
        "4111 ",
        "4111,",
        "4111-",
        "444-444-4444 ",
        "555 555 5555-",
        "1 <a",
        "4<a 4</a ",
        "4&nbsp;",
        "4&&",
        "4%%20",
        "4=\n",
        "4\u{200b} ",
        "4111111111111d",
        "+4111111111111 ",
        "1Z4111111111111111 ",
    ] {
        let looked = |bytes: usize| {
            let text = piece.repeat(bytes / piece.len());
            let before = LOOKED.get();
            cards(&text);
            LOOKED.get() - before
        };
        let (once, twice) = (looked(100_000), looked(200_000));
        assert!(once <= 100_000 * MOST, "{piece:?}: {once}");
        assert!(twice * 10 <= once * 21, "{piece:?}: {once}, {twice}");
    }
}

/// Behind each word the whole rest would be read, or each code be looked for among all that were found:
/// some ten thousand million letters here.
#[test]
fn a_text_of_words_before_codes_is_masked() {
    let text = "cvv".repeat(200_000);
    assert_eq!(mask_text(&text), None);
    let text = "cvv 123 ".repeat(100_000);
    assert_eq!(mask_text(&text).unwrap(), "cvv *** ".repeat(100_000));
    assert_eq!(mask_text("cvv cvv 123").unwrap(), "cvv cvv ***");
}

/// The end of each word of a header (RFC 2047) would be looked for through all of the line.
#[test]
fn a_line_of_words_that_have_no_end_is_masked() {
    let mail = format!(
        "Subject: {} 4111111111111111\n\nx\n",
        "=?utf-8?b?".repeat(50_000)
    );
    let masked = mask_mail(
        mail.as_bytes(),
        &KnownNumbers::new(),
        &mut CardWords::default(),
    )
    .unwrap();
    assert!(masked.ends_with(b" 411111******1111\n\nx\n"));
}
