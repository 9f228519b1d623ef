//! Deliveries: what a document that leaves the house is, and which way it goes. One table for each;
//! outbox, bounces, reports and words take all they know of a kind or channel from it.

use serde::{Serialize, Serializer};
use std::fmt;

/// The way on which a document leaves.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryChannel {
    /// By mail.
    Email,
    /// By fax.
    Fax,
    /// As files to where the vendor's system takes them, by a `[[vendor_drop]]`.
    Drop,
    /// By the interface of the shop that an order came from.
    Shop,
    /// To a program or service outside, by a `[[hook]]`.
    Hook,
    /// A word of another version of poms, in a row of the ledger. Nothing is sent that way.
    Unknown(Box<str>),
}

/// What a channel is called.
struct ChannelWords {
    channel: DeliveryChannel,
    /// In the ledger and in JSON.
    word: &'static str,
    /// To people, after "by".
    told: &'static str,
}

const CHANNELS: [ChannelWords; 5] = [
    ChannelWords {
        channel: DeliveryChannel::Email,
        word: "email",
        told: "e-mail",
    },
    ChannelWords {
        channel: DeliveryChannel::Fax,
        word: "fax",
        told: "fax",
    },
    ChannelWords {
        channel: DeliveryChannel::Drop,
        word: "drop",
        told: "its drop",
    },
    ChannelWords {
        channel: DeliveryChannel::Shop,
        word: "shop",
        told: "the shop's interface",
    },
    ChannelWords {
        channel: DeliveryChannel::Hook,
        word: "hook",
        told: "hook",
    },
];

impl DeliveryChannel {
    /// Every channel, in the order in which a run empties them.
    pub const ALL: [DeliveryChannel; 5] = [
        DeliveryChannel::Email,
        DeliveryChannel::Fax,
        DeliveryChannel::Drop,
        DeliveryChannel::Shop,
        DeliveryChannel::Hook,
    ];

    /// From the ledger's word, whatever it is.
    pub fn of(word: &str) -> DeliveryChannel {
        let known = CHANNELS.into_iter().find(|known| known.word == word);
        known.map_or_else(
            || DeliveryChannel::Unknown(word.into()),
            |known| known.channel,
        )
    }

    /// The word for it in the ledger and in JSON.
    pub fn as_str(&self) -> &str {
        match (self, self.words()) {
            (DeliveryChannel::Unknown(word), _) => word,
            (_, words) => words.map_or("", |words| words.word),
        }
    }

    /// The word for it in sentences.
    pub fn told(&self) -> &str {
        self.words().map_or(self.as_str(), |words| words.told)
    }

    fn words(&self) -> Option<ChannelWords> {
        CHANNELS.into_iter().find(|known| known.channel == *self)
    }
}

/// For whom a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// A vendor.
    Vendor,
    /// The customer of an order.
    Customer,
    /// The shop's admins.
    Admins,
    /// Whoever wrote to the shop.
    Writer,
    /// The shop's own system.
    Shop,
    /// A program or service outside.
    Program,
}

/// What a document is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum DeliveryKind {
    /// A purchase order.
    PurchaseOrder,
    /// What takes a purchase order or a part of it back.
    PoCancellation,
    /// A purchase order as it was changed.
    PoRevision,
    /// A question about purchase orders that are late.
    PoChase,
    /// A dispute of a bill.
    Dispute,
    /// A return, to its vendor.
    ReturnVendor,
    /// A person's answer to a vendor.
    AnswerVendor,
    /// The first mail about an order.
    OrderPlaced,
    /// Goods left.
    OrderShipped,
    /// Goods did not leave, as was said before.
    OrderNotShipped,
    /// Goods will come later.
    OrderDelayed,
    /// A day came without the goods.
    OrderOverdue,
    /// An order is cancelled.
    OrderCancelled,
    /// A part of an order is cancelled.
    OrderTakenOff,
    /// A question about an order.
    CustomerQuestion,
    /// A return, to its customer.
    ReturnCustomer,
    /// A person's answer to a customer.
    AnswerCustomer,
    /// A person's answer to somebody else.
    Answer,
    /// What is new on the list of exceptions.
    AdminExceptions,
    /// A shipment with its tracking numbers, told to the shop.
    ShopShipped,
    /// An order of which all has left, to be closed in the shop.
    ShopClosed,
    /// What happened, to a program or service outside.
    Event,
    /// A word of another version of poms, in a row of the ledger.
    Unknown(Box<str>),
}

/// What poms knows of a kind.
struct KindWords {
    kind: DeliveryKind,
    word: &'static str,
    told: &'static str,
    to: Receiver,
    is_witness: bool,
}

/// Declares one kind.
const fn kind(
    kind: DeliveryKind,
    word: &'static str,
    told: &'static str,
    to: Receiver,
    is_witness: bool,
) -> KindWords {
    KindWords {
        kind,
        word,
        told,
        to,
        is_witness,
    }
}

