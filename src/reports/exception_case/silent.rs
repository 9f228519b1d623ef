//! The purchase orders of a silent vendor, and what can be done about one or all of them.

use super::Case;
use super::remedies::{Choice, command, possible, what};
use crate::clock;
use crate::domain::codes::{Offered, Remedy};
use crate::ledger::silences::SilenceRow;
use crate::reports::layout::{TextSheet, View, count, quoted};
use crate::shipping::apply::silent::{gathered, value, words};
use serde_json::{Value, json};

/// The list, the oldest purchase order first.
pub(super) fn list(case: &Case, view: &View, sheet: &mut TextSheet) {
    let pos = gathered(&case.silent);
    if pos.is_empty() {
        return;
    }
    let sum = value(&pos).map_or_else(String::new, |sum| format!(", {sum}"));
    sheet.heading(&format!("{}{sum}", count(pos.len(), "purchase order")));
    let header = [
        "PO",
        "Order",
        "Sent",
        "Age",
        "Value",
        "What did not come",
        "Asked",
    ];
    let rows: Vec<Vec<String>> = pos
        .iter()
        .map(|row| {
            vec![
                row.po.clone(),
                row.order.clone(),
                row.sent.map_or_else(String::new, |at| view.day(at)),
                row.sent
                    .map_or_else(|| "-".to_owned(), |at| view.age(&at.into())),
                row.value.display(&row.currency),
                match row.promised {
                    Some(day) => format!("{}, for {}", words(&row.kind), day.format("%a %Y-%m-%d")),
                    None => format!("{}, due {}", words(&row.kind), view.day(row.due)),
                },
                row.asked.to_string(),
            ]
        })
        .collect();
    sheet.columns(&header, &rows);
}

fn only(row: &SilenceRow) -> String {
    format!(" --po {}", quoted(&row.po))
}

/// What can be done: where several are listed about one of them, the oldest, and about all.
pub(super) fn choices(case: &Case, view: &View) -> Vec<Choice> {
    let pos = gathered(&case.silent);
    let choice = |offered: &Offered, what: String, which: &str| Choice {
        word: offered.remedy.as_str(),
        what,
        command: command(case, view, offered, which),
    };
    let Some(first) = pos.first() else {
        return Vec::new();
    };
    let remedies = offered(case, first);
    let about_one = |remedy: Remedy| match remedy {
        Remedy::Cancel => format!("take order {} back", first.order),
        Remedy::Dismiss => "wait for the vendor".to_owned(),
        other => what(case, other),
    };
    if pos.len() == 1 {
        return possible(remedies)
            .map(|offered| choice(offered, about_one(offered.remedy), ""))
            .collect();
    }
    let wait = Offered {
        remedy: Remedy::Dismiss,
        refused: None,
        changes: Vec::new(),
    };
    let mut all = vec![choice(
        &wait,
        format!("wait for the vendor with all {}", pos.len()),
        "",
    )];
    all.extend(possible(remedies).map(|offered| {
        let what = format!("{} (or any other of the list)", about_one(offered.remedy));
        choice(offered, format!("{}: {what}", first.po), &only(first))
    }));
    all
}

/// What the desk says to each remedy for one purchase order of the list.
fn offered<'c>(case: &'c Case, row: &SilenceRow) -> &'c [Offered] {
    let mut all = case.listed.iter();
    let found = all.find(|(po, _)| *po == row.po_id);
    found
        .map(|(_, offered)| offered.as_slice())
        .unwrap_or_default()
}

/// The list as JSON, each with what can be typed about it.
pub(super) fn json(case: &Case, view: &View) -> Value {
    let one = |row: &&SilenceRow| {
        let kinds = case.silent.iter().filter(|other| other.po_id == row.po_id);
        let kinds: Vec<&str> = kinds.map(|other| other.kind.as_str()).collect();
        let remedies = possible(offered(case, row)).filter(|_| case.row.open);
        let commands: Vec<Value> = remedies
            .map(|one| json!({"remedy": one.remedy, "command": command(case, view, one, &only(row))}))
            .collect();
        let hours = row.sent.map(|sent| (view.now - sent).num_hours().max(0));
        json!({"number": row.po, "order": row.order, "state": row.state, "sent": row.sent.map(clock::text),
            "age_hours": hours, "value": row.value, "currency": row.currency, "missing": kinds,
            "promised": row.promised,
            "due": clock::text(row.due), "asked": row.asked, "listed": clock::text(row.since), "commands": commands})
    };
    gathered(&case.silent).iter().map(one).collect()
}
