//! What exports put around names, and what stands below a report.

use super::table::Row;

/// `Ashgrove Lamps (3)` without the number of rows that some exports put behind a heading.
pub fn without_count(name: &str) -> Option<&str> {
    let (bare, count) = name.strip_suffix(')')?.rsplit_once(" (")?;
    let numeric = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    Some(bare).filter(|bare| numeric && !bare.is_empty())
}

/// `Acme Lamps (406) 555-0142` without the telephone number that Online puts behind vendors' names.
pub fn without_phone(name: &str) -> &str {
    let phonish = |c: char| c.is_ascii_digit() || matches!(c, '(' | ')' | '-' | '.' | '+' | ' ');
    let number = |tail: &str| {
        let digits = tail.bytes().filter(u8::is_ascii_digit).count();
        let opens = tail.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '(' | '+'));
        let ten = digits == 10 || digits == 11 && tail.starts_with(['1', '+']);
        opens && ten && tail.chars().all(phonish)
    };
    let cuts = name.rmatch_indices([' ', ':', '\n']);
    let behind = cuts.map(|(at, _)| at + 1).find(|at| number(&name[*at..]));
    let Some(bare) = behind.map(|at| name[..at].trim_end()) else {
        return name;
    };
    let bare = bare.strip_suffix("+1").unwrap_or(bare).trim_end();
    let bare = bare.strip_suffix("Phone:").unwrap_or(bare).trim_end();
    if bare.is_empty() { name } else { bare }
}

/// `Accrual Basis Wednesday, September 30, 2026 11:46 AM GMT-05:00` in its variants: one cell (or
/// one that commas cut up), with a weekday and a time, or the basis alone.
pub fn is_footer(row: &Row) -> bool {
    const DAYS: [&str; 7] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
    ];
    let first = row.cell(0).to_lowercase();
    if first.is_empty() {
        return false;
    }
    let bare = first.trim_end_matches(" basis");
    if first != bare && matches!(bare, "accrual" | "cash") {
        return true;
    }
    let whole = row.cells.join(",").to_lowercase();
    let after_basis = first
        .trim_start_matches("accrual basis")
        .trim_start_matches("cash basis")
        .trim_start();
    let weekday = DAYS.iter().find_map(|day| after_basis.strip_prefix(day));
    // a vendor may be called Sunday Supply: the day is followed by a date with its year, or a time
    let dated = || {
        let words: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
        words
            .iter()
            .any(|word| word.len() == 4 && word.starts_with("20"))
    };
    let timed = || whole.contains(':') && (whole.contains(" am") || whole.contains(" pm"));
    weekday.is_some_and(|rest| {
        let cut = rest.is_empty() || rest.starts_with(',');
        timed() || (cut && dated())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telephone_numbers_and_counts_are_no_part_of_a_name() {
        for name in [
            "Birch & Sons, Inc.",
            "1st Choice 2000",
            "Cash & Carry (deleted)",
            "Acme",
        ] {
            for phone in [
                "(406) 555-0142",
                "406-555-0142",
                "+1 406 555 0142",
                "4065550142",
            ] {
                assert_eq!(without_phone(&format!("{name} {phone}")), name);
            }
            assert_eq!(without_phone(&format!("{name} Phone:(406) 555-0142")), name);
            assert_eq!(without_phone(name), name);
            assert_eq!(without_count(&format!("{name} (12)")), Some(name));
        }
        assert_eq!(without_phone("(406) 555-0142"), "(406) 555-0142");
        assert_eq!(without_count("Lamp (large)"), None);
    }

    #[test]
    fn a_footer_is_a_weekday_with_a_date_or_the_basis_and_no_vendor() {
        let footer = |text: &str| {
            let cells = text.split('|').map(str::to_owned).collect();
            is_footer(&Row { line: 1, cells })
        };
        assert!(footer("Cash Basis Friday, October 10, 2025 02:35 PM GMTZ"));
        assert!(footer("Friday, October 10, 2025 14:35 GMT+1"));
        assert!(footer("Friday| October 10| 2025 14:35 GMT+1"));
        assert!(footer("Accrual Basis"));
        assert!(!footer("Friday Harbor Supply 2000"));
        assert!(!footer("Sunday, LLC"));
        assert!(!footer("Accrual Data Corp"));
    }
}
