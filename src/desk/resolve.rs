//! `poms exceptions resolve`: every remedy of one exception begins here (`several.rs` is for several);
//! those of invoices, deliveries and shipments go on in the files of that name.

use super::change::Change;
use super::possible::{self, ExceptionSubject};
use super::{
    Said, amend, cancel, cancellation, change, invoices, mailbox, message, outbox, question,
    reason, refused, remit, shipping,
};
use crate::app::App;
use crate::app::orders::review_and_place;
use crate::app::report::RunReport;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::codes::{Code, Remedy};
use crate::domain::lifecycle::OrderState;
use crate::domain::text::one_line;
use crate::intake::cards::mask_text;
use crate::ledger::exceptions::ExceptionRow;
use crate::ledger::orders::OrderRow;
use crate::ledger::{LedgerError, Tx};
use crate::shipping::apply::silent;

/// What the person wants done.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    /// Which remedy.
    pub remedy: Remedy,
    /// Why.
    pub note: &'a str,
    /// `FIELD=VALUE` for amend; the wanted vendor, if any, for other-vendor.
    pub changes: &'a [String],
    /// The purchase order that a held mail is about, for release; the one of a silent vendor's list
    /// that it is for.
    pub po: Option<&'a str>,
    /// What of the customer's comment goes onto the purchase orders, for release of one: its own
    /// words where this is empty.
    pub comment: Option<&'a str>,
    /// Whether it is for all purchase orders of such a list.
    pub all: bool,
}

/// An open exception, and what a person does about it.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub tx: &'a Tx<'a>,
    pub site: &'a App,
    pub row: &'a ExceptionRow,
    pub act: &'a Act<'a>,
    /// Why, as [`reason`] lets it pass.
    pub note: &'a str,
}

impl Case<'_> {
    /// Ends the exception by the remedy that was chosen.
    pub fn end(&self) -> Result<(), LedgerError> {
        self.end_as(self.act.remedy)
    }

    /// Ends the exception by another remedy than the one chosen, where that does not apply to it.
    pub fn end_as(&self, remedy: Remedy) -> Result<(), LedgerError> {
        (self.tx).resolve_exception(self.row, remedy.as_str(), self.note)
    }

    /// Ends the exception, and nothing more comes of it.
    pub fn dismiss(&self) -> Result<Said, LedgerError> {
        self.end_as(Remedy::Dismiss)?;
        Ok(vec![format!("Exception {} is dismissed.", self.row.id)])
    }
}

/// Resolves one exception; acts at once, and says what came of it.
///
/// # Errors
/// A sentence that says why it is impossible, and what is possible.
pub fn resolve(tx: &Tx, site: &App, id: i64, act: &Act) -> Result<Said, LedgerError> {
    let row = tx.exception(id)?;
    let note = reason(act.note)?;
    if !row.open {
        // says who resolved it and when
        tx.resolve_exception(&row, act.remedy.as_str(), note)?;
    }
    let remedies = possible::remedies(tx, &row)?;
    if !remedies.contains(&act.remedy) {
        let words: Vec<String> = remedies
            .iter()
            .map(|remedy| format!("--{}", remedy.as_str()))
            .collect();
        return Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {id} ({}) cannot be resolved with --{}",
                row.code,
                act.remedy.as_str()
            ))
            .with_remedy(format!(
                ". {} Possible: {}",
                row.definition().advice,
                words.join(", ")
            ))
            .of_exception(id),
        ));
    }
    fits(&row, act)?;
    let po = act.po.filter(|_| row.code == silent::CODE);
    let po = po.map(|number| tx.find_po(number)).transpose()?;
    let rules = &site.config.rules;
    possible::check(tx, rules, &row, act.remedy, po.map(|po| po.id))?;
    let case = Case {
        tx,
        site,
        row: &row,
        act,
        note,
    };
    act_on(&case)
}

