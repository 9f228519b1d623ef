//! The mails about a return, to the customer and to the vendor: it is authorised, it is over.

use super::built_in::{
    RETURN_CLOSED, RETURN_CLOSED_HTML, RETURN_CUSTOMER, RETURN_CUSTOMER_HTML, RETURN_VENDOR,
};
use super::context::Tidy;
use super::{Rendered, TemplateError, Templates};
use crate::domain::delivery::DeliveryKind;
use crate::domain::email;
use crate::domain::money::Money;
use crate::domain::po_document::Letterhead;
use crate::domain::token::{self, TokenKeys, TokenSubject};
use crate::ledger::returns::ReturnRow;
use crate::ledger::{LedgerError, Tx};
use crate::mail::compose::Letter;
use crate::mail::outbox::{self, OutboxDocument, Purpose};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A return that is authorised, or over.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ReturnContext {
    /// Who writes.
    pub shop: Letterhead,
    /// `customer`, `refused_at_door`, `lost_in_transit` or `cancelled_before_shipping`.
    pub kind: String,
    /// Its number.
    pub number: String,
    /// The shop's order number.
    pub order_number: String,
    /// The purchase order; for the vendor only.
    pub po_number: String,
    /// The customer who ordered.
    pub customer_name: String,
    /// Who shipped; for the vendor only.
    pub vendor_name: String,
    /// Why, as the shop noted it; for the vendor only.
    pub reason: String,
    /// What of the order.
    pub lines: Vec<ReturnContextLine>,
    /// Where it goes, a line each; empty where nothing comes back.
    pub address: Vec<String>,
    /// Whether `address` is the vendor's own.
    pub to_vendor: bool,
    /// Whether nothing of the purchase order is wanted any more.
    pub whole: bool,
    /// The last day on which it may come.
    pub deadline: Option<NaiveDate>,
    /// What came of it in the end; `None` in the mails that say that it is authorised.
    pub outcome: Option<ReturnOutcome>,
}

/// How a return ended, or what was paid back of it.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReturnOutcome {
    /// Whether money was paid back.
    pub refunded: bool,
    /// How much now; in all, when it ended without another payment.
    pub amount: Option<Money>,
    /// What was paid before that; `None` when nothing was.
    pub earlier: Option<Money>,
    /// What is still to be paid; `None` when it is over.
    pub more: Option<Money>,
    /// Whether it ended without another payment.
    pub ended: bool,
    /// ISO 4217 code of it.
    pub currency: String,
    /// By which way; may be empty.
    pub method: String,
    /// The way's own number for it; may be empty.
    pub reference: String,
    /// Why it is nothing, or another sum than paid; for the customer only, and may be empty.
    pub why: String,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnContextLine {
    /// The shop's number for the goods.
    pub sku: String,
    /// The vendor's; may be empty.
    pub vendor_sku: String,
    /// Plain words for the goods; may be empty.
    pub description: String,
    /// Pieces.
    pub qty: i64,
}

impl Templates {
    /// The mail that tells a customer what becomes of a return.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    fn return_customer(&self, context: &ReturnContext) -> Result<Rendered, TemplateError> {
        let values = self.values(RETURN_CUSTOMER, context, Tidy::NoLinks)?;
        self.mail(RETURN_CUSTOMER, Some(RETURN_CUSTOMER_HTML), &values)
    }

    /// The mail that tells a customer what came of a return.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    fn return_closed(&self, context: &ReturnContext) -> Result<Rendered, TemplateError> {
        let values = self.values(RETURN_CLOSED, context, Tidy::NoLinks)?;
        self.mail(RETURN_CLOSED, Some(RETURN_CLOSED_HTML), &values)
    }

    /// What a customer gets of a return: that it is authorised, or, with an outcome, over.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn returned(&self, context: &ReturnContext) -> Result<Rendered, TemplateError> {
        match context.outcome {
            None => self.return_customer(context),
            Some(_) => self.return_closed(context),
        }
    }

    /// The mail that tells a vendor of a return, or, with an outcome, that nothing comes of it.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn return_vendor(&self, context: &ReturnContext) -> Result<Rendered, TemplateError> {
        let values = self.values(RETURN_VENDOR, context, Tidy::Plain)?;
        self.mail(RETURN_VENDOR, None, &values)
    }
}

