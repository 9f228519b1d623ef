//! USPS notifications: `auto-reply@usps.com`; the number at the end of the subject.

use super::Sender;
use crate::vendor_docs::advice::AdviceFormat;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "usps-mail",
    about: "a USPS notification, direct or forwarded",
    claims: |source| super::claims(source, &SENDER),
    read: |source, today| super::read(source, today, &SENDER),
};

pub(super) static SENDER: Sender = Sender {
    carrier: "usps",
    domains: &["usps.com", "usps.gov"],
    marks: &["auto-reply@usps.com", "download usps mobile"],
    subject_only: true,
};
