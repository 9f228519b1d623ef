//! Cells of CSV files that people open in a spreadsheet (OWASP, "CSV Injection"): what a
//! spreadsheet would run as a formula is made a text with an apostrophe.

use std::borrow::Cow;

/// The cell as it may stand in a CSV for people: with an apostrophe before it when it, or what
/// follows leading spaces and quotation marks, begins with `=`, `+`, `-`, `@`, tab, CR or LF
/// (or their full-width forms). A plain number such as `-12.50` computes nothing and stays.
///
/// Never for files that machines read: those get the exact text. Quoting for the CSV syntax is the
/// writer's work, not this function's.
pub fn safe(cell: &str) -> Cow<'_, str> {
    let starts = |text: &str| {
        text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    };
    let inner = cell.trim_start_matches(|c: char| {
        matches!(c, '"' | '\'') || (c.is_whitespace() && !matches!(c, '\t' | '\r' | '\n'))
    });
    if (starts(cell) || starts(inner)) && !is_plain_number(cell) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// `-12`, `-12.50`: a minus, digits, at most one point with digits after it.
fn is_plain_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, fraction]
        .iter()
        .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_the_rest_stays() {
        for cell in [
            "=1+1",
            "+1",
            "-1+cmd|' /C calc'!A0",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            "  =1",
            "\"=1",
            "'=1",
            " ' =1",
            "-",
            "-1.",
            "-1.2.3",
            "＝1",
            "\u{a0}=1",
        ] {
            assert_eq!(safe(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "-12.50", "-7", "12", "A=1", "O'Neil", "W200001-1", " x"] {
            assert_eq!(safe(cell), cell, "{cell:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_comes_out_never_begins_a_formula(cell: String) {
            let out = safe(&cell);
            let first = out.chars().next();
            let formula = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n'));
            proptest::prop_assert!(!formula || is_plain_number(&out));
            proptest::prop_assert!(out.strip_prefix('\'').unwrap_or(&out) == cell || out == cell);
        }
    }
}
