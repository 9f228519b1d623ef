//! Whether a carrier's notification says that the parcel is with its recipient. "Out for delivery",
//! "will be delivered", an attempt, a pickup point and a way back are something else.

use super::super::source::Source;
use crate::shipping::text::dates;
use chrono::{Days, NaiveDate};
use regex::Regex;
use std::sync::LazyLock;

macro_rules! pattern {
    ($name:ident, $($part:expr),+) => {
        static $name: LazyLock<Option<Regex>> =
            LazyLock::new(|| Regex::new(concat!("(?i)(?:", $($part),+, ")")).ok());
    };
}

pattern!(
    SAYS,
    r"\b(?:was|were|has been|have been|got)(?: (?:successfully|now|just|already|finally))? delivered\b|",
    r"^\W*(?:\w+ )?(?:status|event)\W{1,4}delivered\b|^\W*delivered\b[^.]{0,30}\d{1,2}[/:-]\d|\bdelivered, (?:front|left|in/at|to|individual|parcel|garage|porch|po box|signed)\b"
);
// a subject may leave its verb out
pattern!(
    HEADLINE,
    r"^\W*(?:your |the )?(?:[\w®™]+ ){0,4}delivered\b|^[\w®™ ]{1,30}: ?(?:your )?(?:packages?|parcels?|shipments?|items?) delivered\b"
);
pattern!(
    NOT,
    r"\b(?:not|never|cannot|unable|couldn't|wasn't|hasn't|isn't|when|once|if|until|unless|after|before|whether|soon|how|will|should|would|may|might|be)\b[^.!?]*\bdelivered\b|",
    r"\bout for delivery\b|\bscheduled\b|\battempt\w*|\bexpected\b|\bestimated\b|\baccess point\b|\bservice ?point\b|\bthe ups store\b|\bpick ?-?up\b|\bcollect\b|\bheld? (?:at|for)\b|\boriginal sender\b|",
    r"\bto (?:the |your )?(?:original )?(?:sender|shipper)\b|\breturn\w*|\bdamaged?\b|\bpartial\w*|\bsome of\b|\bdelivered (?:by|on or before|today by|tomorrow)\b|\bto be delivered\b|\bdelivered \?|\bdelivered\?"
);
// a subject of another stage: the text may speak of what is to come
pattern!(
    OTHER_STAGE,
    r"\bout for delivery\b|\bon (?:its|the) way\b|\bscheduled\b|\bexception\b|\bdelay\w*|\blabel\b|\bship notification\b|\bin transit\b|\barriv\w*|\bexpected\b|\bestimated\b|\battempt\w*|\bpick ?-?up\b|\bon hold\b|\bheld\b|\bclearance\b|\breturn\w*|\bwill be\b|\baccess point\b|\bcoming\b|\bshipped\b"
);
pattern!(
    DAY,
    r"\bdeliver(?:y|ed)\b[^\n]{0,80}?(?P<day>\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d{2}-\d{2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4}|\d{1,2}[ -](?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?[ -,]{1,2}\d{4})"
);

/// How long ago a day of delivery may lie, in days.
const LONGEST_AGO: u64 = 60;

fn fits(pattern: &LazyLock<Option<Regex>>, text: &str) -> bool {
    pattern.as_ref().is_some_and(|p| p.is_match(text))
}

/// The day of delivery, when the notification says for certain that it took place; without a day
/// that can be meant, the day of the mail.
pub(super) fn day(source: &Source, today: NaiveDate) -> Option<NaiveDate> {
    let subject = without_forward(&source.subject);
    let says = |text: &str| fits(&SAYS, text) && !fits(&NOT, text);
    let headline = |text: &str| says(text) || fits(&HEADLINE, text) && !fits(&NOT, text);
    let by_subject = headline(subject);
    if !by_subject && fits(&OTHER_STAGE, subject) {
        return None;
    }
    let text = joined(&source.text);
    let was_subject = |line: &str| line.strip_prefix("Subject: ").is_some_and(headline);
    let by_text = || sentences(&text).any(says) || text.lines().any(was_subject);
    // what the subject says, the text must not take back
    let back = sentences(&text).any(|one| fits(&TAKEN_BACK, one));
    if back || !(by_subject || by_text()) {
        return None;
    }
    let meant = |day: &NaiveDate| {
        let first = today.checked_sub_days(Days::new(LONGEST_AGO));
        *day <= today && first.is_none_or(|first| *day >= first)
    };
    let named = sentences(&text).find_map(|one| {
        let found = DAY.as_ref()?.captures(one)?;
        Some(dates::parse(&found["day"], None)?.date).filter(meant)
    });
    Some(named.unwrap_or(today))
}

