//! `poms outbox`: outgoing documents.

use super::args::Outbox;
use super::{Context, exit};
use crate::desk;
use crate::domain::lifecycle::DeliveryState;
use crate::domain::text::line;
use crate::ledger::outbox::DeliveryRow;
use crate::reports::exception_case::{about_delivery, attempts, attempts_json};
use crate::reports::layout::{TextSheet, View, count, quoted, table};
use crate::reports::order_story::{delivery_json, outcome};
use crate::reports::plain_words;
use serde_json::json;

/// Runs the command.
pub fn run(context: &Context, command: &Outbox) -> anyhow::Result<u8> {
    match command {
        Outbox::List { all, limit } => list(context, *all, *limit),
        Outbox::Show { id } => show(context, *id),
        Outbox::Retry(args) => {
            context.act(|tx, site| desk::outbox::retry(tx, site, args.id, &args.note))
        }
        Outbox::Confirm(args) => {
            context.act(|tx, _| desk::outbox::confirm(tx, args.id, &args.note))
        }
        Outbox::Drop(args) => context.act(|tx, _| desk::outbox::drop(tx, args.id, &args.note)),
    }
}

/// What is not done with.
const OPEN: &[DeliveryState] = &[
    DeliveryState::Queued,
    DeliveryState::Sending,
    DeliveryState::Unknown,
    DeliveryState::Failed,
];

fn list(context: &Context, all: bool, limit: usize) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let states = if all { DeliveryState::ALL } else { OPEN };
    let rows = ledger.read().deliveries(states, limit.saturating_add(1))?;
    context.out.answer(
        || json!({"deliveries": rows.iter().take(limit).map(|row| delivery_json(row, None)).collect::<Vec<_>>(), "more": rows.len() > limit}),
        || match (rows.is_empty(), all) {
            (true, true) => "Nothing was ever put into the outbox.\n".to_owned(),
            (true, false) => format!(
                "The outbox is empty: nothing waits, failed or is doubtful. What was sent: {} outbox list --all\n",
                view.poms
            ),
            _ => text(&rows, limit, &view),
        },
    );
    Ok(exit::DONE)
}

fn text(rows: &[DeliveryRow], limit: usize, view: &View) -> String {
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(limit)
        .map(|row| {
            vec![
                row.id.to_string(),
                row.state.to_string(),
                line(&row.subject),
                format!("{} ({})", row.recipients.join(", "), row.channel),
                row.attempts.to_string(),
                view.age(&row.created),
                outcome(row, view),
            ]
        })
        .collect();
    let more = match rows.len() > limit {
        true => format!("The newest {limit}; there are more: --limit N"),
        false => count(rows.len(), "delivery").replace("deliverys", "deliveries"),
    };
    let first = rows.first().map_or(0, |row| row.id);
    format!(
        "{}\n{more}. Each attempt and what can be done:\n    {} outbox show {first}\n",
        table(
            &["ID", "State", "What", "To", "Tries", "Age", "Then"],
            &cells,
            view.width
        ),
        view.poms
    )
}

fn show(context: &Context, id: i64) -> anyhow::Result<u8> {
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let tx = ledger.read();
    let row = tx.delivery(id)?;
    let log = attempts(&tx, id)?;
    let po = row.po_id.map(|po| tx.po(po)).transpose()?;
    let order = row.order_id.map(|order| tx.order(order)).transpose()?;
    let order = order.map(|order| order.reference());
    context.out.answer(
        || {
            let mut document = delivery_json(&row, po.as_ref().map(|po| po.number.as_str()));
            document["order"] = json!(order);
            document["log"] = attempts_json(&log);
            document
        },
        || {
            let mut sheet = TextSheet::new(view.width);
            about_delivery(&row, &log, &view, &mut sheet);
            if let Some(po) = &po {
                sheet.field(
                    "  For",
                    &format!(
                        "purchase order {}, {}",
                        po.number,
                        plain_words::po_state(po.state)
                    ),
                );
            }
            to_type(&row, order.as_deref(), &view, &mut sheet);
            sheet.finish().trim_start().to_owned()
        },
    );
    Ok(exit::DONE)
}

/// The acts that the delivery's state allows.
fn to_type(row: &DeliveryRow, order: Option<&str>, view: &View, sheet: &mut TextSheet) {
    let again = match row.po_id {
        Some(_) => "it did not arrive: send it again, marked as a possible duplicate",
        None => "it did not arrive: send it again",
    };
    let acts: &[(&str, &str)] = match row.state {
        DeliveryState::Unknown => &[
            ("confirm", "it did arrive"),
            ("retry", again),
            ("drop", "it shall not be sent"),
        ],
        DeliveryState::Failed => &[
            ("retry", "send it again after the cause was mended"),
            ("confirm", "it was brought there otherwise"),
            ("drop", "it shall not be sent"),
        ],
        DeliveryState::Queued => &[("drop", "it shall not be sent")],
        DeliveryState::Dropped => &[("retry", "send it after all")],
        DeliveryState::Sending | DeliveryState::Sent => &[],
    };
    sheet.heading("What to type");
    for (act, what) in acts {
        sheet.item(what);
        sheet.command(&format!(
            "{} outbox {act} {} --note \"WHY\"",
            view.poms, row.id
        ));
    }
    if let Some(order) = order {
        sheet.item("the whole order");
        sheet.command(&format!("{} order show {}", view.poms, quoted(order)));
    }
}
