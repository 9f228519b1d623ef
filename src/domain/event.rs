//! What happens to orders, as programs outside are told of it: `[[hook]]`. Each event is a fact of the audit
//! trail, by the trail's own word; the words of this list are held to, others may change.

/// An event.
pub struct PublicEvent {
    /// Its word, as the configuration, the trail and the JSON have it.
    pub word: &'static str,
    /// When it happens.
    pub meaning: &'static str,
}

const fn event(word: &'static str, meaning: &'static str) -> PublicEvent {
    PublicEvent { word, meaning }
}

/// All events, in the order of an order's life.
#[rustfmt::skip]
pub static EVENTS: &[PublicEvent] = &[
    event("order.received", "an order was taken in"),
    event("order.held", "a person must look at an order first"),
    event("order.amended", "a person, or the shop, changed an order"),
    event("order.placed", "the purchase orders of an order are made"),
    event("order.partly_shipped", "the first goods of an order left, and others are to come"),
    event("order.shipped", "all goods of an order left"),
    event("order.delivered", "all goods of an order arrived"),
    event("order.cancelled", "an order is cancelled"),
    event("order.refunded", "a customer got money back"),
    event("order.closed", "nothing of an order is open any more"),
    event("po.created", "a purchase order was made"),
    event("po.sent", "a purchase order left for its vendor"),
    event("po.acknowledged", "a vendor accepted a purchase order"),
    event("po.backordered", "a vendor has the goods later"),
    event("po.rejected", "a vendor does not deliver"),
    event("po.failed", "a purchase order could not be sent"),
    event("po.cancelled", "a purchase order is cancelled"),
    event("shipment.created", "goods left: one shipment"),
    event("shipment.exception", "a carrier has trouble with a parcel"),
    event("shipment.delivered", "the goods of a shipment arrived"),
    event("shipment.retracked", "a shipment has another tracking number"),
    event("shipment.undone", "a shipment did not happen"),
    event("exception.opened", "something is new on the list of exceptions"),
    event("exception.resolved", "a person, or poms, took something off that list"),
    event("invoice.matched", "a bill fits its purchase order"),
    event("invoice.variance", "a bill does not fit"),
    event("return.requested", "a customer wants to give something back"),
    event("return.authorised", "a return has its number"),
    event("return.received", "what a customer gave back arrived"),
    event("return.refunded", "a return is paid back"),
    event("return.rejected", "a return is refused"),
];

/// The events that a configuration names: a word, a family such as `order.*`, or `*`. `None` for what names
/// none.
pub fn named(wanted: &str) -> Option<Vec<&'static str>> {
    let family = wanted.strip_suffix('*');
    let found: Vec<&'static str> = EVENTS
        .iter()
        .map(|event| event.word)
        .filter(|word| match family {
            Some("") => true,
            Some(family) => family.ends_with('.') && word.starts_with(family),
            None => *word == wanted,
        })
        .collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_families_and_all() {
        assert_eq!(named("po.sent"), Some(vec!["po.sent"]));
        assert_eq!(named("shipment.*").map(|all| all.len()), Some(5));
        assert_eq!(named("*").map(|all| all.len()), Some(EVENTS.len()));
        for nothing in ["", "po", "po*", "p.*", "order.praised", "*.sent"] {
            assert_eq!(named(nothing), None, "{nothing}");
        }
    }
}
