//! The commands for each remedy, ready to be copied, with the fields that the reason is about.

mod amendment;
mod further;
mod shipments;

use super::{Case, mail};
use crate::domain::codes::{Code, Concerns, Offered, Remedy};
use crate::domain::lifecycle::{DeliveryState, OrderState};
use crate::reports::layout::{View, quoted};

/// One thing that a person can do.
pub struct Choice {
    /// The remedy's word, or `confirm`.
    pub word: &'static str,
    /// What it does here.
    pub what: String,
    /// What to type.
    pub command: String,
}

/// What can be done about an open exception, the usual first; nothing for a resolved one.
pub fn choices(case: &Case, view: &View) -> Vec<Choice> {
    if !case.row.open {
        return Vec::new();
    }
    if !case.silent.is_empty() {
        return super::silent::choices(case, view);
    }
    let mut choices = further::before(case, &view.poms);
    choices.extend(mail::choices(case, view));
    choices.extend(possible(&case.remedies).map(|offered| {
        let command = command(case, view, offered, "");
        choice(case, offered.remedy, command)
    }));
    let release = choices.iter().position(|one| one.word == "release");
    if let Some(at) = release
        && let Some(more) = further::to_the_vendor(case, &view.poms)
    {
        choices.insert(at + 1, more);
    }
    choices.extend(further::after(case, &view.poms));
    choices.extend(shipments::choices(case, &view.poms));
    choices
}

/// What cannot be done as things stand, and why; nothing for a resolved exception.
pub fn impossible(case: &Case) -> Vec<(&'static str, &str)> {
    let all = case.remedies.iter().filter(|_| case.row.open);
    all.filter_map(|one| Some((one.remedy.as_str(), one.refused.as_ref()?.as_str())))
        .collect()
}

/// The remedies that the desk would not refuse.
pub(super) fn possible(all: &[Offered]) -> impl Iterator<Item = &Offered> {
    all.iter().filter(|offered| offered.refused.is_none())
}

fn choice(case: &Case, remedy: Remedy, command: String) -> Choice {
    Choice {
        word: remedy.as_str(),
        what: what(case, remedy),
        command,
    }
}

/// The command of a remedy; `which` says of a list for which of it.
pub(super) fn command(case: &Case, view: &View, offered: &Offered, which: &str) -> String {
    let (poms, id) = (&view.poms, case.row.id);
    let words: Vec<String> = match offered.remedy {
        Remedy::Amend => amendment::words(case, offered),
        Remedy::OtherVendor => offered.changes.iter().map(|id| quoted(id)).collect(),
        Remedy::Release if case.row.code == Code::UntrustedSender && is_about_a_message(case) => {
            let po = case
                .story
                .as_ref()
                .and_then(|story| story.po_number(case.row.subject.po));
            vec![format!("--po {}", po.map_or("NUMBER".to_owned(), quoted))]
        }
        _ => Vec::new(),
    };
    let flag = offered.remedy.as_str();
    let words = words.iter().map(|word| format!(" {word}"));
    let words: String = words.collect();
    format!("{poms} exceptions resolve {id} --{flag}{words}{which} --note \"WHY\"")
}

fn is_about_a_message(case: &Case) -> bool {
    case.row.entity.starts_with("message:")
}

pub(super) fn what(case: &Case, remedy: Remedy) -> String {
    if case.row.entity.starts_with("mailbox:") {
        return match remedy {
            Remedy::Retry => "ask the server for it again, three times",
            _ => "take note of it: it is asked for once a day, and taken when it comes",
        }
        .to_owned();
    }
    if case.row.entity.starts_with("advice:")
        && let Some(what) = of_a_row(case, remedy)
    {
        return what.to_owned();
    }
    if let Some((row, _)) = &case.delivery
        && let Some(what) = of_a_document(row.state, remedy)
    {
        return what.to_owned();
    }
    let order = case.row.order_reference().unwrap_or_default();
    if let Some(what) = mail::what(case, remedy).or_else(|| of_a_bill(case, remedy)) {
        return what.to_owned();
    }
    if let Some(what) = of_a_vendors_mail(case, remedy) {
        return what.to_owned();
    }
    match remedy {
        Remedy::Dismiss => closing(case).to_owned(),
        Remedy::Release if waits_for_nothing(case) => {
            "take note and close it: nothing waits for it".to_owned()
        }
        Remedy::Release if case.row.code == Code::CancellationRefused => {
            "the customer keeps it: nothing is paid back for it".to_owned()
        }
        Remedy::Dispute => "draft the mail to the vendor, and show it".to_owned(),
        Remedy::ExpectCredit => "the vendor promised a credit: wait for it".to_owned(),
        Remedy::Release => format!(
            "let it go on as it is: overrides {} and nothing else",
            case.row.code
        ),
        Remedy::Cancel if order.is_empty() => "it shall not be sent".to_owned(),
        Remedy::Cancel => format!("take order {order} back"),
        Remedy::Amend => "change the order and check it anew".to_owned(),
        Remedy::Retry if case.message.is_some() => {
            "read the mail again after the cause was mended".to_owned()
        }
        Remedy::Retry => {
            "check it again after catalogue, vendors or settings were mended".to_owned()
        }
        Remedy::CancelLine => "take these lines off the order".to_owned(),
        Remedy::OtherVendor => {
            "order these lines from another vendor (name it after the flag to choose)".to_owned()
        }
        Remedy::AskCustomer => {
            "ask the customer by mail: wait, take it off, or cancel; it stays on the list"
                .to_owned()
        }
    }
}

