//! Mail from customers: tied to its order by the order's own address or by the mail of ours that it
//! answers, else by `From:` for a person to judge. It never speaks for a vendor and never acts.

use super::{Ended, end, listed, thanks, trust};
use crate::app::App;
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::domain::lifecycle::MessageState;
use crate::domain::text::one_line;
use crate::domain::token::{TokenKeys, TokenKind, TokenSubject};
use crate::intake::cards;
use crate::intake::inbound::{Inbound, Marks};
use crate::ledger::exceptions::Subject;
use crate::ledger::orders::OrderRow;
use crate::ledger::outbox::DeliveryRow;
use crate::ledger::purchase_orders::PoRow;
use crate::ledger::returns::ReturnRow;
use crate::ledger::{LedgerError, Tx};
use crate::notices::returns::Party;
use crate::vendor_docs::text::quote;

/// What ties a mail to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tie {
    /// It came to the address that only the order's customer was told.
    Address,
    /// It answers a mail that went to the order's customer.
    Thread,
    /// It came to the address of this purchase order, or was proved to be of its vendor otherwise, and
    /// `From:` is the order's own customer: whoever that is, it is not the vendor.
    Instead(i64),
    /// Its `From:` is the customer's address, which anyone can write; of how many orders.
    From(usize),
}

/// Most orders of one address that are looked at.
const MOST: usize = 50;

/// The order whose customer wrote the mail, by what only the customer can know; a mail to a purchase
/// order's address is its vendor's, whatever it answers.
pub fn tied(
    tx: &Tx,
    marks: &Marks,
    mail: &Inbound,
) -> Result<Option<(OrderRow, Tie)>, LedgerError> {
    if let Some(order) = addressed(tx, &marks.tokens, mail)? {
        return Ok(Some((order, Tie::Address)));
    }
    let mut pos = trust::addressed_all(tx, &marks.tokens, mail)?;
    let of_vendor = !pos.is_empty();
    if let Some(chase) = super::asked::addressed(tx, &marks.tokens, mail)? {
        pos.extend(tx.pos_of_chase(chase.id)?);
    }
    if let Some(tied) = instead(tx, mail, &pos)? {
        return Ok(Some(tied));
    }
    if of_vendor {
        return Ok(None);
    }
    for reference in &mail.answers {
        if let Some(row) = tx.delivery_by_reference(reference)?
            && let Some(order) = to_its_customer(tx, &row)?
        {
            return Ok(Some((order, Tie::Thread)));
        }
    }
    Ok(None)
}

/// The order whose customer wrote a mail that counts as the word of its vendor: a vendor copies
/// customers in, and passes our mails on. An address in `From:` proves nothing for anybody, but this one
/// speaks against the vendor.
pub fn instead(
    tx: &Tx,
    mail: &Inbound,
    pos: &[PoRow],
) -> Result<Option<(OrderRow, Tie)>, LedgerError> {
    let apart = |c: char| c.is_whitespace() || "<>,;:()[]\"'".contains(c);
    let shown = mail.sender.to_lowercase();
    let wrote = |address: &str| {
        let address = address.trim().to_lowercase();
        !address.is_empty()
            && (mail.from.as_deref() == Some(address.as_str())
                || shown.split(apart).any(|word| word == address))
    };
    for po in pos {
        let order = tx.order(po.order_id)?;
        let vendor = tx.vendor(&po.vendor_id)?;
        let own = vendor.is_some_and(|vendor| wrote(&vendor.email));
        if wrote(&order.order.customer.email) && !own {
            return Ok(Some((order, Tie::Instead(po.id))));
        }
    }
    Ok(None)
}

/// Who wrote about a return: its customer never speaks for the vendor.
pub fn of_return(
    tx: &Tx,
    mail: &Inbound,
    (row, party): (&ReturnRow, Party),
) -> Result<Party, LedgerError> {
    let instead = instead(tx, mail, &[tx.po(row.po_id)?])?;
    Ok(match instead {
        Some(_) => Party::Customer,
        None => party,
    })
}