/// Kind, word in the ledger, words to people, for whom, and whether it carries the trail's head.
#[rustfmt::skip]
static KINDS: &[KindWords] = &[
    kind(DeliveryKind::PurchaseOrder, "purchase_order", "purchase order", Receiver::Vendor, true),
    kind(DeliveryKind::PoCancellation, "po_cancellation", "cancellation to the vendor", Receiver::Vendor, false),
    kind(DeliveryKind::PoRevision, "po_revision", "revision of a purchase order", Receiver::Vendor, true),
    kind(DeliveryKind::PoChase, "po_chase", "question to the vendor", Receiver::Vendor, true),
    kind(DeliveryKind::Dispute, "dispute", "dispute of a bill, to the vendor", Receiver::Vendor, false),
    kind(DeliveryKind::ReturnVendor, "return_vendor", "mail to the vendor about a return", Receiver::Vendor, false),
    kind(DeliveryKind::AnswerVendor, "answer_vendor", "answer to the vendor", Receiver::Vendor, false),
    kind(DeliveryKind::OrderPlaced, "order_placed", "mail to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderShipped, "order_shipped", "shipped, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderNotShipped, "order_not_shipped", "not shipped after all, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderDelayed, "order_delayed", "delayed, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderOverdue, "order_overdue", "late, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderCancelled, "order_cancelled", "cancelled, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::OrderTakenOff, "order_taken_off", "a part cancelled, to the customer", Receiver::Customer, false),
    kind(DeliveryKind::CustomerQuestion, "customer_question", "question to the customer", Receiver::Customer, false),
    kind(DeliveryKind::ReturnCustomer, "return_customer", "mail to the customer about a return", Receiver::Customer, false),
    kind(DeliveryKind::AnswerCustomer, "answer_customer", "answer to the customer", Receiver::Customer, false),
    kind(DeliveryKind::Answer, "answer", "answer to a mail", Receiver::Writer, false),
    kind(DeliveryKind::AdminExceptions, "admin_exceptions", "mail to the admins", Receiver::Admins, true),
    kind(DeliveryKind::ShopShipped, "shop_shipped", "shipment, told to the shop", Receiver::Shop, false),
    kind(DeliveryKind::ShopClosed, "shop_closed", "order, closed in the shop", Receiver::Shop, false),
    kind(DeliveryKind::Event, "event", "event", Receiver::Program, false),
];

impl DeliveryKind {
    /// From the ledger's word, whatever it is.
    pub fn of(word: &str) -> DeliveryKind {
        let known = KINDS.iter().find(|known| known.word == word);
        known.map_or_else(
            || DeliveryKind::Unknown(word.into()),
            |known| known.kind.clone(),
        )
    }

    /// The word for it in the ledger and in JSON.
    pub fn as_str(&self) -> &str {
        match (self, self.words()) {
            (DeliveryKind::Unknown(word), _) => word,
            (_, words) => words.map_or("", |words| words.word),
        }
    }

    /// What it is, to people.
    pub fn told(&self) -> &str {
        self.words().map_or(self.as_str(), |words| words.told)
    }

    /// For whom it is; `None` for a kind that this poms does not know.
    pub fn to(&self) -> Option<Receiver> {
        self.words().map(|words| words.to)
    }

    /// Whether it goes to an order's customer alone.
    pub fn is_customers(&self) -> bool {
        self.to() == Some(Receiver::Customer)
    }

    /// Whether it carries the trail's head out of the house: what goes to vendors about purchase
    /// orders, and to the admins. Customers would learn of it how much the shop sells.
    pub fn is_witness(&self) -> bool {
        self.words().is_some_and(|words| words.is_witness)
    }

    /// Whether it says how an order is and waits while a person is asked about what the shop changed of it
    /// (`changed_in_shop`).
    pub fn waits_for_change(&self) -> bool {
        matches!(
            self,
            DeliveryKind::PurchaseOrder | DeliveryKind::OrderPlaced
        )
    }

    fn words(&self) -> Option<&'static KindWords> {
        KINDS.iter().find(|known| known.kind == *self)
    }
}

impl fmt::Display for DeliveryChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for DeliveryChannel {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl fmt::Display for DeliveryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for DeliveryKind {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_is_one_kinds_and_comes_back() {
        for (place, known) in KINDS.iter().enumerate() {
            assert_eq!(DeliveryKind::of(known.word), known.kind);
            assert_eq!(known.kind.as_str(), known.word);
            let same = |other: &KindWords| other.word == known.word || other.kind == known.kind;
            assert!(!KINDS[place + 1..].iter().any(same), "{}", known.word);
        }
        for channel in DeliveryChannel::ALL {
            assert_eq!(DeliveryChannel::of(channel.as_str()), channel);
            assert!(!channel.told().is_empty());
        }
    }

    #[test]
    fn a_word_of_another_version_stays_what_it_is() {
        let kind = DeliveryKind::of("order_praised");
        assert_eq!(
            (kind.as_str(), kind.told()),
            ("order_praised", "order_praised")
        );
        assert_eq!(
            (kind.to(), kind.is_witness(), kind.is_customers()),
            (None, false, false)
        );
        assert_eq!(serde_json::json!(kind), "order_praised");
        assert_eq!(DeliveryChannel::of("telex").told(), "telex");
    }
}
