//! `poms notices`: mails to customers.

use super::args::Notices;
use super::output::{Usage, is_stdout};
use super::{Context, exit};
use crate::app;
use crate::config::Config;
use crate::domain::codes::ExceptionCode;
use crate::ledger::Ledger;
use crate::ledger::po_lines::LineState;
use crate::notices::gather::Gathered;
use crate::notices::question::deadline;
use crate::notices::{NoticeKind, Rendered, Templates};
use crate::shipping::apply::silent;
use crate::shipping::apply::withdraw::{CODES, concerned};
use anyhow::bail;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;
use std::path::Path;

/// Runs the command.
pub fn run(context: &Context, command: &Notices) -> anyhow::Result<u8> {
    let Notices::Preview {
        kind,
        order,
        html,
        output,
    } = command;
    let Some(kind) = NoticeKind::parse(kind) else {
        return Err(Usage(format!("there is no mail '{kind}'")).into());
    };
    let mail = render(context, kind, order)?;
    show(context, &mail, *html, output.as_deref())
}

/// The mail, with what the ledger knows now.
fn render(context: &Context, kind: NoticeKind, name: &str) -> anyhow::Result<Rendered> {
    let (config, ledger) = context.look()?;
    let templates = Templates::load(config.site.templates.as_deref())?;
    let shop = app::letterhead(&config);
    let zone = config.site.timezone;
    let order = ledger.snapshot(|tx| Gathered::of(tx, tx.find_order(name)?, &shop, zone))?;
    let reference = order.row.reference();
    Ok(match kind {
        NoticeKind::Placed => templates.customer_placed(&order.placed()?)?,
        NoticeKind::Shipped => match order.shipped(&order.shipments()) {
            Some(shipped) => templates.customer(kind, &shipped)?,
            None => bail!("nothing of order {reference} has shipped: there is nothing to show"),
        },
        NoticeKind::NotShipped => match order.not_shipped(None) {
            Some(context) => templates.customer(kind, &context)?,
            None => {
                bail!("no shipment of order {reference} was taken back: there is nothing to show")
            }
        },
        NoticeKind::Delayed => match order.still().is_empty() {
            false => templates.customer(kind, &order.delay())?,
            true => {
                bail!("nothing of order {reference} is still to come: there is nothing to show")
            }
        },
        NoticeKind::Overdue => match order.all_overdue() {
            Some(context) => templates.customer(kind, &context)?,
            None => bail!(
                "the customer of order {reference} waits for no day that was told: there is nothing to show"
            ),
        },
        NoticeKind::Cancelled => templates.customer(kind, &order.cancelled())?,
        NoticeKind::TakenOff => match order.ever_taken_off() {
            Some(context) => templates.customer(kind, &context)?,
            None => bail!("nothing was taken off order {reference}: there is nothing to show"),
        },
        NoticeKind::Question => {
            let now = context.view(&config)?.now;
            let concerned = about(&ledger, &order)?;
            question(&config, &templates, &order, &concerned, now)?
        }
    })
}

/// The first thing of an order that does not come as ordered: the code of its exception, its lines,
/// and by when the customer was told to answer, if the customer was asked.
type Concerned = (ExceptionCode, Vec<(LineState, i64)>, Option<NaiveDate>);

fn about(ledger: &Ledger, order: &Gathered) -> anyhow::Result<Concerned> {
    let tx = ledger.read();
    let open = tx.open_exceptions_of_order(order.row.id)?;
    let about = open.iter().find(|row| row.code.is_one_of(CODES));
    let silent = || silent::as_its_own(&tx, order.row.id);
    let about = match about {
        Some(row) => Some(row.clone()),
        None => silent()?,
    };
    let Some((about, po)) = about.and_then(|row| Some((row.clone(), row.subject.po?))) else {
        bail!(
            "no purchase order of order {} is on the exceptions list: there is nothing to ask",
            order.row.reference()
        );
    };
    let lines = concerned(&tx, &about, &tx.po(po)?)?;
    let asked = tx.question_about(about.id)?.map(|row| row.answer_by);
    Ok((about.code.clone(), lines, asked))
}

fn question(
    config: &Config,
    templates: &Templates,
    order: &Gathered,
    (code, lines, asked): &Concerned,
    now: DateTime<Utc>,
) -> anyhow::Result<Rendered> {
    let settings = &config.notices;
    let to = &order.row.order.ship_to;
    let (by, _) = deadline(to, &app::hours(config), settings.answer_days, now);
    let context = order.question(code, lines, asked.unwrap_or(by), settings.unanswered);
    Ok(templates.customer(NoticeKind::Question, &context)?)
}

fn show(
    context: &Context,
    mail: &Rendered,
    html: bool,
    output: Option<&Path>,
) -> anyhow::Result<u8> {
    let body = match (html, &mail.html) {
        (false, _) => format!("Subject: {}\n\n{}", mail.subject, mail.text),
        (true, Some(html)) => html.clone(),
        (true, None) => bail!("the site's template for this mail has no HTML"),
    };
    let output = output.filter(|file| !is_stdout(file));
    if let Some(file) = output {
        context.out.new_file(file, body.as_bytes())?;
    }
    let json =
        || json!({"subject": mail.subject, "text": mail.text, "html": mail.html, "file": output});
    context.out.answer(json, || match output {
        Some(file) => format!("{} ({} bytes)", file.display(), body.len()),
        None => body.clone(),
    });
    Ok(exit::DONE)
}
