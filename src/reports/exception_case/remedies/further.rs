//! What can be typed about an exception beside its remedies, as things stand.

use super::Choice;
use crate::domain::codes::Code;
use crate::domain::lifecycle::{CancellationState, DeliveryState, OrderState};
use crate::reports::exception_case::Case;
use crate::reports::layout::quoted;

/// What comes before the remedies: it did arrive, a cancellation was answered, a customer was paid.
pub(super) fn before(case: &Case, poms: &str) -> Vec<Choice> {
    let mut all = Vec::new();
    if let Some((delivery, _)) = &case.delivery
        && matches!(
            delivery.state,
            DeliveryState::Unknown | DeliveryState::Failed
        )
    {
        all.push(Choice {
            word: "confirm",
            what: "it did arrive: close it as sent".to_owned(),
            command: format!(
                "{poms} outbox confirm {} --note \"WHO SAID SO\"",
                delivery.id
            ),
        });
    }
    match case.row.code.known() {
        Some(Code::CancellationUnanswered | Code::PoNotOpen) => all.extend(answered(case, poms)),
        Some(Code::CancellationRefused) => all.extend(comes_anyway(case, poms)),
        Some(Code::RefundDue) => all.extend(refund(case, poms)),
        _ if case.row.entity.starts_with("return:") => all.extend(of_a_return(case, poms)),
        _ => {}
    }
    all
}

/// A customer's comment may be let pass, and stand on the purchase orders for the vendors to read.
pub(super) fn to_the_vendor(case: &Case, poms: &str) -> Option<Choice> {
    let order = &case.story.as_ref()?.row;
    let said = order.order.comments.as_deref().unwrap_or_default().trim();
    let held = order.state == OrderState::Held && case.row.code == Code::CustomerComment;
    (held && !said.is_empty()).then(|| Choice {
        word: "release",
        what: "let it go on, and print the comment on the purchase orders (other words: after the flag)"
            .to_owned(),
        command: format!(
            "{poms} exceptions resolve {} --release --comment-to-vendor --note \"WHY\"",
            case.row.id
        ),
    })
}

/// What comes after them: a line of an article that nobody sells is taken off, a document that waits is
/// not sent at all.
pub(super) fn after(case: &Case, poms: &str) -> Vec<Choice> {
    let waits = |state: DeliveryState| state == DeliveryState::Queued;
    let delivery = case.delivery.as_ref().map(|(delivery, _)| delivery);
    let waiting = delivery.filter(|delivery| waits(delivery.state));
    let off = super::amendment::without_the_line(case).map(|words| Choice {
        word: "amend",
        what: "take the line off the order".to_owned(),
        command: format!(
            "{poms} exceptions resolve {} --amend {} --note \"WHY\"",
            case.row.id,
            words.join(" ")
        ),
    });
    let drop = waiting.map(|delivery| Choice {
        word: "drop",
        what: "it shall not be sent".to_owned(),
        command: format!("{poms} outbox drop {} --note \"WHY\"", delivery.id),
    });
    off.into_iter().chain(drop).collect()
}

/// What the vendor says to a cancellation, in the ways in which it can be noted now.
fn answered(case: &Case, poms: &str) -> Vec<Choice> {
    let story = case.story.iter();
    let all = story.flat_map(|story| &story.cancellations);
    let of_po: Vec<_> = all
        .filter(|row| Some(row.po_id) == case.row.subject.po)
        .collect();
    let open = of_po.iter().any(|row| row.state == CancellationState::Open);
    let ways = [
        (
            "agreed",
            CancellationState::Agreed,
            "the vendor does not ship it",
        ),
        (
            "refused",
            CancellationState::Refused,
            "the cancellation came too late: the goods left",
        ),
    ];
    let possible = ways.into_iter().filter(|(_, to, _)| {
        let mut all = of_po.iter();
        // who asks whether goods left that nobody wants is not told that none do
        let asked = *to == CancellationState::Refused || case.row.code != Code::PoNotOpen;
        asked && (open || all.any(|row| row.state.may_become(*to)))
    });
    possible
        .filter_map(|(word, _, what)| {
            let number = quoted(&of_po.first()?.po);
            Some(Choice {
                word,
                what: what.to_owned(),
                command: format!("{poms} po cancel-{word} {number} --note \"WHO SAID SO\""),
            })
        })
        .collect()
}

