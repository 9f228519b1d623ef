//! Vendors' files given by an admin: what an admin brings counts as trusted.

use crate::config::Config;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::MessageState;
use crate::domain::remit;
use crate::files::read;
use crate::intake::contents;
use crate::ledger::exceptions::{Filter, Subject};
use crate::ledger::shipments::Origin;
use crate::ledger::{Ledger, LedgerError, Tx, remits};
use crate::shipping::apply::files::{self, FileReport, LARGEST};
use crate::shipping::apply::{ProvedPaper, UNTAKEN};
use crate::vendor_docs::text::decode;
use chrono::{DateTime, Utc};
use std::io::ErrorKind;
use std::path::Path;

/// What came of one file.
pub enum Read {
    /// Its rows were looked at one by one.
    Taken(FileReport),
    /// It cannot be read, or is neither advice nor answers: a sentence.
    Unreadable(String),
}

/// The vendor's id as it is on file, however it was written.
pub fn vendor(tx: &Tx, id: &str) -> Result<Option<String>, LedgerError> {
    let all = tx.vendors()?;
    let mut ids = all.into_iter().map(|(vendor, _)| vendor.id);
    Ok(ids.find(|known| known.eq_ignore_ascii_case(id.trim())))
}

/// Takes one file in one transaction.
///
/// # Errors
/// The ledger's; then nothing of the file was taken.
pub fn import(
    ledger: &mut Ledger,
    config: &Config,
    file: &Path,
    vendor: Option<&str>,
    now: DateTime<Utc>,
) -> Result<Read, LedgerError> {
    let name = file.display().to_string();
    let bytes = match bytes(file) {
        Ok(bytes) => bytes,
        Err(why) => return Ok(Read::Unreadable(format!("{name}: {why}"))),
    };
    let today = now.with_timezone(&config.site.timezone).date_naive();
    let content = match files::read(&bytes, today) {
        Ok(content) => content,
        Err(why) => {
            return Ok(Read::Unreadable(format!(
                "{name}: {}",
                cut(&why.to_string(), 300)
            )));
        }
    };
    ledger.write(now, |tx| {
        let paper = ProvedPaper {
            origin: Origin {
                message: None,
                file: None,
                source: "file",
            },
            vendor,
            only_po: None,
            about: None,
            sole: false,
            written: None,
            settings: &config.rules,
            released: &[],
        };
        let said = decode::text(&bytes).map(|text| remit::in_cells(&text));
        let entity = format!("document:{}", cut(&name, 120));
        let where_to_pay = remits::RemitPaper {
            vendor,
            severity: config.rules.severity(remit::CODE),
            entity: &entity,
            about: Subject::default(),
            who: &format!("{} speaks", cut(&name, 120)),
        };
        tx.tell_remits(&where_to_pay, &said.unwrap_or_default())?;
        let report = files::apply(tx, &paper, &name, &bytes, &content)?;
        if report.taken.held == 0 && report.taken.rows > 0 {
            answered(tx, &bytes, &name)?;
        }
        Ok(Read::Taken(report))
    })
}

/// Ends the questions about mails to which this very table was attached, and of which nothing was
/// taken: a person has taken its rows.
fn answered(tx: &Tx, bytes: &[u8], name: &str) -> Result<(), LedgerError> {
    let filter = Filter {
        code: Some(Code::VendorMail.to_owned()),
        ..Filter::default()
    };
    let note = format!("its table was imported: {}", cut(name, 120));
    for row in tx.exceptions(&filter)? {
        let Some(message) = row
            .subject
            .message
            .filter(|_| row.open && row.message.contains(UNTAKEN))
        else {
            continue;
        };
        let Ok(said) = contents::of(&tx.message_raw(message)?, None, tx.now(), tx.now()) else {
            continue;
        };
        if !said.files.iter().any(|file| file.bytes == bytes) {
            continue;
        }
        tx.resolve_exception(&row, "cleared", &note)?;
        let held = tx.message(message)?.state == MessageState::Held;
        if held && tx.open_exceptions_of_message(message)?.is_empty() {
            tx.move_message(message, MessageState::Ignored, &note)?;
        }
    }
    Ok(())
}

fn bytes(file: &Path) -> Result<Vec<u8>, String> {
    read(file, LARGEST).map_err(|fault| match fault.kind() {
        ErrorKind::FileTooLarge => format!("is larger than {} MiB: split it", LARGEST >> 20),
        _ => format!("cannot be read: {fault}"),
    })
}
