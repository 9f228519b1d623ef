//! Card numbers and security codes in a mail, masked before anything is derived from it: what poms
//! writes of a mail, wherever, can hold none.

use super::Inbound;
use crate::intake::cards::{CardWords, KnownNumbers, mask_file, mask_known};
use crate::intake::classify::Class;

/// Masks all that the mail says; returns the words that were taken for card numbers.
pub(super) fn mask(mail: &mut Inbound, known: &KnownNumbers) -> CardWords {
    let mut words = CardWords::default();
    let mut known = known.clone();
    known.extend(mail.text.iter().flat_map(|text| tracked(text)));
    let mut text = |text: &mut String| {
        if let Some(masked) = mask_known(text, &known, &mut words) {
            *text = masked;
        }
    };
    text(&mut mail.sender);
    text(&mut mail.subject);
    mail.text.iter_mut().for_each(&mut text);
    mail.html.iter_mut().for_each(&mut text);
    for inner in &mut mail.forwarded {
        text(&mut inner.subject);
        inner.text.iter_mut().for_each(&mut text);
        inner.html.iter_mut().for_each(&mut text);
    }
    if let Class::Report(report) = &mut mail.class {
        text(&mut report.diagnostic);
    }
    mail.files.iter_mut().for_each(|file| text(&mut file.name));
    for file in &mut mail.files {
        if let Some(masked) = mask_file(&file.bytes, &known, &mut words) {
            file.bytes = masked;
        }
    }
    words
}

/// Numbers that a text calls a parcel's: `Tracking number: 4003…`. One in ten of some carriers' passes
/// every check of a card's.
fn tracked(text: &str) -> Vec<String> {
    let small = text.to_ascii_lowercase();
    let behind = |(at, _): (usize, &str)| {
        let rest = &small[at..];
        let sign = |c: char| !c.is_alphanumeric();
        let mut words = rest
            .split(sign)
            .filter(|word| !word.is_empty())
            .skip(1)
            .take(4);
        let first =
            words.find(|word| !["number", "no", "nr", "id", "code", "is"].contains(word))?;
        let digits = first.bytes().all(|b| b.is_ascii_digit());
        (digits && first.len() >= 13).then(|| first.to_owned())
    };
    small.match_indices("track").filter_map(behind).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parcels_number_is_one_directly_behind_its_word() {
        for (text, wanted) in [
            ("Tracking Number: 4111111111111111 (Canada Post)", true),
            ("tracking no. 4111111111111111", true),
            ("Track: 4111111111111111", true),
            ("tracking of my card 4111111111111111", false),
            (
                "my card 4111111111111111, what is the tracking number?",
                false,
            ),
            ("tracking number 4111 1111 1111 1111", false),
        ] {
            assert_eq!(!tracked(text).is_empty(), wanted, "{text}");
        }
    }
}
