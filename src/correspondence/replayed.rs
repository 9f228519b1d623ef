//! A vendor's signed mail that was taken before: whoever has it can send it again, and change in it
//! what the signature does not cover. It does nothing again; a person hears of it where it differs.

use super::known::stored;
use super::{Ended, end, hold};
use crate::app::App;
use crate::clock;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::MessageState;
use crate::intake::inbound::Inbound;
use crate::ledger::{LedgerError, Tx};

/// Gives the mail its outcome; `earlier` is the message by which it was taken.
pub(super) fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    earlier: i64,
) -> Result<Ended, LedgerError> {
    let row = tx.message(earlier)?;
    let differs = match &stored(tx, site, earlier)? {
        Ok(before) => differences(before, mail),
        Err(_) => vec!["it cannot be compared".to_owned()],
    };
    if differs.is_empty() {
        let reason = format!("the mail of message {earlier} again: nothing follows from it twice");
        end(tx, id, MessageState::Duplicate, row.order_id, &reason)?;
        return Ok(Ended {
            state: MessageState::Duplicate,
            opened: 0,
            failure: None,
        });
    }
    let reason = format!(
        "the signed mail of {}, \"{}\", came before as message {earlier}, and differs now in what its signature does not \
         cover: {}. Nothing was changed by it",
        mail.sender,
        mail.subject,
        differs.join("; ")
    );
    hold(tx, site, id, Code::ReplayedMail, reason)
}

/// What differs of all by which a mail could be taken for another one; a new Message-ID makes none.
fn differences(before: &Inbound, now: &Inbound) -> Vec<String> {
    let ids = |mail: &Inbound| {
        let mut ids = mail.answers.clone();
        ids.sort_unstable();
        ids.dedup();
        ids.join(" ")
    };
    let date = |mail: &Inbound| mail.date.map(clock::text).unwrap_or_default();
    let told = [
        ("From", before.sender.clone(), now.sender.clone()),
        ("Subject", before.subject.clone(), now.subject.clone()),
        ("what it answers", ids(before), ids(now)),
        ("Date", date(before), date(now)),
    ];
    let mut found: Vec<String> = told
        .into_iter()
        .filter(|(_, one, other)| one != other)
        .map(|(what, one, other)| {
            format!("{what} was '{}', is '{}'", cut(&one, 120), cut(&other, 120))
        })
        .collect();
    let same_words = before.text == now.text && before.html == now.html;
    if before.digest != now.digest && !same_words {
        found.push("its text".to_owned());
    }
    found
}
