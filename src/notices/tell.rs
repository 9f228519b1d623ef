//! The one mail a run that tells the admins what is new on the exceptions list.

use super::{AdminContext, AdminItem, Templates};
use crate::clock;
use crate::delivery::letter::Letter;
use crate::domain::codes::Severity;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::outbox::NewDelivery;
use crate::ledger::{LedgerError, Tx};

/// Who writes to whom.
pub struct Desk<'a> {
    /// The shop's name.
    pub name: &'a str,
    /// From.
    pub email: &'a str,
    /// To; may be empty.
    pub admins: &'a [String],
    /// ISO 4217 code of the shop's amounts.
    pub currency: &'a str,
    /// How commands to be copied begin: `poms`, with `--config` where it is needed.
    pub poms: String,
    /// The mails' words.
    pub templates: &'a Templates,
}

/// A mail lists so many exceptions; the rest are counted.
const AT_MOST: usize = 100;

/// Puts the mail about everything new into the outbox, and marks it as told. Returns whether there
/// was anything to tell: what holds, and documents that wait for long.
///
/// # Errors
/// The ledger's, or a template's.
pub fn admins(tx: &Tx, desk: &Desk, run: i64) -> anyhow::Result<bool> {
    let new = tx.unmailed_exceptions()?;
    if new.is_empty() {
        return Ok(false);
    }
    tx.mark_mailed(new.iter().map(|row| row.id))?;
    // of warnings only those about documents that wait are worth a mail
    let urgent = |row: &&ExceptionRow| {
        row.open && (row.severity == Severity::Hold || row.subject.delivery.is_some())
    };
    let open: Vec<&ExceptionRow> = new.iter().filter(urgent).collect();
    if desk.admins.is_empty() || open.is_empty() {
        return Ok(false);
    }
    let context = AdminContext {
        site: desk.name.to_owned(),
        run,
        now: tx.now(),
        items: open.iter().take(AT_MOST).map(|row| item(row)).collect(),
        open: usize::try_from(tx.count_open_exceptions()?).unwrap_or_default(),
        poms: desk.poms.clone(),
    };
    let rendered = desk.templates.admin_exceptions(&context)?;
    let from = (desk.name.to_owned(), desk.email.to_owned());
    let to = desk.admins.iter();
    let to = to.map(|address| (String::new(), address.clone()));
    let letter = Letter {
        subject: rendered.subject,
        text: rendered.text,
        ..Letter::by_machine(from, to.collect(), tx.now())
    };
    let content = letter.render().map_err(|fault| {
        LedgerError::Broken(format!("the mail to the admins cannot be made: {fault}"))
    })?;
    tx.enqueue(&NewDelivery {
        kind: "admin_exceptions",
        channel: "email",
        once: &format!("admin_exceptions:{run}"),
        reference: &letter.message_id,
        sender: desk.email,
        recipients: desk.admins,
        subject: &letter.subject,
        order_id: None,
        po_id: None,
        content: &content,
    })?;
    Ok(true)
}

fn item(row: &ExceptionRow) -> AdminItem {
    AdminItem {
        id: row.id,
        code: row.code.clone(),
        severity: row.severity,
        entity: row.entity.replacen(':', " ", 1),
        order: row.order_reference(),
        message: row.message.clone(),
        since: clock::parse(&row.opened).unwrap_or_default(),
        remedies: row.definition().remedies.to_vec(),
    }
}