/// Does what was chosen, after it was found to be possible.
pub(super) fn act_on(case: &Case) -> Result<Said, LedgerError> {
    let Case { tx, row, .. } = *case;
    match ExceptionSubject::of(row) {
        ExceptionSubject::Invoice => invoices::resolve(case),
        ExceptionSubject::Remit => remit::resolve(case),
        ExceptionSubject::Mailbox(name) => mailbox::resolve(case, name),
        ExceptionSubject::Delivery(id) => outbox::resolve(case, id),
        ExceptionSubject::Message(id) => message::resolve(case, id),
        ExceptionSubject::Row(id) => shipping::advice_row(case, id),
        ExceptionSubject::Question(_) => question::settle(case),
        ExceptionSubject::Silent => super::silent::resolve(case),
        ExceptionSubject::Po(po) => shipping::resolve(case, po),
        ExceptionSubject::Unwanted(po) => cancellation::resolve(case, po),
        ExceptionSubject::Order(order) => resolve_order(case, &tx.order(order)?),
        ExceptionSubject::Document | ExceptionSubject::Nothing => case.dismiss(),
    }
}

/// Words that go with some codes only.
fn fits(row: &ExceptionRow, act: &Act) -> Result<(), LedgerError> {
    let id = row.id;
    if act.po.is_some() && !row.code.is_one_of(&[Code::UntrustedSender, silent::CODE]) {
        return Err(refused(BusinessRefusal::not_for_this(format!(
            "exception {id} ({}) takes no --po: that is for a held mail of a vendor, untrusted_sender, and for a silent vendor's list, vendor_silent",
            row.code
        )).of_exception(id)));
    }
    if act.all && row.code != silent::CODE {
        return Err(refused(BusinessRefusal::not_for_this(format!(
            "exception {id} ({}) takes no --all: that is for a silent vendor's list, vendor_silent",
            row.code
        )).of_exception(id)));
    }
    if act.comment.is_some() && row.code != Code::CustomerComment {
        return Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {id} ({}) takes no --comment-to-vendor: that is for customer_comment",
                row.code
            ))
            .of_exception(id),
        ));
    }
    Ok(())
}

fn resolve_order(case: &Case, order: &OrderRow) -> Result<Said, LedgerError> {
    let Case {
        tx,
        site,
        row,
        act,
        note,
    } = *case;
    match act.remedy {
        Remedy::Cancel => cancel::cancel(tx, site, order, note),
        Remedy::Dismiss | Remedy::Dispute | Remedy::ExpectCredit => case.dismiss(),
        Remedy::Release if order.state != OrderState::Held => {
            // a warning: nothing waits for it
            case.end()?;
            Ok(vec![format!(
                "Exception {} is closed; order {} is {} anyway.",
                row.id,
                order.reference(),
                order.state
            )])
        }
        Remedy::Release => {
            tx.release_codes(order, std::slice::from_ref(&row.code), note)?;
            case.end()?;
            let mut said = comment(case, order)?;
            said.splice(0..0, check_again(tx, site, order.id)?);
            Ok(said)
        }
        // offered only where the shipping stage has resolved it above
        Remedy::CancelLine | Remedy::OtherVendor | Remedy::AskCustomer => Err(refused(
            BusinessRefusal::not_for_this(format!(
                "exception {} is about no line of a purchase order",
                row.id
            ))
            .of_exception(row.id),
        )),
        Remedy::Amend if order.state != OrderState::Held => {
            let wanted = Change {
                words: act.changes,
                anyway: false,
                show: false,
                note,
            };
            let said = change::change(tx, site, order, &wanted)?;
            case.end()?;
            Ok(said)
        }
        Remedy::Amend => amend_order(tx, site, order, act.changes, note),
        Remedy::Retry => {
            must_be_held(order, "checked again")?;
            tx.fact(
                "order.retried",
                &order.entity(),
                Some(order.id),
                &serde_json::json!({"note": note}),
            )?;
            check_again(tx, site, order.id)
        }
    }
}