/// What a remedy does about a vendor's mail that says what does not come.
fn of_a_vendors_mail(case: &Case, remedy: Remedy) -> Option<&'static str> {
    if case.row.code != Code::VendorMail {
        return None;
    }
    match remedy {
        Remedy::CancelLine => {
            Some("the vendor does not ship what is still to come: take it off the order")
        }
        Remedy::OtherVendor => Some(
            "the vendor does not ship what is still to come: order it from another (name it after the flag to choose)",
        ),
        Remedy::AskCustomer => Some(
            "the vendor does not ship what is still to come: ask the customer: take it off, or cancel",
        ),
        _ => None,
    }
}

/// What it means to dismiss it.
fn closing(case: &Case) -> &'static str {
    let entity = &case.row.entity;
    if waits_for_nothing(case) {
        "take note and close it: nothing waits for it"
    } else if entity.starts_with("question:") {
        "the customer waits: close it, and what was asked about"
    } else if entity.starts_with("po:") {
        "wait for the vendor"
    } else if case.row.code == Code::CancellationRefused {
        "close it: what is owed stays owed, until it is paid back"
    } else if case.message.is_some() {
        "nothing shall come of the mail; its bytes are kept"
    } else {
        "take note and close it"
    }
}

/// Whether it is what a rule found about an order that is not held by it.
fn waits_for_nothing(case: &Case) -> bool {
    let order = case
        .story
        .as_ref()
        .filter(|_| case.row.entity.starts_with("order:"));
    let held = order.is_none_or(|story| story.row.state == OrderState::Held);
    !held && case.row.definition().concerns == Concerns::Order
}

/// What a remedy does about a bill or a credit.
fn of_a_bill(case: &Case, remedy: Remedy) -> Option<&'static str> {
    let invoice = case.row.entity.starts_with("invoice:");
    Some(match (remedy, case.row.code.known()) {
        (Remedy::Release, Some(Code::InvoiceDuplicate)) => {
            "it is a bill of its own: compare it like any other"
        }
        (Remedy::Release, _) if invoice => "pay as billed",
        (Remedy::Amend, Some(Code::CreditUnclear)) => {
            "say what it is for, by its name above (several: credit=NAME,NAME)"
        }
        (Remedy::Amend, _) if invoice => {
            "say whose name it is (vendor=ID, learnt for good) or what it bills (po=NUMBER; several: po=NUMBER,NUMBER or po=NUMBER:AMOUNT,NUMBER:AMOUNT)"
        }
        (Remedy::Retry, _) if invoice => "look at it again",
        // what nobody asks about any more is owed as it was billed
        (
            Remedy::Dismiss,
            Some(
                Code::InvoicePrice
                | Code::InvoiceQuantity
                | Code::InvoiceNotShipped
                | Code::InvoiceFreight
                | Code::InvoiceDate,
            ),
        ) => "pay as billed, and ask no more about it (not to pay it, leave this open)",
        (Remedy::Dismiss, Some(Code::InvoiceDuplicate)) => "close it: it is not paid",
        _ => return None,
    })
}

/// What a remedy does about a document that did not arrive, or not yet.
fn of_a_document(state: DeliveryState, remedy: Remedy) -> Option<&'static str> {
    let waits = state == DeliveryState::Queued;
    Some(match remedy {
        Remedy::Retry if waits => "have the next run try it, whenever it is due",
        Remedy::Retry => "send it again after the cause was mended",
        Remedy::Dismiss if waits => {
            "take note; poms goes on trying (not to be sent: poms outbox drop)"
        }
        Remedy::Dismiss => "it shall not be sent",
        _ => return None,
    })
}

/// What a remedy does about a row of a shipping advice.
fn of_a_row(case: &Case, remedy: Remedy) -> Option<&'static str> {
    Some(match remedy {
        Remedy::Amend if case.row.code == Code::UnknownPo => "say which purchase order it is about",
        Remedy::Amend => {
            "say what left, and how many pieces of it (add po=NUMBER if it is about another purchase order)"
        }
        Remedy::Release => match case.row.code.known() {
            Some(Code::OverShipment) => {
                "record what is still open as shipped, and leave the surplus out; the customer is told that it left"
            }
            Some(Code::TrackingReused) => {
                "the number is right: record what the row says as shipped; the customer is told that it left"
            }
            Some(Code::AdviceUnclear) => {
                "the row is right: record what it says as shipped; where it does not say which articles or how many, \
                 all that is still open. The customer is told that it left"
            }
            _ => "the vendor confirms it: act on the row as if it had come proved",
        },
        Remedy::Retry => "look at it again as things stand now",
        Remedy::Dismiss => "nothing shall come of the row",
        _ => return None,
    })
}
