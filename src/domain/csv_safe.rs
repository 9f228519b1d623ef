//! Cells of CSV files that people open in a spreadsheet (OWASP, "CSV Injection"): what a
//! spreadsheet would run as a formula is made a text with an apostrophe.

use std::borrow::Cow;

/// The cell as it may stand in a CSV for people: with an apostrophe before it when it, or what
/// follows leading spaces and quotation marks, begins with `=`, `+`, `-`, `@`, tab, CR or LF
/// (or their full-width forms), and likewise what follows a semicolon or a tab in it. A plain number such as `-12.50` computes nothing and stays.
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
    let cell = behind_separators(cell, starts);
    match (starts(&cell) || starts(inner)) && !is_plain_number(&cell) {
        true => Cow::Owned(format!("'{cell}")),
        false => cell,
    }
}

/// A spreadsheet may take semicolons and tabs for separators too: what would begin a cell behind one is
/// looked at likewise.
fn behind_separators(cell: &str, starts: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut safe = String::new();
    let mut done = 0;
    for (at, _) in cell.match_indices([';', '\t']) {
        let next = at + 1;
        let inner = cell[next..].trim_start_matches([' ', '"', '\'']);
        if starts(inner) && !inner.starts_with(['\t', '\r', '\n']) {
            safe.push_str(&cell[done..next]);
            safe.push('\'');
            done = next;
        }
    }
    match done {
        0 => Cow::Borrowed(cell),
        _ => Cow::Owned(safe + &cell[done..]),
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
            "\t1",
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
        assert_eq!(safe("a;=1+1; \"@x\t+2"), "a;'=1+1;' \"@x\t'+2");
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
            let bare = |text: &str| text.replace('\'', "");
            proptest::prop_assert_eq!(bare(&out), bare(&cell));
            // a spreadsheet that takes semicolons and tabs for separators finds none either
            for part in out.split([';', '\t']).skip(1) {
                let begins = part.trim_start_matches([' ', '"']).chars().next();
                proptest::prop_assert!(!matches!(begins, Some('=' | '+' | '-' | '@')), "{out:?}");
            }
        }
    }
}
