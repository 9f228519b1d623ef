//! UPS notifications: `mcinfo@ups.com`, `pkginfo@ups.com`; the 1Z number in subject or text.

use super::Sender;
use crate::vendor_docs::advice::AdviceFormat;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "ups-mail",
    about: "a UPS notification, direct or forwarded",
    claims: |source| super::claims(source, &SENDER),
    read: |source, today| super::read(source, today, &SENDER),
};

pub(super) static SENDER: Sender = Sender {
    carrier: "ups",
    domains: &["ups.com", "upsemail.com"],
    marks: &[
        "united parcel service of america",
        "information below has been transmitted to ups. the physical package",
    ],
    subject_only: false,
};
