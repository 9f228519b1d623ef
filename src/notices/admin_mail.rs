//! The one mail a run that tells the admins what is new on the exceptions list.

use super::{AdminContext, AdminItem, Templates};
use crate::domain::codes::{Remedy, Severity};
use crate::domain::delivery::DeliveryKind;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use chrono::{TimeDelta, Timelike};
use chrono_tz::Tz;

/// Who writes to whom.
pub struct AdminMailer<'a> {
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
    /// Days after which they are told again of what is still open; 0: never.
    pub remind_days: u32,
    /// The site's zone, in which times stand: nobody is told again at night.
    pub zone: Tz,
}

/// A mail lists so many exceptions; the rest are counted.
const AT_MOST: usize = 100;

/// What came of it.
#[derive(Debug, Default)]
pub struct AdminMailed {
    /// Whether there is a mail to send: about what holds, and documents that wait for long.
    pub mailed: bool,
    /// What failed and a person must mend: documents that did not arrive, or may not have. The run
    /// ends with exit code 1 for them, as the contract has it. Orders that are held are a normal
    /// outcome.
    pub failed: Vec<String>,
}

/// What can be done about an exception as things stand, and what to type for it.
pub type Ways<'a> =
    &'a dyn Fn(&Tx, &ExceptionRow) -> Result<(Vec<Remedy>, Vec<String>), LedgerError>;

/// Puts the mail about everything new into the outbox, and marks it as told.
///
/// # Errors
/// The ledger's, or a template's.
pub fn admins(tx: &Tx, mailer: &AdminMailer, run: i64, ways: Ways) -> anyhow::Result<AdminMailed> {
    let again = still_open(tx, mailer)?;
    let new = tx.unmailed_exceptions()?;
    if new.is_empty() && again.is_empty() {
        return Ok(AdminMailed::default());
    }
    tx.mark_mailed(new.iter().chain(&again).map(|row| row.id))?;
    // of warnings only those about documents that wait are worth a mail
    let urgent = |row: &&ExceptionRow| {
        row.open && (row.severity == Severity::Hold || row.subject.delivery.is_some())
    };
    let open: Vec<&ExceptionRow> = new.iter().filter(urgent).collect();
    let failed = failed(&open, mailer);
    if mailer.admins.is_empty() || open.is_empty() && again.is_empty() {
        return Ok(AdminMailed {
            mailed: false,
            failed,
        });
    }
    let context = AdminContext {
        site: mailer.name.to_owned(),
        run,
        now: tx.now(),
        zone: mailer.zone.name().to_owned(),
        items: items(tx, open.iter().take(AT_MOST).copied(), ways)?,
        open: usize::try_from(tx.count_open_exceptions()?).unwrap_or_default(),
        poms: mailer.poms.clone(),
        again: items(tx, again.iter().take(AT_MOST), ways)?,
    };
    let rendered = mailer.templates.admin_exceptions(&context)?;
    let from = (mailer.name.to_owned(), mailer.email.to_owned());
    let to = mailer.admins.iter();
    let to = to.map(|address| (String::new(), address.clone()));
    let letter = Letter {
        subject: rendered.subject,
        text: rendered.text,
        ..Letter::by_machine(from, to.collect(), tx.now())
    };
    let document = OutboxDocument::mail(letter).map_err(|fault| {
        LedgerError::Broken(format!("the mail to the admins cannot be made: {fault}"))
    })?;
    let purpose = Purpose {
        kind: DeliveryKind::AdminExceptions,
        once: &format!("admin_exceptions:{run}"),
        order_id: None,
        po_id: None,
    };
    outbox::put(tx, mailer.email, &document, &purpose)?;
    Ok(AdminMailed {
        mailed: true,
        failed,
    })
}

/// What admins were told of so many days ago, and nobody has decided: when one of them is due, all
/// others of which they were not told today come with it, so that there is one mail in so many days.
fn still_open(tx: &Tx, mailer: &AdminMailer) -> anyhow::Result<Vec<ExceptionRow>> {
    let now = tx.now();
    let awake = (8..20).contains(&now.with_timezone(&mailer.zone).hour());
    if mailer.remind_days == 0 || mailer.admins.is_empty() || !awake {
        return Ok(Vec::new());
    }
    let told = tx.told_exceptions()?;
    let due = TimeDelta::days(i64::from(mailer.remind_days));
    if !told.iter().any(|(_, at)| now - *at >= due) {
        return Ok(Vec::new());
    }
    let old = told
        .into_iter()
        .filter(|(_, at)| now - *at >= TimeDelta::days(1));
    Ok(old.map(|(row, _)| row).collect())
}

fn failed(open: &[&ExceptionRow], mailer: &AdminMailer) -> Vec<String> {
    let lost = open
        .iter()
        .filter(|row| row.severity == Severity::Hold && row.subject.delivery.is_some());
    let say = |row: &&ExceptionRow| {
        format!(
            "{} ({} exceptions show {})",
            row.message, mailer.poms, row.id
        )
    };
    lost.map(say).collect()
}

fn items<'r>(
    tx: &Tx,
    rows: impl Iterator<Item = &'r ExceptionRow>,
    ways: Ways,
) -> Result<Vec<AdminItem>, LedgerError> {
    rows.map(|row| Ok(item(row, ways(tx, row)?))).collect()
}

fn item(row: &ExceptionRow, (remedies, commands): (Vec<Remedy>, Vec<String>)) -> AdminItem {
    AdminItem {
        id: row.id,
        code: row.code.clone(),
        severity: row.severity,
        entity: row.entity.replacen(':', " ", 1),
        order: row.order_reference(),
        message: row.message.clone(),
        since: row.opened.time(),
        remedies,
        commands,
    }
}
