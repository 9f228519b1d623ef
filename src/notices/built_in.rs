//! poms' own templates by their names.

use crate::domain::delivery::DeliveryKind;

pub(super) const PO_MAIL: &str = "po_mail.txt";
pub(super) const PO_CHASE: &str = "po_chase.txt";
pub(super) const PO_CANCELLATION: &str = "po_cancellation.txt";
pub(super) const PO_CHASES: &str = "po_chases.txt";
pub(super) const ADMIN: &str = "admin_exceptions.txt";
pub(super) const DISPUTE: &str = "dispute.txt";
pub(super) const RETURN_CUSTOMER: &str = "return_customer.txt";
pub(super) const RETURN_CUSTOMER_HTML: &str = "return_customer.html";
pub(super) const RETURN_CLOSED: &str = "return_closed.txt";
pub(super) const RETURN_CLOSED_HTML: &str = "return_closed.html";
pub(super) const RETURN_VENDOR: &str = "return_vendor.txt";

/// The mails to customers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// The order was passed on to its vendors.
    Placed,
    /// Goods left.
    Shipped,
    /// What the customer was told to have left did not.
    NotShipped,
    /// They come later than the customer was told.
    Delayed,
    /// The day that the customer was told is here, and they have not left.
    Overdue,
    /// The order will not come.
    Cancelled,
    /// A part of it will not.
    TakenOff,
    /// What shall become of goods that do not come as ordered?
    Question,
}

impl NoticeKind {
    /// All of them.
    pub const ALL: [NoticeKind; 8] = [
        NoticeKind::Placed,
        NoticeKind::Shipped,
        NoticeKind::NotShipped,
        NoticeKind::Delayed,
        NoticeKind::Overdue,
        NoticeKind::Cancelled,
        NoticeKind::TakenOff,
        NoticeKind::Question,
    ];

    /// The word for it on the command line.
    pub fn word(self) -> &'static str {
        match self {
            NoticeKind::Placed => "placed",
            NoticeKind::Shipped => "shipped",
            NoticeKind::NotShipped => "not-shipped",
            NoticeKind::Delayed => "delayed",
            NoticeKind::Overdue => "overdue",
            NoticeKind::Cancelled => "cancelled",
            NoticeKind::TakenOff => "taken-off",
            NoticeKind::Question => "question",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<NoticeKind> {
        NoticeKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What the outbox takes it for.
    pub fn delivery(self) -> DeliveryKind {
        match self {
            NoticeKind::Placed => DeliveryKind::OrderPlaced,
            NoticeKind::Shipped => DeliveryKind::OrderShipped,
            NoticeKind::NotShipped => DeliveryKind::OrderNotShipped,
            NoticeKind::Delayed => DeliveryKind::OrderDelayed,
            NoticeKind::Overdue => DeliveryKind::OrderOverdue,
            NoticeKind::Cancelled => DeliveryKind::OrderCancelled,
            NoticeKind::TakenOff => DeliveryKind::OrderTakenOff,
            NoticeKind::Question => DeliveryKind::CustomerQuestion,
        }
    }

    /// The template of its text.
    pub(super) fn text(self) -> &'static str {
        match self {
            NoticeKind::Placed => "customer_placed.txt",
            NoticeKind::Shipped => "customer_shipped.txt",
            NoticeKind::NotShipped => "customer_not_shipped.txt",
            NoticeKind::Delayed => "customer_delayed.txt",
            NoticeKind::Overdue => "customer_overdue.txt",
            NoticeKind::Cancelled => "customer_cancelled.txt",
            NoticeKind::TakenOff => "customer_taken_off.txt",
            NoticeKind::Question => "customer_question.txt",
        }
    }

    /// The template of its HTML; an empty file means plain text only.
    pub(super) fn html(self) -> &'static str {
        match self {
            NoticeKind::Placed => "customer_placed.html",
            NoticeKind::Shipped => "customer_shipped.html",
            NoticeKind::NotShipped => "customer_not_shipped.html",
            NoticeKind::Delayed => "customer_delayed.html",
            NoticeKind::Overdue => "customer_overdue.html",
            NoticeKind::Cancelled => "customer_cancelled.html",
            NoticeKind::TakenOff => "customer_taken_off.html",
            NoticeKind::Question => "customer_question.html",
        }
    }
}

macro_rules! own {
    ($($name:literal),* $(,)?) => {
        [$(($name, include_str!(concat!("../../config/templates/", $name)))),*]
    };
}

/// What mails are made of and no mail by itself: extended or imported by the others.
pub(super) const PARTS: [&str; 4] = [
    "customer_base.txt",
    "customer_base.html",
    "customer_parts.txt",
    "customer_parts.html",
];

/// The templates: name and poms' own text.
pub const BUILT_IN: [(&str, &str); 31] = own![
    "customer_base.txt",
    "customer_base.html",
    "customer_parts.txt",
    "customer_parts.html",
    "po_mail.txt",
    "po_chase.txt",
    "po_chases.txt",
    "po_cancellation.txt",
    "customer_placed.txt",
    "customer_placed.html",
    "customer_shipped.txt",
    "customer_shipped.html",
    "customer_not_shipped.txt",
    "customer_not_shipped.html",
    "customer_delayed.txt",
    "customer_delayed.html",
    "customer_overdue.txt",
    "customer_overdue.html",
    "customer_cancelled.txt",
    "customer_cancelled.html",
    "customer_taken_off.txt",
    "customer_taken_off.html",
    "customer_question.txt",
    "customer_question.html",
    "admin_exceptions.txt",
    "dispute.txt",
    "return_customer.txt",
    "return_customer.html",
    "return_closed.txt",
    "return_closed.html",
    "return_vendor.txt",
];