/// Who writes, and what makes the addresses to which people answer.
pub struct Post<'a> {
    /// The shop's name.
    pub name: &'a str,
    /// From.
    pub email: &'a str,
    /// Keys of reply tokens.
    pub tokens: &'a TokenKeys,
    /// An address with `{token}` in it.
    pub reply_address: &'a str,
    /// The mails' words.
    pub templates: &'a Templates,
}

/// To whom a mail about a return goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// The customer who ordered.
    Customer,
    /// Who shipped.
    Vendor,
}

impl Party {
    /// Both.
    pub const ALL: [Party; 2] = [Party::Customer, Party::Vendor];

    /// The word for it, in reply tokens too.
    pub fn as_str(self) -> &'static str {
        match self {
            Party::Customer => "customer",
            Party::Vendor => "vendor",
        }
    }

    /// What the outbox takes the mail for.
    pub fn kind(self) -> DeliveryKind {
        match self {
            Party::Customer => DeliveryKind::ReturnCustomer,
            Party::Vendor => DeliveryKind::ReturnVendor,
        }
    }

    /// What a reply token for a return is made for.
    pub fn named(self, row: &ReturnRow) -> TokenSubject<'_> {
        TokenSubject::Return {
            id: row.id,
            number: &row.number,
            party: self.as_str(),
        }
    }
}

/// At which point of a return somebody is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReturnStep {
    /// Goods may come, or are lost or taken back.
    Authorised,
    /// A part of it is refunded: which, from 1.
    Part(i64),
    /// It is refunded or rejected.
    Closed,
}

impl ReturnStep {
    /// What makes its mail to somebody one of a kind in the outbox.
    pub fn once(self, row: &ReturnRow, party: Party) -> String {
        let part = match self {
            ReturnStep::Part(part) => format!(":{part}"),
            ReturnStep::Authorised | ReturnStep::Closed => String::new(),
        };
        format!("{}:{}:{}{part}", self.as_str(), row.id, party.as_str())
    }

    fn as_str(self) -> &'static str {
        match self {
            ReturnStep::Authorised => "return_authorised",
            ReturnStep::Part(_) => "return_part",
            ReturnStep::Closed => "return_closed",
        }
    }
}

/// Puts the mail into the outbox, once for each return, party and step.
///
/// # Errors
/// The ledger's, or when the mail cannot be made.
pub fn enqueue(
    tx: &Tx,
    post: &Post,
    row: &ReturnRow,
    (party, step): (Party, ReturnStep),
    to: (&str, &str),
    context: &ReturnContext,
) -> Result<(), LedgerError> {
    let broken = |fault: String| {
        let what = format!(
            "the mail to the {} about return {}",
            party.as_str(),
            row.number
        );
        LedgerError::Broken(format!("{what} cannot be made: {fault}"))
    };
    let rendered = match party {
        Party::Customer => post.templates.returned(context),
        Party::Vendor => post.templates.return_vendor(context),
    };
    let rendered = rendered.map_err(|fault| broken(fault.to_string()))?;
    let reply = post.tokens.make(&party.named(row));
    let to = (email::shown_name(to.0), to.1.trim().to_owned());
    let letter = Letter {
        reply_to: reply.map(|reply| token::address(post.reply_address, &reply)),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        ..Letter::by_machine(
            (post.name.to_owned(), post.email.to_owned()),
            vec![to],
            tx.now(),
        )
    };
    let document = OutboxDocument::mail(letter).map_err(|fault| broken(fault.to_string()))?;
    let purpose = Purpose {
        kind: party.kind(),
        once: &step.once(row, party),
        order_id: Some(row.order_id),
        po_id: None,
    };
    outbox::put(tx, post.email, &document, &purpose)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::rehearsal;
    use super::*;

    #[test]
    fn no_line_is_too_wide_and_no_blank_line_comes_twice() {
        let templates = Templates::load(None).unwrap();
        for context in rehearsal::returns(true)
            .iter()
            .chain(&rehearsal::returns(false))
        {
            for mail in [
                templates.returned(context).unwrap(),
                templates.return_vendor(context).unwrap(),
            ] {
                assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
                for line in mail.text.lines() {
                    assert!(crate::domain::text::columns(line) <= 76, "{line}");
                }
            }
        }
    }
}
