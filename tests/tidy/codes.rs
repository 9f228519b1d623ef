//! Codes of exceptions are a type: no room tells them apart by their words.

use super::sources;
use poms::domain::codes::Code;
use regex::Regex;
use std::collections::BTreeSet;

/// Where a word that is a code, too, means something else, with what it is there.
const OTHERWISE: [(&str, &str); 21] = [
    // a setting of the ledger, its audit trail and its place in `poms status`
    ("cli/process.rs", "stop_switch"),
    ("ledger/settings.rs", "stop_switch"),
    ("reports/plain_words.rs", "stop_switch"),
    ("reports/status.rs", "stop_switch"),
    // a field of an order
    ("desk/amend.rs", "required_by"),
    ("desk/change/words.rs", "required_by"),
    ("intake/settle/taken_over.rs", "required_by"),
    ("shipping/apply/revision.rs", "required_by"),
    ("formats/canonical.rs", "required_by"),
    ("domain/layout.rs", "required_by"),
    ("purchasing/render/json.rs", "required_by"),
    ("reports/order_story/json.rs", "required_by"),
    ("rules/control_character.rs", "required_by"),
    ("formats/amazon_df.rs", "required_by"),
    ("formats/mapped/fields.rs", "required_by"),
    // a column of a purchase order
    ("domain/layout.rs", "customer_comment"),
    ("purchasing/render/json.rs", "customer_comment"),
    // kinds of mails and of facts
    ("reports/plain_words/taken_back.rs", "revision_refused"),
    ("reports/plain_words.rs", "customer_unanswered"),
    ("reports/plain_words/customer.rs", "customer_unanswered"),
    ("reports/plain_words/taken_back.rs", "cancellation_refused"),
];

/// Files in which `code` is no exception's code, with whose it is.
const OTHER_CODES: [&str; 9] = [
    // a state's, a currency's, a carrier's service's, a postal code, an IMAP server's
    "carriers/ups_api/tracking.rs",
    "domain/places.rs",
    "domain/money.rs",
    "domain/promise.rs",
    "rules/bad_zip.rs",
    "intake/mailbox/imap/fault.rs",
    // the command line's own word, which is no code before it was looked up
    "cli/args/exceptions.rs",
    // the table itself
    "domain/codes.rs",
    "domain/codes/exception_code.rs",
];

#[test]
fn no_code_of_an_exception_is_a_word_in_the_source() {
    let literal = Regex::new(r#""(\w+)""#).unwrap();
    let mut seen = BTreeSet::new();
    for source in sources("src") {
        // the table itself, and unit tests that compare with what people see
        if source.name.starts_with("domain/codes") || source.name.contains("tests") {
            continue;
        }
        for found in literal.captures_iter(&source.code) {
            let here = (source.name.as_str(), &found[1]);
            if Code::parse(here.1).is_none() {
                continue;
            }
            let listed = OTHERWISE.iter().find(|one| **one == here);
            let advice = "say domain::codes::Code::…, or list here what else the word means";
            seen.insert(
                *listed.unwrap_or_else(|| panic!("src/{}: '{}': {advice}", here.0, here.1)),
            );
        }
    }
    assert_eq!(seen.len(), OTHERWISE.len(), "{seen:?}");
}

#[test]
fn no_code_of_an_exception_is_kept_as_text() {
    let text = r"\bcodes?: (Option<|Vec<|&?\[)*(&('[a-z]+ )?str|String)\b";
    let text = Regex::new(text).unwrap();
    for source in sources("src") {
        if OTHER_CODES.contains(&source.name.as_str()) {
            continue;
        }
        if let Some(found) = text.find(&source.code) {
            let found = found.as_str();
            panic!(
                "src/{}: `{found}`: take a Code or ExceptionCode",
                source.name
            );
        }
    }
}
