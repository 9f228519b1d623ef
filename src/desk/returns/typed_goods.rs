//! What a person types about goods: which line, how many, in which state.

use super::super::refused;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::order::MOST_PIECES;
use crate::domain::rma::Condition;
use crate::ledger::LedgerError;

/// A line that can be named: its place in the order, and what it is.
pub type NamedLine<'a> = (i64, &'a str);

/// `LINE=QTY` or `SKU=QTY` of a command.
///
/// # Errors
/// A sentence that shows how it is written, or says what there is.
pub fn pieces(words: &[String], lines: &[NamedLine]) -> Result<Vec<(u32, i64)>, LedgerError> {
    let read = |word: &String| {
        let how = "LINE=QTY: the order's line (or the SKU) and the pieces, such as 1=2";
        let fault = || refused(BusinessRefusal::bad_word(format!("'{word}' is not {how}")));
        let (name, qty) = word.rsplit_once('=').ok_or_else(fault)?;
        let qty = plausible(qty).ok_or_else(fault)?;
        Ok((place(name.trim(), lines)?.ok_or_else(fault)?, qty))
    };
    words.iter().map(read).collect()
}

/// `1=restock`, or `1=damaged:2` for two pieces; the SKU does as well.
///
/// # Errors
/// As [`pieces`].
pub fn findings(
    words: &[String],
    lines: &[NamedLine],
) -> Result<Vec<(u32, Condition, Option<i64>)>, LedgerError> {
    let read = |word: &String| {
        let how = "LINE=restock, LINE=damaged or LINE=wrong_item; for some of the pieces 1=restock:2 1=damaged:1";
        let fault = || refused(BusinessRefusal::bad_word(format!("'{word}' is not {how}")));
        let (name, found) = word.rsplit_once('=').ok_or_else(fault)?;
        let (condition, qty) = match found.split_once(':') {
            Some((condition, qty)) => (condition, Some(plausible(qty).ok_or_else(fault)?)),
            None => (found, None),
        };
        let condition = condition.trim().to_lowercase().replace('-', "_");
        let condition = Condition::parse(&condition).ok_or_else(fault)?;
        let line = place(name.trim(), lines)?.ok_or_else(fault)?;
        Ok((line, condition, qty))
    };
    words.iter().map(read).collect()
}

/// Pieces that anyone can mean.
fn plausible(text: &str) -> Option<i64> {
    let pieces = text.trim().parse::<i64>().ok()?;
    (pieces.unsigned_abs() <= MOST_PIECES.unsigned_abs()).then_some(pieces)
}

/// The line that a name means: its number, else the only one of that SKU; a number that is neither
/// is for the caller to refuse. `None` when it cannot be either.
fn place(name: &str, lines: &[NamedLine]) -> Result<Option<u32>, LedgerError> {
    let number = name.parse::<u32>().ok();
    if number.is_some_and(|number| lines.iter().any(|(line, _)| *line == i64::from(number))) {
        return Ok(number);
    }
    let of_sku = lines
        .iter()
        .filter(|(_, sku)| sku.trim().eq_ignore_ascii_case(name));
    let mut places: Vec<i64> = of_sku.map(|(line, _)| *line).collect();
    places.sort_unstable();
    places.dedup();
    match places.as_slice() {
        [one] => Ok(u32::try_from(*one).ok()),
        [] if number.is_some() || name.is_empty() => Ok(number),
        [] => {
            let has: Vec<String> = lines
                .iter()
                .map(|(line, sku)| format!("{line} ({})", sku.trim()))
                .collect();
            Err(refused(BusinessRefusal::unknown(format!(
                "'{name}' is no line and no SKU here; there are {}",
                has.join(", ")
            ))))
        }
        several => {
            let several: Vec<String> = several.iter().map(i64::to_string).collect();
            Err(refused(
                BusinessRefusal::ambiguous(format!(
                    "SKU {name} stands on the lines {}",
                    several.join(", ")
                ))
                .with_remedy(": name the line"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINES: &[NamedLine] = &[(1, "A-1"), (2, "1001"), (3, "B=2"), (4, "a-1"), (5, "C")];

    fn of(word: &str) -> Result<Vec<(u32, i64)>, String> {
        pieces(&[word.to_owned()], LINES).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_line_is_named_by_its_number_or_its_sku() {
        assert_eq!(of("2=3"), Ok(vec![(2, 3)]));
        assert_eq!(of(" 1001 = 3 "), Ok(vec![(2, 3)]));
        assert_eq!(of("b=2=1"), Ok(vec![(3, 1)]));
        assert_eq!(of("9=1"), Ok(vec![(9, 1)]));
        assert!(of("a-1=1").unwrap_err().contains("lines 1, 4"));
        let fault = of("D=1").unwrap_err();
        assert!(
            fault.contains("no SKU here; there are 1 (A-1), 2 (1001)"),
            "{fault}"
        );
        for word in [
            "",
            "1",
            "=1",
            "1=",
            "1=x",
            "1=1.5",
            "1=99999999999999999999",
        ] {
            assert!(of(word).unwrap_err().contains("is not LINE=QTY"), "{word}");
        }
    }

    #[test]
    fn a_finding_names_line_state_and_pieces() {
        let of =
            |word: &str| findings(&[word.to_owned()], LINES).map_err(|fault| fault.to_string());
        assert_eq!(
            of("C=Wrong-Item:2"),
            Ok(vec![(5, Condition::WrongItem, Some(2))])
        );
        assert_eq!(of("1=restock"), Ok(vec![(1, Condition::Restock, None)]));
        for word in ["1=fine", "1=restock:", "1=restock:x", "1", "=restock"] {
            assert!(
                of(word).unwrap_err().contains("is not LINE=restock"),
                "{word}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_is_typed_is_read_or_refused(word in ".{0,20}") {
            let _ = pieces(std::slice::from_ref(&word), LINES);
            let _ = findings(&[word], LINES);
        }
    }
}