/// What can be done about goods that come although they were cancelled, beside keeping them.
fn comes_anyway(case: &Case, poms: &str) -> Vec<Choice> {
    let (Some(story), Some(po)) = (&case.story, case.row.subject.po) else {
        return Vec::new();
    };
    let name = quoted(&story.row.reference()).to_string();
    let here = story.supply.lines.iter().filter(|line| line.po_id == po);
    let left = here
        .clone()
        .filter(|line| line.unwanted.min(line.pieces.shipped) > 0);
    let back: Vec<String> = left
        .map(|line| {
            format!(
                "{}={}",
                line.order_line,
                line.unwanted.min(line.pieces.shipped)
            )
        })
        .collect();
    let mut all = Vec::new();
    if !back.is_empty() {
        all.push(Choice {
            word: "return",
            what: "the customer sends it back: it is paid back when it is there".to_owned(),
            command: format!(
                "{poms} return open {name} {} --reason \"WHY\"",
                back.join(" ")
            ),
        });
    }
    // ordered again elsewhere, and not yet left there
    for line in here
        .clone()
        .filter(|line| line.moved > line.pieces.cancelled)
    {
        let twice = line.moved - line.pieces.cancelled;
        let others = story.supply.lines.iter();
        let others = others.filter(|one| one.order_line == line.order_line && one.po_id > po);
        for other in others.filter(|one| one.pieces.open() > 0) {
            let number = story.po_number(Some(other.po_id)).unwrap_or_default();
            all.push(Choice {
                word: "cancel",
                what: format!("it need not come from {number} as well"),
                command: format!(
                    "{poms} order cancel {name} --line {} --pieces {} --po {} --note \"WHY\"",
                    line.order_line,
                    twice.min(other.pieces.open()),
                    quoted(number)
                ),
            });
        }
    }
    if here.clone().any(|line| line.pieces.open() > 0) {
        all.extend(answered(case, poms));
    }
    all.extend(refund(case, poms));
    all
}

fn refund(case: &Case, poms: &str) -> Vec<Choice> {
    let Some(story) = &case.story else {
        return Vec::new();
    };
    let Some(due) = story.owed.as_ref().filter(|due| due.is_open()) else {
        return Vec::new();
    };
    let name = quoted(&story.row.reference());
    let sum = match due.amount {
        Some(_) => "",
        None => " --amount AMOUNT --note \"WHY\"",
    };
    vec![
        Choice {
            word: "refund",
            what: "it is paid back: record it".to_owned(),
            command: format!("{poms} order refund {name} --method WAY --reference NUMBER{sum}"),
        },
        Choice {
            word: "final",
            what: "no more is paid back".to_owned(),
            command: format!("{poms} order refund {name} --final --note \"WHY\""),
        },
    ]
}

fn of_a_return(case: &Case, poms: &str) -> Vec<Choice> {
    let story = case.story.iter();
    let mut all = story.flat_map(|story| &story.returns);
    let Some(money) = all.find(|money| money.row.entity() == case.row.entity) else {
        return Vec::new();
    };
    let next = money.next().into_iter().map(|(word, command)| Choice {
        word,
        what: match word {
            "authorise" => "the goods may come back".to_owned(),
            "receive" => "goods came: how many of each line".to_owned(),
            "inspect" => "somebody looked at them: restock, damaged or wrong_item".to_owned(),
            "refund" => "the customer is paid back: record it".to_owned(),
            _ => "end it, and pay nothing back".to_owned(),
        },
        command: format!("{poms} {command}"),
    });
    next.collect()
}