/// The order to whose own address the mail was sent.
pub(super) fn addressed(
    tx: &Tx,
    tokens: &TokenKeys,
    mail: &Inbound,
) -> Result<Option<OrderRow>, LedgerError> {
    let Some(token) = mail.token(TokenKind::Order) else {
        return Ok(None);
    };
    let order = match tx.order(token.id) {
        Ok(order) => order,
        Err(LedgerError::NotFound(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let reference = order.reference();
    let named = TokenSubject::Order {
        id: order.id,
        order: &reference,
    };
    Ok(Some(order).filter(|_| tokens.fits(token, &named)))
}

/// The order, if a delivery is a mail to its customer.
fn to_its_customer(tx: &Tx, row: &DeliveryRow) -> Result<Option<OrderRow>, LedgerError> {
    let Some(id) = row.order_id.filter(|_| row.po_id.is_none()) else {
        return Ok(None);
    };
    Ok(match row.kind.is_customers() {
        true => Some(tx.order(id)?),
        false => None,
    })
}

/// The order whose customer has the address in `From:`: the one that the mail names, else the newest.
/// None where a vendor has that address too.
pub fn claimed(tx: &Tx, mail: &Inbound) -> Result<Option<(OrderRow, Tie)>, LedgerError> {
    let Some(from) = mail.from.as_deref().filter(|_| !mail.unmanned) else {
        return Ok(None);
    };
    let same = |address: &str| address.trim().eq_ignore_ascii_case(from);
    if tx.vendors()?.iter().any(|(vendor, _)| same(&vendor.email)) {
        return Ok(None);
    }
    let orders = tx.orders_by_email(from, MOST)?;
    let tie = Tie::From(orders.len());
    let said = format!("{} {}", mail.subject, mail.words());
    let mut words = said.split_whitespace().take(1000);
    let named = words.find_map(|word| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        let is_it = |row: &&OrderRow| {
            let own = [&row.order.order_number, &row.order.shop_order.order_number];
            let own = own.map(|number| number.trim_matches(|c: char| !c.is_alphanumeric()));
            !word.is_empty() && own.iter().any(|number| number.eq_ignore_ascii_case(word))
        };
        orders.iter().find(is_it)
    });
    let order = named.or(orders.first());
    Ok(order.map(|order| (order.clone(), tie)))
}

/// Puts a customer's mail before a person, and notes it on its order.
pub(super) fn settle(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
    (order, tie): &(OrderRow, Tie),
) -> Result<Ended, LedgerError> {
    let said = words(mail);
    let proof = match tie {
        Tie::Address | Tie::Thread => String::new(),
        Tie::Instead(po) => format!(
            ", to the address of purchase order {}, whose vendor this is not (by the address in From: alone)",
            tx.po(*po)?.number
        ),
        Tie::From(count) => {
            let newest = match count {
                0 | 1 => String::new(),
                count => format!(", one of {count} orders of that address"),
            };
            format!(" (by the address in From: alone{newest}: anyone can have written it)")
        }
    };
    if !matches!(tie, Tie::From(_)) && thanks::only(tx, order, mail)? {
        let text = format!("the customer says thank you, and nothing else: {said}");
        tx.note_order(order, &format!("message {id}: {}", cut(&text, 600)))?;
        end(
            tx,
            id,
            MessageState::Accepted,
            Some(order.id),
            &cut(&text, 200),
        )?;
        return Ok(Ended {
            state: MessageState::Accepted,
            opened: 0,
            failure: None,
        });
    }
    let text = format!(
        "the customer of order {} ({}) writes{proof}: {said}",
        order.reference(),
        mail.sender
    );
    let text = cut(&text, 2_500);
    tx.note_order(order, &format!("message {id}: {}", cut(&text, 1_500)))?;
    let about = Subject {
        message: Some(id),
        order: Some(order.id),
        po: match tie {
            Tie::Instead(po) => Some(*po),
            _ => None,
        },
        ..Subject::default()
    };
    let entity = format!("message:{id}");
    listed(tx, site, id, (Code::CustomerMail, &entity), about, &text)
}

/// The customer's own words, without what they quote, as one line; card numbers masked.
fn words(mail: &Inbound) -> String {
    let own = quote::own_words(mail.text.as_deref(), mail.html.as_deref());
    let own = own.map(|own| cut(&one_line_of(&own), 1_200));
    let own = own.filter(|own| !own.is_empty());
    let mut said = match own {
        Some(own) => own,
        None => "(no words of their own)".to_owned(),
    };
    if !mail.subject.is_empty() {
        said = format!("\"{}\": {said}", mail.subject);
    }
    let said = cards::mask_text(&said).unwrap_or(said);
    match super::attached(mail) {
        Some(files) => format!("{said}; attached: {files}"),
        None => said,
    }
}

/// As [`one_line`], paragraph by paragraph, so that more than its 300 characters are kept.
fn one_line_of(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(one_line).collect();
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join(" ")
}

/// Who wrote a mail, as far as anything shows it.
pub enum Correspondent {
    /// The customer of this order.
    Customer(Box<OrderRow>),
    /// A vendor, about this purchase order.
    Vendor {
        /// Which.
        id: String,
        /// If it is known.
        po: Option<Box<PoRow>>,
    },
    /// Nobody whom poms knows.
    Unknown,
}

/// Who wrote the mail of a message.
pub fn correspondent(
    tx: &Tx,
    site: &App,
    id: i64,
    mail: &Inbound,
) -> Result<Correspondent, LedgerError> {
    let marks = &site.reader.marks;
    let of_po = |po: PoRow| Correspondent::Vendor {
        id: po.vendor_id.clone(),
        po: Some(Box::new(po)),
    };
    let customer = |order: OrderRow| Correspondent::Customer(Box::new(order));
    if let Some((row, party)) = trust::about_return(tx, &marks.tokens, mail)? {
        let party = of_return(tx, mail, (&row, party))?;
        return Ok(match party {
            Party::Customer => customer(tx.order(row.order_id)?),
            Party::Vendor => of_po(tx.po(row.po_id)?),
        });
    }
    if let Some(row) = trust::about_question(tx, &marks.tokens, mail)? {
        return Ok(customer(tx.order(row.order_id)?));
    }
    if let Some((order, _)) = tied(tx, marks, mail)? {
        return Ok(customer(order));
    }
    if let Ok(proved) = trust::judge(tx, marks, mail)?
        && let Some(id) = proved.vendor
    {
        return Ok(Correspondent::Vendor {
            id,
            po: proved.po.map(Box::new),
        });
    }
    // a person said whose it is
    let open = tx.open_exceptions_of_message(id)?;
    if let Some(po) = open.iter().find_map(|row| row.subject.po) {
        return Ok(of_po(tx.po(po)?));
    }
    Ok(match claimed(tx, mail)? {
        Some((order, _)) => customer(order),
        None => Correspondent::Unknown,
    })
}
