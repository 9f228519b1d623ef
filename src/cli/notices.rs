//! `poms notices`: mails to customers.

use super::args::Notices;
use super::output::Usage;
use super::{Context, exit};
use crate::notices::gather::Gathered;
use crate::notices::{Kind, Rendered, Templates};
use anyhow::bail;
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
    let Some(kind) = Kind::parse(kind) else {
        return Err(Usage(format!("there is no mail '{kind}'")).into());
    };
    let mail = render(context, kind, order)?;
    show(context, &mail, *html, output.as_deref())
}

/// The mail, with what the ledger knows now.
fn render(context: &Context, kind: Kind, name: &str) -> anyhow::Result<Rendered> {
    let (config, ledger) = context.look()?;
    let templates = Templates::load(config.site.templates.as_deref())?;
    let shop = crate::run::site::letterhead(&config);
    let zone = config.site.timezone;
    let order = ledger.snapshot(|tx| Gathered::of(tx, tx.find_order(name)?, &shop, zone))?;
    let reference = order.row.reference();
    Ok(match kind {
        Kind::Placed => templates.customer_placed(&order.placed()?)?,
        Kind::Shipped => match order.shipped(&order.shipments()) {
            Some(shipped) => templates.customer(kind, &shipped)?,
            None => bail!("nothing of order {reference} has shipped: there is nothing to show"),
        },
        Kind::Delayed => match order.days() {
            Some((told, last)) => templates.customer(kind, &order.delay(told, last))?,
            None => {
                bail!("nothing of order {reference} is still to come: there is nothing to show")
            }
        },
        Kind::Cancelled => templates.customer(kind, &order.cancelled())?,
    })
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
