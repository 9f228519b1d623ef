//! `poms fax`: the fax log.

use super::output::{local, table};
use super::{Context, exit};
use crate::desk::outbox;
use crate::domain::lifecycle::DeliveryState;
use crate::ledger::fax::FaxLine;
use crate::ledger::{LedgerError, Tx};
use crate::reports::layout::quoted;
use chrono_tz::Tz;
use clap::Subcommand;
use serde_json::{Value, json};

/// Lines that are shown when not all are asked for.
const SHOWN: usize = 50;

/// `poms fax`.
#[derive(Subcommand, Debug)]
pub enum Fax {
    /// Every fax: attempts, pages, duration, result, and how to send it again
    Log {
        /// Only of this purchase order
        #[arg(long, value_name = "PO")]
        po: Option<String>,
        /// All, not the last 50
        #[arg(long)]
        all: bool,
    },
}

/// Runs the command.
///
/// # Errors
/// When there is no ledger, or no such purchase order.
pub fn run(context: &Context, command: &Fax) -> anyhow::Result<u8> {
    let Fax::Log { po, all } = command;
    let zone = context.config()?.site.timezone;
    let ledger = context.read_ledger()?;
    let tx = ledger.read();
    let po = po.as_deref().map(|po| tx.find_po(po)).transpose()?;
    let number = po.as_ref().map(|po| po.number.as_str());
    let most = if *all { i32::MAX as usize } else { SHOWN };
    let lines = tx.fax_log(number, most)?;
    let lines = lines.into_iter().map(|line| {
        let again = resend(&tx, &line, &context.poms())?;
        Ok((line, again))
    });
    let lines = lines.collect::<Result<Vec<FaxAndCommand>, LedgerError>>()?;
    context.out.answer(
        || json!({"faxes": lines.iter().map(as_json).collect::<Vec<_>>()}),
        || as_text(&lines, zone, *all),
    );
    Ok(exit::DONE)
}

/// A fax, and what to type to send it again.
type FaxAndCommand = (FaxLine, Option<String>);

fn as_json((line, again): &FaxAndCommand) -> Value {
    let mut value = json!(line);
    value["outcome"] = json!(outcome(line).0);
    value["resend"] = json!(again);
    value
}

/// How it stands in one word, and in one for people.
fn outcome(line: &FaxLine) -> (&'static str, String) {
    let waits = line.next_attempt.is_some();
    match (line.result.as_deref(), line.delivery_state) {
        (Some("delivered"), _) => ("delivered", "arrived".to_owned()),
        (Some("failed"), DeliveryState::Queued) => ("failed", "failed, is tried again".to_owned()),
        (Some("failed"), _) => ("failed", "failed".to_owned()),
        (Some("lost"), _) => ("lost", "the service forgot it".to_owned()),
        (Some("untold"), _) => ("handed_over", "with the gateway".to_owned()),
        (Some(_), _) => ("handed_over", "with the service".to_owned()),
        (None, DeliveryState::Queued) if waits && line.tries > 0 => {
            ("deferred", "is tried again".to_owned())
        }
        (None, DeliveryState::Queued) => ("queued", "waits".to_owned()),
        (None, DeliveryState::Sending) => ("sending", "is being handed over".to_owned()),
        (None, DeliveryState::Unknown) => ("unknown", "may have arrived".to_owned()),
        (None, DeliveryState::Dropped) => ("dropped", "was dropped".to_owned()),
        (None, DeliveryState::Failed) => ("failed", "failed".to_owned()),
        (None, DeliveryState::Sent) => ("confirmed", "arrived, a person says".to_owned()),
    }
}

/// What to type to send it again; none while it is tried by itself, and where it would be refused.
fn resend(tx: &Tx, line: &FaxLine, poms: &str) -> Result<Option<String>, LedgerError> {
    let id = line.delivery;
    Ok(match (line.delivery_state, &line.po) {
        (DeliveryState::Failed | DeliveryState::Unknown | DeliveryState::Dropped, _) => {
            let may = outbox::may_retry(tx, &tx.delivery(id)?).is_ok();
            may.then(|| format!("{poms} outbox retry {id} --note \"WHY\""))
        }
        (DeliveryState::Sent, Some(po)) => {
            let may = outbox::may_resend(tx, &tx.find_po(po)?).is_ok();
            may.then(|| format!("{poms} po resend {} --note \"WHY\"", quoted(po)))
        }
        _ => None,
    })
}

fn as_text(lines: &[FaxAndCommand], zone: Tz, all: bool) -> String {
    if lines.is_empty() {
        return "No fax was sent and none waits.".to_owned();
    }
    let dash = |number: Option<i64>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    let rows = lines.iter().map(|(line, again)| {
        let attempts = match line.attempts {
            Some(calls) => format!("{} ({calls} calls)", line.tries),
            None => line.tries.to_string(),
        };
        let mut result = format!("{}\n{}", outcome(line).1, line.detail);
        if let Some(next) = line
            .next_attempt
            .as_ref()
            .filter(|_| line.delivery_state == DeliveryState::Queued)
        {
            result.push_str(&format!("\nnext try {}", local(next, zone)));
        }
        vec![
            local(&line.at, zone),
            line.delivery.to_string(),
            line.po.clone().unwrap_or_else(|| line.subject.clone()),
            format!(
                "{}\n{}",
                line.vendor.as_deref().unwrap_or_default(),
                line.number
            ),
            attempts,
            dash(line.pages),
            line.seconds.map_or_else(|| "-".to_owned(), duration),
            result,
            again.clone().unwrap_or_else(|| "-".to_owned()),
        ]
    });
    let header = [
        "When",
        "Delivery",
        "PO",
        "To",
        "Attempts",
        "Pages",
        "Duration",
        "Result",
        "Send it again",
    ];
    let mut text = table(&header, rows);
    if !all && lines.len() == SHOWN {
        text.push_str("\nThese are the last 50; --all shows every one.");
    }
    text
}

fn duration(seconds: i64) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