pattern!(
    TAKEN_BACK,
    r"\bdelivered to (?:a |an |the )?(?:ups )?(?:access point|service ?point|pick ?-?up|(?:original )?sender|shipper)|\b(?:was|were|has been) not delivered\b|\bcould not be delivered\b|\bdelivery (?:was|has been) (?:attempted|rescheduled)\b"
);

/// The subject of a forwarded mail as it was.
fn without_forward(subject: &str) -> &str {
    let mut subject = subject.trim();
    loop {
        let cut = ["fw:", "fwd:", "re:", "wg:"].iter().find_map(|mark| {
            let head = subject.get(..mark.len())?;
            head.eq_ignore_ascii_case(mark)
                .then(|| subject[mark.len()..].trim_start())
        });
        match cut {
            Some(rest) => subject = rest,
            None => return subject,
        }
    }
}

/// A key at the end of a line has its value on the next one; headers of forwarded mails are no text.
fn joined(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines().map(str::trim) {
        let key =
            line.len() < 30 && line.to_lowercase().starts_with("deliver") && !line.ends_with('.');
        out.push_str(line);
        out.push(if key { ' ' } else { '\n' });
    }
    out
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| matches!(c, '\n' | '!' | ';');
    text.split(ends)
        .flat_map(|line| line.split(". "))
        .map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(subject: &str, text: &str) -> Option<NaiveDate> {
        let source = Source {
            file: false,
            from: String::new(),
            subject: subject.to_owned(),
            text: text.to_owned(),
            own: text.to_owned(),
            quoted: false,
        };
        day(&source, NaiveDate::from_ymd_opt(2025, 6, 6).unwrap())
    }

    #[test]
    fn delivered() {
        for (subject, text, on) in [
            (
                "Your UPS Package was delivered",
                "Delivered On:\nThursday, 06/05/2025\nLeft At: Front Door",
                5,
            ),
            ("UPS Update: Package Delivered", "", 6),
            (
                "FW: UPS Delivery Notification",
                "Your package has been delivered.\nDelivery Date: Wednesday, 06/04/2025",
                4,
            ),
            (
                "Your package has been delivered",
                "Delivered Thu, 06/05/2025 at 10:11am",
                5,
            ),
            (
                "USPS® Item Delivered, Front Door/Porch 9400",
                "Your item was delivered at the front door at 2:34 pm on June 5, 2025.",
                5,
            ),
            (
                "DHL Shipment Notification : 3318810025",
                "Your shipment 3318810025 has been delivered.",
                6,
            ),
            ("Fwd: tracking", "Status: Delivered", 6),
            (
                "Fwd: tracking",
                "Subject: UPS Update: Package Delivered\nSee below.",
                6,
            ),
            // a day to come is none
            ("Your package was delivered", "Delivery date: 06/30/2025", 6),
        ] {
            let day = NaiveDate::from_ymd_opt(2025, 6, on);
            assert_eq!(read(subject, text), day, "{subject}: {text}");
        }
    }

    #[test]
    fn not_delivered() {
        for (subject, text) in [
            (
                "UPS Update: Package Scheduled for Delivery Today",
                "Your package will be delivered today.",
            ),
            (
                "Your package is out for delivery",
                "We will tell you when it has been delivered.",
            ),
            (
                "Your shipment is on the way",
                "Once your package has been delivered, rate us.",
            ),
            (
                "UPS Ship Notification, Tracking Number 1Z",
                "Find out if it was delivered",
            ),
            (
                "USPS® Delivery Exception",
                "Your item could not be delivered.",
            ),
            (
                "Your package was delivered to a UPS Access Point",
                "Pick it up.",
            ),
            (
                "Your UPS package was delivered",
                "It was delivered to a UPS Access Point location.",
            ),
            ("USPS® Item Delivered, To Original Sender 9400", ""),
            ("FedEx: delivery attempt", "Your package was not delivered."),
            (
                "USPS® Expected Delivery by Thursday",
                "It has been accepted.",
            ),
            (
                "DHL Shipment Notification : 3318810025",
                "Picked up.\nDHL Express - Excellence. Simply delivered.",
            ),
            (
                "Fwd: UPS",
                "Subject: UPS Update: Scheduled\nWant your package delivered elsewhere? Tell us.",
            ),
            ("Has W1-1 been delivered?", "Has it been delivered?"),
        ] {
            assert_eq!(read(subject, text), None, "{subject}: {text}");
        }
        for pattern in [&SAYS, &HEADLINE, &NOT, &OTHER_STAGE, &DAY, &TAKEN_BACK] {
            assert!(pattern.is_some());
        }
    }

    proptest! {
        #[test]
        fn never_panics(subject in "(delivered|was |fw: |\\PC){0,9}", text in "(delivered|delivery date:|\n|06/05/2025|has been |\\PC){0,15}") {
            read(&subject, &text);
        }
    }
}
