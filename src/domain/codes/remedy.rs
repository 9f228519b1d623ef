//! What a person can do about an exception.

use crate::domain::business_refusal::BusinessRefusal;
use serde::{Deserialize, Serialize};

/// An act by which a person settles an exception: the flags of `poms exceptions resolve`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remedy {
    /// Let it go on as it is.
    Release,
    /// Take the order back.
    Cancel,
    /// Change fields of the order and check it anew.
    Amend,
    /// Try again after the cause was mended.
    Retry,
    /// Take the lines that it is about off the order.
    CancelLine,
    /// Order the lines that it is about from another vendor.
    OtherVendor,
    /// Ask the customer by mail; what is asked about stays on the list.
    AskCustomer,
    /// Take note and close it.
    Dismiss,
    /// Tell the vendor by mail that it is wrong.
    Dispute,
    /// Note that the vendor promised a credit.
    ExpectCredit,
}

impl Remedy {
    /// The word for it, which is also its flag.
    pub fn as_str(self) -> &'static str {
        match self {
            Remedy::Release => "release",
            Remedy::Cancel => "cancel",
            Remedy::Amend => "amend",
            Remedy::Retry => "retry",
            Remedy::CancelLine => "cancel-line",
            Remedy::OtherVendor => "other-vendor",
            Remedy::AskCustomer => "ask-customer",
            Remedy::Dismiss => "dismiss",
            Remedy::Dispute => "dispute",
            Remedy::ExpectCredit => "expect-credit",
        }
    }
}

/// A remedy of an exception as things stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// Which.
    pub remedy: Remedy,
    /// Why it would be refused now, if it would.
    pub refused: Option<BusinessRefusal>,
    /// `FIELD=VALUE` that it takes, where that could be worked out.
    pub changes: Vec<String>,
}
