//! E.164 from what vendors write; numbers that cannot be called are refused before anything is sent.

use phonenumber::country;

/// The longest text that is taken for a number.
const LONGEST: usize = 40;

/// The number in E.164, `+` and digits; what is written without a country code is of the US.
///
/// # Errors
/// Why it cannot be called, in a sentence that quotes it.
pub fn e164(written: &str) -> Result<String, String> {
    let text = written.trim();
    let quoted: String = text
        .chars()
        .take(LONGEST)
        .filter(|c| !c.is_control())
        .collect();
    let wrong = |why: &str| {
        format!("'{quoted}' cannot be faxed: {why}; mend the vendor's fax number and import it")
    };
    if text.is_empty() {
        return Err("there is no fax number: add one to the vendor and import it".to_owned());
    }
    if text.chars().count() > LONGEST {
        return Err(wrong("it is longer than 40 characters"));
    }
    if text.chars().any(|c| c.is_ascii_alphabetic()) {
        return Err(wrong(
            "it has letters in it, and a fax machine has no extension",
        ));
    }
    let plain = |c: char| c.is_ascii_digit() || "+-(). /".contains(c);
    if !text.chars().all(plain) || text.rfind('+').is_some_and(|at| at > 0) {
        return Err(wrong("it has characters that no number has"));
    }
    // +44 (0)20: the 0 is for callers inside the country
    let text = text.replacen("(0)", "", 1);
    // people of the US dial 011 abroad, others write 00
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let abroad = ["011", "00"]
        .iter()
        .find_map(|mark| digits.strip_prefix(mark))
        .filter(|_| !text.starts_with('+'));
    match abroad {
        Some(rest) => of_the_world(rest),
        None if text.starts_with('+') => of_the_world(&digits),
        None => of_america(match digits.strip_prefix('1') {
            Some(rest) if rest.len() == 10 => rest,
            _ => &digits,
        }),
    }
    .map_err(|why| wrong(&why))
}

/// Ten digits of the North American plan: area code and exchange begin with 2 to 9.
fn of_america(digits: &str) -> Result<String, String> {
    let count = digits.len();
    if count != 10 {
        return Err(format!(
            "a number of the US has 10 digits, this has {count}"
        ));
    }
    let starts = |at: usize| matches!(digits.as_bytes().get(at), Some(b'2'..=b'9'));
    if !starts(0) || !starts(3) {
        return Err("no area code or exchange of the US begins with 0 or 1".to_owned());
    }
    if digits[1..3] == *"11" || digits[3..6] == *"911" {
        return Err("it has a service code such as 911 in it".to_owned());
    }
    Ok(format!("+1{digits}"))
}

fn of_the_world(digits: &str) -> Result<String, String> {
    if let Some(american) = digits.strip_prefix('1') {
        return of_america(american);
    }
    if !(7..=15).contains(&digits.len()) {
        let count = digits.len();
        return Err(format!(
            "international numbers have 7 to 15 digits, this has {count}"
        ));
    }
    // the crate knows the countries' codes and the forms of their numbers
    let number = phonenumber::parse(Some(country::US), format!("+{digits}"))
        .map_err(|_| "it begins with no country's code".to_owned())?;
    if !phonenumber::is_valid(&number) {
        return Err("its country has no numbers of this form".to_owned());
    }
    Ok(number.format().mode(phonenumber::Mode::E164).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_vendors_write_becomes_e164() {
        for (written, number) in [
            ("207-555-0142", "+12075550142"),
            ("(207) 555-0142", "+12075550142"),
            ("1.207.555.0142", "+12075550142"),
            ("+1 207 555 0142", "+12075550142"),
            ("011 44 20 7946 0018", "+442079460018"),
            ("+44 (0)20 7946 0018", "+442079460018"),
            ("0049 30 901820", "+4930901820"),
            ("+19898989898", "+19898989898"),
        ] {
            assert_eq!(e164(written).as_deref(), Ok(number), "{written}");
        }
    }

    #[test]
    fn numbers_that_cannot_be_called_are_refused_with_the_reason() {
        for (written, why) in [
            ("", "no fax number"),
            ("555-0142", "has 7"),
            ("207-555-014", "has 9"),
            ("107-555-0142", "0 or 1"),
            ("207-155-0142", "0 or 1"),
            ("911-555-0142", "service code"),
            ("207-555-0142 x12", "letters"),
            ("1-800-FLOWERS", "letters"),
            ("+999 123 456 789", "country"),
            ("+44 12", "7 to 15"),
            ("207-555-0142;rm", "letters"),
            ("207-555-0142;5", "characters"),
            ("207\u{2010}555\u{2010}0142", "characters"),
            ("207+555+0142", "characters"),
        ] {
            let fault = e164(written).expect_err(written);
            assert!(fault.contains(why), "{written}: {fault}");
        }
    }

    proptest! {
        #[test]
        fn what_comes_out_can_be_dialled(written in "[-+(). /0-9x]{0,45}|.{0,60}") {
            if let Ok(number) = e164(&written) {
                prop_assert!(number.starts_with('+') && (8..=16).contains(&number.len()), "{number}");
                prop_assert!(number[1..].bytes().all(|b| b.is_ascii_digit()), "{number}");
            }
        }
    }
}
