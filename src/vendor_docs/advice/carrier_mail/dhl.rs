//! DHL notifications: `noreply@dhl.com` and national domains; waybill number in subject or text.

use super::Sender;
use crate::vendor_docs::advice::AdviceFormat;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "dhl-mail",
    about: "a DHL notification, direct or forwarded",
    claims: |source| super::claims(source, &SENDER),
    read: |source, today| super::read(source, today, &SENDER),
};

pub(super) static SENDER: Sender = Sender {
    carrier: "dhl",
    domains: &["dhl.com", "dhl.de", "dhlecs.com", "dhlecommerce.com"],
    marks: &[
        "dhl international gmbh",
        "dhl express (usa)",
        "dhl ecommerce solutions",
    ],
    subject_only: false,
};
