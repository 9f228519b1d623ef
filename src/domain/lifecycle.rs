//! The states of orders, purchase orders, deliveries, messages, returns and whatever else has any, and
//! the only moves between them. One table per state machine; the ledger refuses every move that is
//! not in it.

use serde::{Deserialize, Serialize};

/// Declares a state enum, its words in the ledger and the contract, and its table of moves.
macro_rules! states {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal => [$($to:ident),*]),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// All states, in the order of a normal life.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            /// The word for it in the ledger and in JSON; people read its `Display`.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// From its word.
            pub fn parse(word: &str) -> Option<$name> {
                $name::ALL.iter().copied().find(|state| state.as_str() == word)
            }

            /// The states that may follow this one.
            pub fn next(self) -> &'static [$name] {
                match self { $($name::$variant => &[$($name::$to),*]),+ }
            }

            /// Whether `to` may follow this state.
            pub fn may_become(self, to: $name) -> bool {
                self.next().contains(&to)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                // `partly shipped` in sentences and columns
                let mut parts = self.as_str().split('_');
                f.write_str(parts.next().unwrap_or_default())?;
                parts.try_for_each(|part| write!(f, " {part}"))
            }
        }
    };
}

states! {
    /// Where an order stands.
    OrderState {
        /// Stored, not yet checked.
        Received = "received" => [Ready, Held, Cancelled],
        /// Every rule passed or was released; purchase orders are next.
        Ready = "ready" => [Placed, Held, Cancelled],
        /// A person must look first.
        Held = "held" => [Ready, Cancelled, Held],
        /// Its purchase orders are made and on their way to the vendors.
        Placed = "placed" => [PartlyShipped, Shipped, Cancelled],
        /// Some of the goods left.
        PartlyShipped = "partly_shipped" => [Shipped, Placed],
        /// All of the goods left; back where a shipment did not happen.
        Shipped = "shipped" => [Delivered, Closed, PartlyShipped, Placed],
        /// All of the goods arrived.
        Delivered = "delivered" => [Closed, Shipped, PartlyShipped, Placed],
        /// Billed, matched, nothing open.
        Closed = "closed" => [Delivered, Shipped, PartlyShipped, Placed],
        /// Will not be placed, or was taken back before it shipped; back where a vendor does not take its
        /// goods back.
        Cancelled = "cancelled" => [Placed],
    }
}

states! {
    /// Where a purchase order stands.
    PoState {
        /// Made, not yet in the outbox.
        Draft = "draft" => [Queued, Cancelled],
        /// In the outbox.
        Queued = "queued" => [Sent, Failed, Cancelled],
        /// The vendor's server or fax took it.
        Sent = "sent" => [Acknowledged, Backordered, Rejected, PartlyShipped, Shipped, Failed, Queued, Cancelled, Invoiced],
        /// The vendor accepted it.
        Acknowledged = "acknowledged" => [Backordered, Rejected, PartlyShipped, Shipped, Cancelled, Invoiced],
        /// The vendor has not got the goods yet.
        Backordered = "backordered" => [Acknowledged, Rejected, PartlyShipped, Shipped, Cancelled],
        /// Some of the goods left.
        PartlyShipped = "partly_shipped" => [Shipped, Backordered, Cancelled, Invoiced, Acknowledged, Rejected, Sent],
        /// All of the goods left; back where a shipment did not happen.
        Shipped = "shipped" => [Invoiced, Closed, PartlyShipped, Acknowledged, Backordered, Rejected, Sent],
        /// The vendor billed all of it.
        Invoiced = "invoiced" => [Closed, Shipped],
        /// Nothing open.
        Closed = "closed" => [Shipped],
        /// The vendor will not deliver.
        Rejected = "rejected" => [Acknowledged, Cancelled],
        /// Could not be brought to the vendor.
        Failed = "failed" => [Queued, Sent, Cancelled],
        /// Taken back; open again where its vendor refused that.
        Cancelled = "cancelled" => [Acknowledged],
    }
}

