//! Made-up values on which templates are tried when they are loaded: once with everything that can
//! be given, once with as little as there can be.

mod chases;
mod purchase_order;

pub(super) use chases::{chases, gathered};

use super::context::{AdminContext, AdminItem, PlacedContext, PlacedLine};
use super::customer::{
    CancelledContext, DelayedContext, Expected, NotShippedContext, NoticeCommon, NoticeItem,
    OverdueContext, Parcel, ShippedContext, ShippedGoods, TakenOffContext,
};
use super::dispute::{DisputeContext, DisputeItem};
use super::question::QuestionContext;
use super::returns::{ReturnContext, ReturnContextLine, ReturnOutcome};
use crate::domain::codes::{Code, Remedy, Severity};
use crate::domain::money::Money;
use crate::domain::po_document::{Letterhead, PoDocument};
use crate::domain::rma::ReturnKind;
use crate::domain::shop_order::Charge;
use chrono::{DateTime, NaiveDate};

/// One context of each kind of mail.
pub(super) type Contexts = (PoDocument, PlacedContext, AdminContext);

/// Everything given (`true`) or as little as there can be.
pub(super) fn contexts(full: bool) -> Contexts {
    (
        purchase_order::purchase_order(full),
        placed(full),
        admin(full),
    )
}

/// A return of each kind, authorised and over.
pub(super) fn returns(full: bool) -> Vec<ReturnContext> {
    let given = |text: &str| if full { text.to_owned() } else { String::new() };
    let of = |kind: &ReturnKind, outcome: Option<ReturnOutcome>| ReturnContext {
        shop: shop(full),
        kind: kind.as_str().to_owned(),
        number: "R-1001-1".to_owned(),
        order_number: "1001".to_owned(),
        po_number: "1001-1".to_owned(),
        customer_name: "Customer".to_owned(),
        vendor_name: "Vendor".to_owned(),
        reason: given("Too large"),
        lines: vec![ReturnContextLine {
            sku: "S-1".to_owned(),
            vendor_sku: given("V-1"),
            description: given("Chair"),
            qty: 2,
        }],
        address: match kind.goods_come_back() {
            true => vec!["Vendor".to_owned(), "2 Main Street".to_owned()],
            false => Vec::new(),
        },
        to_vendor: full,
        whole: full,
        deadline: kind.goods_come_back().then(NaiveDate::default),
        outcome,
    };
    let over = |refunded: bool| {
        let paid = |text: &str| if refunded { given(text) } else { String::new() };
        ReturnOutcome {
            refunded,
            amount: refunded.then_some(Money(1999)),
            currency: "USD".to_owned(),
            method: paid("card"),
            reference: paid("re_1"),
            why: given("It was used"),
            ..ReturnOutcome::default()
        }
    };
    let part = |earlier, more, ended| ReturnOutcome {
        earlier,
        more,
        ended,
        ..over(true)
    };
    let outcomes = [
        None,
        Some(over(true)),
        Some(over(false)),
        Some(part(None, Some(Money(501)), false)),
        Some(part(Some(Money(501)), None, false)),
        Some(part(Some(Money(501)), Some(Money(1)), false)),
        Some(part(None, None, true)),
    ];
    let kinds = ReturnKind::ALL.iter();
    kinds
        .flat_map(|kind| outcomes.iter().map(|outcome| of(kind, outcome.clone())))
        .collect()
}

/// A day that passed.
pub(super) fn overdue(full: bool) -> OverdueContext {
    OverdueContext {
        about: about(full),
        told_date: NaiveDate::default(),
        heard: full,
        asked: !full,
        late: expected(full).items,
        others: if full {
            vec![expected(true)]
        } else {
            Vec::new()
        },
    }
}

pub(super) fn shop(full: bool) -> Letterhead {
    let given = |text: &str| if full { text.to_owned() } else { String::new() };
    Letterhead {
        name: "Shop".to_owned(),
        address: if full {
            vec!["1 Main Street".to_owned()]
        } else {
            vec![]
        },
        email: given("orders@shop.example"),
        phone: given("555-0100"),
    }
}

fn placed(full: bool) -> PlacedContext {
    let given = |text: &str| full.then(|| text.to_owned());
    let (name, amount) = ("Tip".to_owned(), Money(1));
    let charge = Charge { name, amount };
    PlacedContext {
        shop: shop(full),
        order_number: "1001".to_owned(),
        order_date: NaiveDate::default(),
        customer_name: "Customer".to_owned(),
        lines: vec![PlacedLine {
            sku: "S-1".to_owned(),
            description: "Chair".to_owned(),
            qty: 2,
            unit_price: Money(200),
            amount: Money(400),
        }],
        currency: "USD".to_owned(),
        goods: Money(400),
        discount: full.then_some(Money(50)),
        shipping: Money(0),
        charges: vec![charge; usize::from(full)],
        tax: Money(0),
        tax_included: full,
        total: Money(350),
        ship_to: vec!["Customer".to_owned()],
        shipping_method: given("Ground"),
        expected_date: full.then(NaiveDate::default),
        estimate: full,
        parcels: if full {
            vec![expected(true); 2]
        } else {
            vec![]
        },
        gift_message: given("Best wishes"),
        several_parcels: full,
    }
}

