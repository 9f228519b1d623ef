//! Answers of machines that say that nobody reads what we wrote: the address is dead, its owner has gone, or
//! our mail is held until somebody proves that a person sent it. These words count only in what a machine
//! wrote; people write them about parcels and shops.

/// The address is dead, or the mail did not arrive, in small letters.
const DEAD: [&str; 45] = [
    "no longer in use",
    "no longer used",
    "no longer active",
    "no longer valid",
    "no longer exist",
    "no longer monitored",
    "no longer checked",
    "no longer available",
    "no longer in service",
    "no longer works",
    "no longer working",
    "no longer with",
    "no longer employed",
    "no longer accept",
    "no longer receive",
    "has left the company",
    "have left the company",
    "left the company",
    "address has changed",
    "address is not in use",
    "address has been changed",
    "has been deactivated",
    "has been disabled",
    "has been closed",
    "has been discontinued",
    "has been retired",
    "has been shut down",
    "is closed",
    "is inactive",
    "does not exist",
    "not been delivered",
    "not delivered",
    "will not be delivered",
    "will not be read.",
    "will not be read by",
    "will not be read and",
    "will not be read or",
    "will not be received",
    "will not be processed",
    "has been deleted",
    "wird nicht mehr",
    "nicht mehr gültig",
    "nicht mehr im unternehmen",
    "n'est plus",
    "ya no ",
];

/// It is held until somebody does something.
const HELD: [&str; 29] = [
    "held for",
    "being held",
    "held until",
    "until you reply to this",
    "on hold until",
    "awaiting verification",
    "awaiting approval",
    "pending verification",
    "pending approval",
    "sender verification",
    "verify your",
    "verify that you",
    "verify you are",
    "confirm that you are",
    "confirm you are",
    "confirm your message",
    "confirm your e-mail",
    "confirm your email",
    "to release",
    "has been quarantined",
    "is quarantined",
    "approved senders",
    "approved sender list",
    "guest list",
    "anti-spam",
    "antispam",
    "spam protection",
    "prove that you are",
    "will be delivered once",
];

/// How much is looked at, in characters.
const LOOKED_AT: usize = 4_000;

/// What an automatic answer says of that, if it does. What it quotes of ours is not looked at.
/// `away` says that it is a holiday notice, whose writer may well say that nothing could be delivered to the
/// desk.
pub(super) fn what(subject: &str, text: &str, away: bool) -> Option<&'static str> {
    let own = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'));
    let own: String = own.flat_map(|line| [line, " "]).collect();
    let said = format!(
        "{subject} {}",
        own.chars().take(LOOKED_AT).collect::<String>()
    );
    let said = said.to_lowercase().replace('\u{2019}', "'");
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    let has = |words: &[&str]| words.iter().any(|words| said.contains(words));
    // "This mailbox is not monitored" stands below many a receipt of what did arrive
    let dead = has(&DEAD)
        || !away && has(&["could not be delivered"])
        || has(&["not monitored", "unmonitored"]) && !has(&["received", "thank"]);
    match (dead, has(&HELD)) {
        (true, _) => Some(
            "automatic answer that says that nobody reads the address, or that our mail was not delivered,",
        ),
        (false, true) => Some(
            "automatic answer that holds our mail until somebody proves that a person sent it,",
        ),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dead_and_the_held_are_told_from_the_absent() {
        for text in [
            "This mailbox is no longer in use. Please write to new@mail.example. Your message was not delivered.",
            "Bob Miller is no longer with Alder Ridge. Please contact Ann.",
            "My e-mail address has changed to bob@new.example.",
            "The account has been deactivated.",
            "Diese Adresse wird nicht mehr verwendet.",
            "This mailbox is not monitored.",
        ] {
            assert!(
                what("Re: order", text, true).is_some_and(|what| what.contains("nobody reads")),
                "{text}"
            );
        }
        for text in [
            "Your mail is being held for verification. Click here to release.",
            "Please confirm you are a person and your message will be delivered.",
            "I use an anti-spam service.",
        ] {
            assert!(
                what("", text, false).is_some_and(|what| what.contains("holds")),
                "{text}"
            );
        }
        for text in [
            "I am out of the office until December 3 and will answer then.",
            "Thank you for your order. We have received it. This mailbox is not monitored.",
            "Our office closes at 5 pm. We will answer within one business day.",
            "Thanks!\n> the old address is no longer in use",
        ] {
            assert_eq!(
                what("Automatic reply: Purchase order W1-1", text, true),
                None,
                "{text}"
            );
        }
    }
}
