//! What a document or text may cost that was made to cost much.

use crate::intake::cards::{Known, MOST_PATHS, MOST_WORDS, Words, mask_known};
use serde_json::Value;

/// A path that was spelt for each value would be some twenty gigabytes here, and so would the list of
/// the paths.
#[test]
fn a_document_of_long_keys_and_many_numbers_is_masked() {
    let key = "k".repeat(1 << 20);
    let list = vec![Value::from("4111 1111 1111 1111"); 20_000];
    let mut document = serde_json::json!({ key: list });
    let masked = crate::intake::cards::mask(&mut document, &Known::new());
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
    let mut words = Words::default();
    let masked = mask_known(&text, &Known::new(), &mut words).unwrap();
    assert!(!masked.contains("411111111"));
    assert!(words.0.len() <= MOST_WORDS + 1);
    assert!(words.0.iter().all(|word| word.len() <= 200));
    // a word of sense is known with what stands around the number
    let mut words = Words::default();
    mask_known("see W/4111111111111111-b.", &Known::new(), &mut words).unwrap();
    assert_eq!(words.0[0], "W/4111111111111111-b");
}
