//! The admin's list, and single exceptions in a line.

use crate::domain::codes;
use crate::domain::foreign::cut;
use crate::domain::money::Money;
use crate::domain::spelling::nearest;
use crate::ledger::exceptions::ExceptionRow;
use crate::reports::layout::{View, count, table};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// One exception as the contract has it, with more keys after those.
pub fn json(row: &ExceptionRow, now: DateTime<Utc>) -> Value {
    let age = (now - row.opened.time()).num_hours().max(0);
    json!({
        "id": row.id,
        "code": row.code,
        "severity": row.severity,
        "entity": row.entity,
        "order": row.order_number,
        "opened": row.opened,
        "message": row.message,
        "remedies": row.definition().remedies,
        "reference": row.order_reference(),
        "value": row.value.as_ref().map(|(cents, _)| Money(*cents)),
        "currency": row.value.as_ref().map(|(_, currency)| currency),
        "age_hours": age,
        "state": if row.open { "open" } else { "resolved" },
        "resolution": row.resolution,
        "note": row.note,
        "resolved": row.resolved,
        "resolved_by": row.actor,
        "snoozed": row.snoozed,
    })
}

/// What it is about, as people name it: `W200001~2`, `message 12`, `delivery 7`.
pub fn about(row: &ExceptionRow) -> String {
    match row.order_reference() {
        Some(order) if row.subject.delivery.is_some() => {
            format!("{order}, {}", row.entity.replacen(':', " ", 1))
        }
        Some(order) => order,
        None => row.entity.replacen(':', " ", 1),
    }
}

/// `bad_zip: the ZIP … (3 h ago)`.
pub fn one_line(row: &ExceptionRow, view: &View) -> String {
    let warning = if row.severity.as_str() == "warn" {
        " (a warning)"
    } else {
        ""
    };
    format!(
        "{}{warning}: {} ({} ago)",
        row.code,
        row.message,
        view.age(&row.opened)
    )
}

/// Characters of a reason on the list; the whole stands in `exceptions show`.
const SHOWN: usize = 160;

/// The list as a table, and what to type next.
pub fn text(rows: &[ExceptionRow], all: bool, filtered: bool, view: &View) -> String {
    let poms = &view.poms;
    if rows.is_empty() {
        return match filtered {
            true => format!(
                "No exception fits. All that are open: {poms} exceptions list; resolved ones too: {poms} exceptions list --all\n"
            ),
            false => "No exception is open: nothing waits for a person.\n".to_owned(),
        };
    }
    let cells: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let mut cells = vec![
                row.id.to_string(),
                row.severity.as_str().to_owned(),
                row.code.to_string(),
                about(row),
                row.value
                    .as_ref()
                    .map_or_else(String::new, |(cents, currency)| {
                        Money(*cents).display(currency)
                    }),
                view.age(&row.opened),
                cut(&row.message, SHOWN),
            ];
            if all {
                cells.insert(1, state(row));
            }
            cells
        })
        .collect();
    let mut header = vec!["ID", "", "Code", "About", "Value", "Age", "Why"];
    if all {
        header.insert(1, "State");
    }
    let open = rows.iter().filter(|row| row.open).count();
    let holds = rows
        .iter()
        .filter(|row| row.open && row.severity.as_str() == "hold")
        .count();
    let first = rows
        .iter()
        .find(|row| row.open)
        .map_or(rows[0].id, |row| row.id);
    format!(
        "{}\n{} open{}. Everything needed to decide, and what to type:\n    {poms} exceptions show {first}\n",
        table(&header, &cells, view.width),
        count(open, "exception"),
        match open - holds {
            0 => String::new(),
            1 => ", 1 of which only warns".to_owned(),
            warn => format!(", {warn} of which only warn"),
        },
    )
}

fn state(row: &ExceptionRow) -> String {
    match (row.open, &row.resolution) {
        (true, _) => "open".to_owned(),
        (false, Some(how)) => how.clone(),
        (false, None) => "resolved".to_owned(),
    }
}

/// A word that is no code: which could have been meant.
///
/// # Errors
/// The sentence for who typed it.
pub fn check_code(word: &str) -> Result<codes::Code, String> {
    codes::Code::parse(word).ok_or_else(|| {
        let all = codes::CODES.iter().map(|code| code.as_str());
        match nearest(word, all.clone()) {
            Some(near) => format!("there is no code '{word}': did you mean {near}?"),
            None => format!(
                "there is no code '{word}'. There are: {}",
                all.collect::<Vec<_>>().join(", ")
            ),
        }
    })
}