fn admin(full: bool) -> AdminContext {
    let item = |id: i64| AdminItem {
        id,
        code: Code::TotalMismatch.into(),
        severity: Severity::Hold,
        entity: "order 1001".to_owned(),
        order: full.then(|| "1001".to_owned()),
        message: "the total does not add up".to_owned(),
        since: DateTime::UNIX_EPOCH,
        remedies: if full {
            vec![Remedy::Release, Remedy::Amend]
        } else {
            vec![]
        },
        commands: if full {
            ["--release", "--amend total=75.40"]
                .map(|what| format!("poms exceptions resolve {id} {what} --note \"WHY\""))
                .into()
        } else {
            vec![]
        },
    };
    AdminContext {
        site: "Shop".to_owned(),
        run: 1,
        now: DateTime::UNIX_EPOCH,
        zone: "UTC".to_owned(),
        items: (1..=if full { 7 } else { 1 }).map(item).collect(),
        open: if full { 9 } else { 1 },
        poms: "poms".to_owned(),
        again: if full {
            vec![item(8), item(9)]
        } else {
            Vec::new()
        },
    }
}

/// The mails that may follow the first one.
pub(super) type Later = (ShippedContext, DelayedContext, CancelledContext);

/// Everything given (`true`) or as little as there can be.
pub(super) fn later(full: bool) -> Later {
    let some = |count: usize| {
        if full {
            vec![expected(true); count]
        } else {
            vec![]
        }
    };
    let shipped = ShippedContext {
        about: about(full),
        shipments: vec![shipment(full); if full { 2 } else { 1 }],
        still: some(2),
        earlier: full,
        corrected: !full,
        numbers: false,
        delivered: false,
        unstopped: if full { expected(true).items } else { vec![] },
    };
    let delayed = DelayedContext {
        about: about(full),
        expected_date: full.then(NaiveDate::default),
        estimate: full,
        backorder: !full,
        told_date: full.then(NaiveDate::default),
        told_undated: !full,
        a_part: full,
        late: vec![expected(full)],
        others: some(1),
    };
    let cancelled = CancelledContext {
        about: about(full),
        items: expected(full).items,
    };
    (shipped, delayed, cancelled)
}

/// The mail about what did not leave after all.
pub(super) fn not_shipped(full: bool) -> NotShippedContext {
    NotShippedContext {
        about: about(full),
        items: expected(full).items,
        numbers: vec!["1Z5R89390357567127".to_owned(); if full { 2 } else { 0 }],
        still: if full {
            vec![expected(true); 2]
        } else {
            vec![]
        },
    }
}

/// The mail about a part that will not come.
pub(super) fn taken_off(full: bool) -> TakenOffContext {
    TakenOffContext {
        about: about(full),
        items: expected(full).items,
        others: if full {
            vec![expected(true); 2]
        } else {
            Vec::new()
        },
    }
}

/// A question of each kind.
pub(super) fn questions(full: bool) -> Vec<QuestionContext> {
    let of = |(kind, unanswered): (&str, &str)| QuestionContext {
        about: about(full),
        kind: kind.to_owned(),
        items: expected(full).items,
        expected_date: (full && kind != "rejected").then(NaiveDate::default),
        estimate: full,
        others: if full {
            vec![expected(true)]
        } else {
            Vec::new()
        },
        divisible: full,
        cancellable: full,
        answer_by: NaiveDate::default(),
        unanswered: unanswered.to_owned(),
    };
    let all = [
        ("rejected", "take-off"),
        ("backordered", "wait"),
        ("late", "tell"),
    ];
    all.map(of).to_vec()
}

fn about(full: bool) -> NoticeCommon {
    NoticeCommon {
        shop: shop(full),
        order_number: "1001".to_owned(),
        order_date: NaiveDate::default(),
        customer_name: "Customer".to_owned(),
        ship_to: vec!["Customer".to_owned()],
    }
}

fn expected(full: bool) -> Expected {
    Expected {
        date: full.then(NaiveDate::default),
        estimate: full,
        items: vec![NoticeItem {
            qty: 2,
            sku: "S-1".to_owned(),
            description: "Chair".to_owned(),
        }],
    }
}

fn shipment(full: bool) -> ShippedGoods {
    let parcel = |url: Option<&str>| Parcel {
        carrier: "UPS".to_owned(),
        tracking: "1Z5R89390357567127".to_owned(),
        replaces: url.map(|_| "1Z879E930346834440".to_owned()),
        new: url.is_none(),
        delivered: url.map(|_| NaiveDate::default()),
        url: url.map(str::to_owned),
    };
    let page = Some("https://www.ups.com/track?tracknum=1Z5R89390357567127");
    ShippedGoods {
        again: full,
        expected: expected(full),
        ship_date: full.then(NaiveDate::default),
        parcels: match full {
            true => vec![parcel(page), parcel(None)],
            false => Vec::new(),
        },
        ..ShippedGoods::default()
    }
}

/// A bill with everything wrong, or one of which little is known.
pub(super) fn dispute(full: bool) -> DisputeContext {
    let item = |code: Code| DisputeItem {
        code: code.into(),
        facts: match code {
            Code::InvoiceUnmatched => String::new(),
            _ => "S-1 on 1001-1: billed 3 at 4.50 in all, ordered 2 at 1.50, shipped 2".to_owned(),
        },
        amount: Money(150),
    };
    let codes: &[Code] = match full {
        true => &[
            Code::InvoicePrice,
            Code::InvoiceQuantity,
            Code::InvoiceNotShipped,
            Code::InvoiceFreight,
            Code::InvoiceDuplicate,
        ],
        false => &[Code::InvoiceUnmatched],
    };
    DisputeContext {
        shop: shop(full),
        vendor_name: "Vendor".to_owned(),
        invoice_number: if full { "INV-7" } else { "" }.to_owned(),
        kind: "bill".to_owned(),
        invoice_date: NaiveDate::default(),
        total: Money(450),
        currency: "USD".to_owned(),
        po: full.then(|| "1001-1".to_owned()),
        items: codes.iter().map(|code| item(*code)).collect(),
        asked: Money(750),
    }
}