/// Notes what of the customer's comment the vendors shall read, and says whether they do.
fn comment(case: &Case, order: &OrderRow) -> Result<Said, LedgerError> {
    if case.row.code != Code::CustomerComment {
        return Ok(Vec::new());
    }
    let Some(text) = case.act.comment else {
        return Ok(vec![
            "  No vendor reads the customer's comment (--comment-to-vendor prints it on the purchase orders).".to_owned(),
        ]);
    };
    let text = match text.trim() {
        "" => order.order.comments.as_deref().unwrap_or_default().trim(),
        own => own,
    };
    let text = mask_text(text).unwrap_or_else(|| text.to_owned());
    if text.is_empty() || text.chars().count() > 2000 {
        return Err(refused(BusinessRefusal::over_limit(
            "the comment for the vendor must have 1 to 2000 characters",
        )));
    }
    case.tx.put_vendor_comment(order, &text)?;
    Ok(vec![format!(
        "  On each purchase order of it: {}",
        one_line(&text)
    )])
}

/// Changes an order that is held, and checks it whole.
///
/// # Errors
/// When it is not held, or the change cannot be made.
pub fn amend_order(
    tx: &Tx,
    site: &App,
    order: &OrderRow,
    changes: &[String],
    note: &str,
) -> Result<Said, LedgerError> {
    must_be_held(order, "amended")?;
    if changes.is_empty() {
        return Err(refused(
            BusinessRefusal::needs_word("say what to change")
                .with_remedy(": --amend FIELD=VALUE, for example --amend ship_to.zip=65367"),
        ));
    }
    let (amended, mut masked) = amend::amend(&order.order, changes)
        .map_err(|why| refused(BusinessRefusal::bad_word(why)))?;
    for path in &order.masked {
        if let Some(path) = amend::still_masked(&order.order, &amended, path)
            && !masked.contains(&path)
        {
            masked.push(path);
        }
    }
    let amended = tx.amend_order(order, &amended, &masked, note)?;
    let mut said = vec![format!(
        "Order {} is amended (revision {}); releases of the earlier revision no longer count.",
        amended.reference(),
        amended.revision
    )];
    said.extend(check_again(tx, site, order.id)?);
    Ok(said)
}

/// What follows for an order whose customer's mail is dealt with: it may have been what held it.
pub(super) fn after_mail(tx: &Tx, site: &App, order: &OrderRow) -> Result<Said, LedgerError> {
    match order.state {
        OrderState::Held => check_again(tx, site, order.id),
        _ => Ok(Vec::new()),
    }
}

/// Refuses what only a held order allows.
///
/// # Errors
/// When it is not held.
pub(super) fn must_be_held(order: &OrderRow, what: &str) -> Result<(), LedgerError> {
    match order.state {
        OrderState::Held => Ok(()),
        state => Err(refused(BusinessRefusal::wrong_state(format!(
            "order {} is {state}: only a held order can be {what}{}",
            order.reference(),
            if state == OrderState::Placed {
                "; its purchase orders are with the vendors"
            } else {
                ""
            }
        )))),
    }
}

/// Applies all rules to a held order and places it if nothing holds it any more.
pub fn check_again(tx: &Tx, site: &App, order_id: i64) -> Result<Said, LedgerError> {
    check(tx, site, order_id, "is still held")
}

/// Applies all rules to an order, and says what became of it; `held` is how a held one is called.
pub fn check(tx: &Tx, site: &App, order_id: i64, held: &str) -> Result<Said, LedgerError> {
    let mut report = RunReport::default();
    review_and_place(tx, site, &[tx.order(order_id)?], &mut report)?;
    let order = tx.order(order_id)?;
    let name = order.reference();
    if order.state == OrderState::Held {
        let mut said = vec![format!("Order {name} {held}:")];
        let open = tx.open_exceptions_of_order(order_id)?;
        said.extend(
            open.iter()
                .map(|row| format!("  {} {}: {}", row.id, row.code, row.message)),
        );
        return Ok(said);
    }
    let mut said = vec![format!("Order {name} is {}.", order.state)];
    for po in tx.pos_of_order(order_id)? {
        said.push(format!(
            "  purchase order {} to {} is {}: the next `poms process` sends it.",
            po.number, po.vendor_name, po.state
        ));
    }
    Ok(said)
}