states! {
    /// Where an outgoing document stands.
    DeliveryState {
        /// Waits for its first or next attempt.
        Queued = "queued" => [Sending, Failed, Dropped],
        /// Its content is being handed over: committed before the first byte that could complete it.
        Sending = "sending" => [Sent, Queued, Failed, Unknown],
        /// The other side took it.
        Sent = "sent" => [Failed, Queued],
        /// Given up: refused for good, or too old.
        Failed = "failed" => [Queued, Dropped, Sent],
        /// Handed over, but the answer never came: it may or may not have arrived.
        Unknown = "unknown" => [Queued, Sent, Failed, Dropped],
        /// A person decided that it shall not be sent.
        Dropped = "dropped" => [Queued, Sent],
    }
}

states! {
    /// How an incoming message ended.
    MessageState {
        /// Stored, not yet interpreted.
        Pending = "pending" => [Accepted, Duplicate, Held, Quarantined, Ignored],
        /// Acted on.
        Accepted = "accepted" => [],
        /// Says what an earlier message said.
        Duplicate = "duplicate" => [],
        /// Readable, but not to be acted on before a person looked.
        Held = "held" => [Pending, Accepted, Ignored],
        /// Could not be read.
        Quarantined = "quarantined" => [Pending, Ignored],
        /// Not for poms, or dismissed.
        Ignored = "ignored" => [Pending],
    }
}

states! {
    /// Where a return stands. Which of the moves a return of a kind may
    /// make, [`super::rma::ReturnKind::may_become`] says.
    ReturnState {
        /// The customer wants to give something back.
        Requested = "requested" => [Authorised, Rejected, Cancelled],
        /// It has an RMA number and a deadline; the goods may come back.
        Authorised = "authorised" => [Received, Refunded, Rejected, Cancelled],
        /// Goods came that nobody has looked at.
        Received = "received" => [Inspected],
        /// Somebody looked at all that came; more may come.
        Inspected = "inspected" => [Received, Refunded, Rejected],
        /// The customer has the money back.
        Refunded = "refunded" => [],
        /// Nothing is paid back.
        Rejected = "rejected" => [],
        /// Taken back before anything came back.
        Cancelled = "cancelled" => [],
    }
}

states! {
    /// Where a vendor's invoice stands.
    InvoiceState {
        /// Its vendor or its purchase order is not known: a person says which.
        Unmatched = "unmatched" => [Variance, Matched, Split, Duplicate, Ignored, Unmatched],
        /// Counted as billed on its purchase order, and something is wrong with it.
        Variance = "variance" => [Matched, Ignored],
        /// Counted as billed on its purchase order; nothing open.
        Matched = "matched" => [Variance, Ignored],
        /// Over several purchase orders: its parts count, each on its own.
        Split = "split" => [],
        /// Billed before: not counted.
        Duplicate = "duplicate" => [Variance, Matched, Split, Unmatched, Duplicate, Ignored],
        /// Not this shop's, or what was open of a bill that came whole since, as a person decided: not
        /// counted.
        Ignored = "ignored" => [Unmatched],
    }
}

states! {
    /// Where one thing that is wrong with an invoice stands.
    VarianceState {
        /// A person must decide.
        Open = "open" => [Disputed, Accepted, CreditExpected, Credited, Dismissed, Cleared],
        /// The vendor was told; its answer is waited for.
        Disputed = "disputed" => [Accepted, CreditExpected, Credited, Dismissed, Cleared],
        /// Paid as billed, by a person's decision.
        Accepted = "accepted" => [],
        /// The vendor promised a credit.
        CreditExpected = "credit_expected" => [Credited],
        /// The vendor's credit came.
        Credited = "credited" => [],
        /// Settled otherwise, by a person's word.
        Dismissed = "dismissed" => [],
        /// No longer so: the goods were shipped since, or the invoice found its purchase order.
        Cleared = "cleared" => [],
    }
}

states! {
    /// Where a credit stands that a vendor owes.
    CreditState {
        /// Waited for.
        Open = "open" => [Settled, Withdrawn],
        /// It came.
        Settled = "settled" => [],
        /// No longer owed, by a person's decision.
        Withdrawn = "withdrawn" => [],
    }
}

