//! FedEx notifications: `TrackingUpdates@fedex.com`; HTML of labels in capitals with values below.

use super::Sender;
use crate::vendor_docs::advice::AdviceFormat;

/// The registry's entry.
pub const FORMAT: AdviceFormat = AdviceFormat {
    name: "fedex-mail",
    about: "a FedEx notification, direct or forwarded",
    claims: |source| super::claims(source, &SENDER),
    read: |source, today| super::read(source, today, &SENDER),
};

pub(super) static SENDER: Sender = Sender {
    carrier: "fedex",
    domains: &["fedex.com"],
    marks: &["trackingupdates@fedex.com", "federal express corporation"],
    subject_only: false,
};
