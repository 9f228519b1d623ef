//! Sinch's error codes, each with whether another call is worth it. A code means something only
//! together with its type: 133 is used twice.

use crate::delivery::fax::Worth;

/// What a failure is worth. What is not listed is tried again: the number of calls is bounded.
pub fn worth(error_type: &str, code: Option<i64>) -> Worth {
    let hopeless: &[i64] = match error_type {
        // incompatible, not operational, not active
        "CALL_ERROR" => &[32, 34, 49],
        // everything that is wrong with the document itself; 57 and 69 are storage that failed
        "DOCUMENT_CONVERSION_ERROR" => match code {
            Some(57 | 69) => return Worth::Retry,
            _ => return Worth::GiveUp,
        },
        // cannot receive this size, resolution or protocol; no money; cancelled by a person;
        // complete already; file gone; simulated; number not permitted
        "FAX_ERROR" => &[7, 25, 31, 46, 68, 75, 79, 113, 119, 133],
        "FATAL_ERROR" => return Worth::GiveUp,
        _ => &[],
    };
    match code {
        Some(code) if hopeless.contains(&code) => Worth::GiveUp,
        _ => Worth::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn busy_lines_are_tried_again_and_dead_numbers_are_not() {
        for (kind, code, expected) in [
            ("CALL_ERROR", Some(17), Worth::Retry),
            ("CALL_ERROR", Some(30), Worth::Retry),
            ("CALL_ERROR", Some(34), Worth::GiveUp),
            ("FAX_ERROR", Some(48), Worth::Retry),
            ("FAX_ERROR", Some(133), Worth::GiveUp),
            ("DOCUMENT_CONVERSION_ERROR", Some(133), Worth::GiveUp),
            ("DOCUMENT_CONVERSION_ERROR", Some(69), Worth::Retry),
            ("FATAL_ERROR", None, Worth::GiveUp),
            ("LINE_ERROR", None, Worth::Retry),
            ("SOMETHING_NEW", Some(999), Worth::Retry),
        ] {
            assert_eq!(worth(kind, code), expected, "{kind} {code:?}");
        }
    }
}