impl InvoiceState {
    /// The state in a sentence: `it …`.
    pub fn told(self) -> &'static str {
        match self {
            InvoiceState::Unmatched => "is not matched: nobody knows what it bills",
            InvoiceState::Variance => "waits: something is wrong with it",
            InvoiceState::Matched => "is matched",
            InvoiceState::Split => "is split over several purchase orders",
            InvoiceState::Duplicate => "was billed before, and does not count",
            InvoiceState::Ignored => "does not count",
        }
    }

    /// Whether its total counts as billed or credited on its purchase order.
    pub fn counts(self) -> bool {
        matches!(self, InvoiceState::Variance | InvoiceState::Matched)
    }
}

states! {
    /// Where a cancellation stands, which takes back what a purchase order asked for.
    CancellationState {
        /// The vendor has not answered it.
        Open = "open" => [Agreed, Refused],
        /// The vendor does not ship what it takes back.
        Agreed = "agreed" => [Refused],
        /// It came too late: the goods left, or the vendor does not take them back.
        Refused = "refused" => [Agreed],
    }
}

states! {
    /// Where a revision of a purchase order stands that its vendor has.
    RevisionState {
        /// The vendor has not answered it, or it has not left.
        Open = "open" => [Agreed, Refused, Overtaken],
        /// It counts.
        Agreed = "agreed" => [],
        /// The vendor does not take it: what it had agreed to before counts.
        Refused = "refused" => [],
        /// A later revision, or a cancellation of the whole, stands in its place.
        Overtaken = "overtaken" => [],
    }
}

states! {
    /// Where a shipment stands.
    ShipmentState {
        /// It left the vendor.
        InTransit = "in_transit" => [Delivered, Exception, Undone],
        /// The carrier says that it is stuck, lost or on its way back.
        Exception = "exception" => [InTransit, Delivered, Undone],
        /// It arrived, as the carrier or a person says.
        Delivered = "delivered" => [Exception, InTransit, Undone],
        /// It did not happen, as a person says: its pieces are open again.
        Undone = "undone" => [],
    }
}

states! {
    /// Where a row of a shipping advice stands that could not be acted on at once.
    AdviceRowState {
        /// A person must look.
        Held = "held" => [Applied, Dismissed],
        /// A person had it acted on. What it did can be taken back, and be said again.
        Applied = "applied" => [Held],
        /// Nothing shall come of it.
        Dismissed = "dismissed" => [Held],
    }
}

impl OrderState {
    /// Whether the order's total counts against its customer's spending limit.
    pub fn counts_as_spent(self) -> bool {
        !matches!(
            self,
            OrderState::Received | OrderState::Held | OrderState::Cancelled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_states_are_one_to_one() {
        for state in OrderState::ALL {
            assert_eq!(OrderState::parse(state.as_str()), Some(*state));
        }
        for state in PoState::ALL {
            assert_eq!(PoState::parse(state.as_str()), Some(*state));
        }
        for state in ReturnState::ALL {
            assert_eq!(ReturnState::parse(state.as_str()), Some(*state));
        }
        for state in InvoiceState::ALL {
            assert_eq!(InvoiceState::parse(state.as_str()), Some(*state));
        }
        for state in CancellationState::ALL {
            assert_eq!(CancellationState::parse(state.as_str()), Some(*state));
        }
        for state in RevisionState::ALL {
            assert_eq!(RevisionState::parse(state.as_str()), Some(*state));
        }
        for state in VarianceState::ALL {
            assert_eq!(VarianceState::parse(state.as_str()), Some(*state));
        }
        assert_eq!(OrderState::parse("shipping"), None);
    }

    #[test]
    fn an_order_is_cancelled_from_any_state_before_shipped_and_from_none_after() {
        use OrderState::*;
        for state in OrderState::ALL {
            let before = matches!(state, Received | Ready | Held | Placed);
            assert_eq!(state.may_become(Cancelled), before, "{state}");
        }
    }
}
