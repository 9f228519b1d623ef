//! Lists that a source brought: what a run makes of them, and a person who releases one.

use super::{GivenStock, import};
use crate::app::App;
use crate::correspondence;
use crate::desk::Said;
use crate::domain::codes::Code;
use crate::domain::lifecycle::MessageState;
use crate::intake::read::StockDocument;
use crate::intake::source;
use crate::ledger::exceptions::Filter;
use crate::ledger::{LedgerError, Tx};

/// Takes in a list that a message brought; with a note where a person says that it counts although it is odd.
///
/// # Errors
/// As [`import`].
pub fn take(
    tx: &Tx,
    site: &App,
    message: i64,
    list: &StockDocument,
    anyway: Option<&str>,
) -> Result<Said, LedgerError> {
    let row = tx.message(message)?;
    let received = row.received.time();
    let written = list.written.or_else(|| source::written(&row.source));
    let written = written.unwrap_or(received);
    let given = GivenStock {
        file: &list.file,
        bytes: &list.bytes,
        anyway: anyway.is_some(),
        note: anyway.unwrap_or_default(),
        headings: &list.feed.headings,
        as_of: Some(written.min(received)),
        message: Some(message),
    };
    import(tx, site, &list.feed.vendor_id, &given)
}

/// Ends what waited for a person of lists of the vendor: a newer one counts.
pub(super) fn overtaken(tx: &Tx, site: &App, vendor: &str) -> Result<(), LedgerError> {
    const WHY: &str = "a newer list of the vendor's was taken in";
    let feeds = site.config.sources.iter().filter(|source| {
        let feed = source.stock.as_ref();
        feed.is_some_and(|feed| feed.vendor_id.eq_ignore_ascii_case(vendor))
    });
    let feeds: Vec<&str> = feeds.map(|source| source.name.as_str()).collect();
    for code in [Code::StockOdd, Code::StockUnread] {
        let open = tx.exceptions(&Filter {
            code: Some(code),
            ..Filter::default()
        })?;
        for row in open {
            let Some(message) = row.subject.message else {
                continue;
            };
            let held = tx.message(message)?;
            if held.state == MessageState::Held
                && (feeds.contains(&held.mailbox.as_str())
                    || correspondence::stored_stock_list(tx, site, message)?
                        .is_some_and(|list| list.is_of(vendor)))
            {
                tx.resolve_exception(&row, "overtaken", WHY)?;
                tx.move_message(message, MessageState::Ignored, WHY)?;
            }
        }
    }
    Ok(())
}

/// Ends what was listed because the list did not come for long.
pub(super) fn arrived(tx: &Tx, before: Option<i64>) -> Result<(), LedgerError> {
    let Some(before) = before else { return Ok(()) };
    for row in tx.open_exceptions_of_entity(&stale_entity(before))? {
        tx.resolve_exception(&row, "arrived", "a newer list was taken in")?;
    }
    Ok(())
}

/// What is listed of a vendor whose last list has this number, as no other came.
pub fn stale_entity(list: i64) -> String {
    format!("stock_list:{list}")
}
