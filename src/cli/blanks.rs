//! Commands that were copied from a screen and not filled in: nothing is done with them.

use super::args::{Command, Exceptions, Message, Order, Outbox, Po, Return, ShipmentCommand};
use crate::domain::spelling::blank_in;
use anyhow::bail;

/// Refuses a command that acts and has a blank left in it; `words` is what was typed.
///
/// # Errors
/// Which word, and what to do.
pub fn refuse(command: &Command, words: impl Iterator<Item = String>) -> anyhow::Result<()> {
    if !acts(command) {
        return Ok(());
    }
    for word in words {
        if let Some(blank) = blank_in(&word) {
            bail!(
                "'{word}' is still to be filled in: write what it shall be in place of {blank}; nothing was done"
            );
        }
    }
    Ok(())
}

/// Whether a command is one that screens show with blanks: it writes down what a person decides.
fn acts(command: &Command) -> bool {
    match command {
        Command::Stop(_) | Command::Recover(_) => true,
        Command::Exceptions(it) => !matches!(it, Exceptions::List(_) | Exceptions::Show { .. }),
        Command::Order(it) => !matches!(
            it,
            Order::Show { .. } | Order::Route(_) | Order::List(_) | Order::Search { .. }
        ),
        Command::Po(it) => !matches!(it, Po::Show { .. } | Po::List { .. } | Po::Pdf { .. }),
        Command::Shipment(it) => !matches!(it, ShipmentCommand::List(_)),
        Command::Return(it) => !matches!(it, Return::List { .. } | Return::Show { .. }),
        Command::Outbox(it) => !matches!(it, Outbox::List { .. } | Outbox::Show { .. }),
        Command::Message(it) => !matches!(
            it,
            Message::List { .. } | Message::Show { .. } | Message::Attachment { .. }
        ),
        // what they are given are files and names to look for
        Command::Demo(_)
        | Command::Init(_)
        | Command::Backup(_)
        | Command::Check
        | Command::Process
        | Command::Catalogue(_)
        | Command::Vendors(_)
        | Command::Stock(_)
        | Command::ImportAdvices(_)
        | Command::ImportInvoices(_)
        | Command::Invoice(_)
        | Command::Report(_)
        | Command::Export(_)
        | Command::Notices(_)
        | Command::Format(_)
        | Command::Source(_)
        | Command::Fax(_)
        | Command::Audit(_)
        | Command::Verify(_)
        | Command::Status
        | Command::Completions(_) => false,
    }
}
