//! `poms exceptions`: the admin's desk.

use super::typed_values;
use crate::desk::resolve::Act;
use crate::domain::codes::Remedy;
use clap::{Args as ClapArgs, Subcommand};

/// `poms exceptions`.
#[derive(Subcommand, Debug)]
pub enum Exceptions {
    /// The list, what matters most first
    List(ExceptionList),
    /// Everything needed to decide
    Show {
        /// The exception's number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
    },
    /// Decide: acts at once and checks again
    Resolve(Resolve),
    /// Tell the admins no more of an open one for some days; it stays open
    Snooze {
        /// The exception's number
        #[arg(value_parser = typed_values::number, allow_negative_numbers = true)]
        id: i64,
        /// For so many days
        #[arg(long, value_name = "DAYS", value_parser = typed_values::days, allow_negative_numbers = true)]
        days: u32,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

/// `poms exceptions list`.
#[derive(ClapArgs, Debug)]
pub struct ExceptionList {
    /// Resolved ones too
    #[arg(long)]
    pub all: bool,
    /// Only this code, for example bad_zip
    #[arg(long)]
    pub code: Option<String>,
    /// Only of this order
    #[arg(long)]
    pub order: Option<String>,
    /// Only hold, or only warn
    #[arg(long, value_parser = ["hold", "warn"])]
    pub severity: Option<String>,
    /// Only about orders, messages, deliveries or bills
    #[arg(long, value_parser = ["order", "message", "delivery", "invoice"])]
    pub about: Option<String>,
    /// Only those open for at least so many hours
    #[arg(long, value_name = "HOURS", value_parser = typed_values::count, allow_negative_numbers = true)]
    pub older_than: Option<u32>,
}

/// `poms exceptions resolve`.
#[derive(ClapArgs, Debug)]
#[command(
    group = clap::ArgGroup::new("remedy").required(true).multiple(false),
    after_help = "Examples:\n  poms exceptions resolve 5 --amend ship_to.zip=02139 --note \"asked the customer\"\n  poms exceptions resolve 5 7 12 --release --note \"all agreed\"",
)]
pub struct Resolve {
    /// The exception's number; several are resolved alike, all of them or none
    #[arg(value_name = "ID", required = true, value_parser = typed_values::number, allow_negative_numbers = true)]
    pub ids: Vec<i64>,
    /// Let it go on as it is: overrides this reason, no other
    #[arg(long, group = "remedy")]
    pub release: bool,
    /// Take the order back
    #[arg(long, group = "remedy")]
    pub cancel: bool,
    /// Change fields and check anew: of an order for example ship_to.zip=65367 or lines.2.qty=3; of a
    /// bill vendor=ID, po=NUMBER, or po=NUMBER,NUMBER and po=NUMBER:AMOUNT,NUMBER:AMOUNT for several
    #[arg(long, group = "remedy", value_name = "FIELD=VALUE", num_args = 1..)]
    pub amend: Vec<String>,
    /// Try again after the cause was mended
    #[arg(long, group = "remedy")]
    pub retry: bool,
    /// With --release of a held mail: the purchase order that it is about, if its subject does not say.
    /// Of a silent vendor's list (vendor_silent): the one that it is for
    #[arg(long, value_name = "NUMBER")]
    pub po: Option<String>,
    /// Of a silent vendor's list (vendor_silent): every one of its purchase orders
    #[arg(long, conflicts_with = "po")]
    pub all: bool,
    /// With --release of a customer's comment: print it on the purchase orders, or these words instead
    #[arg(long, value_name = "TEXT", num_args = 0..=1, default_missing_value = "", requires = "release", conflicts_with = "no_comment_to_vendor")]
    pub comment_to_vendor: Option<String>,
    /// With --release of a customer's comment: no vendor reads it, as without this flag
    #[arg(long, requires = "release")]
    pub no_comment_to_vendor: bool,
    /// Take the lines that it is about off the order
    #[arg(long, group = "remedy")]
    pub cancel_line: bool,
    /// Order the lines that it is about from another vendor: the next best, or the one named
    #[arg(long, group = "remedy", value_name = "VENDOR", num_args = 0..=1, default_missing_value = "")]
    pub other_vendor: Option<String>,
    /// Note that the customer is asked; the exception stays open until the answer is acted on
    #[arg(long, group = "remedy")]
    pub ask_customer: bool,
    /// Take note and close it; for a vendor that is late: wait
    #[arg(long, group = "remedy")]
    pub dismiss: bool,
    /// Tell the vendor by mail that the bill is wrong
    #[arg(long, group = "remedy")]
    pub dispute: bool,
    /// The vendor promised a credit: wait for it
    #[arg(long, group = "remedy")]
    pub expect_credit: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

impl Resolve {
    /// What the flags ask for: the command and whoever types for a person make the same of them.
    pub fn act(&self) -> Act<'_> {
        let flags = [
            (self.release, Remedy::Release),
            (self.cancel, Remedy::Cancel),
            (self.retry, Remedy::Retry),
            (self.cancel_line, Remedy::CancelLine),
            (self.other_vendor.is_some(), Remedy::OtherVendor),
            (self.ask_customer, Remedy::AskCustomer),
            (self.dismiss, Remedy::Dismiss),
            (self.dispute, Remedy::Dispute),
            (self.expect_credit, Remedy::ExpectCredit),
        ];
        let given = flags.iter().find(|(given, _)| *given);
        let remedy = given.map_or(Remedy::Amend, |(_, remedy)| *remedy);
        Act {
            remedy,
            note: &self.note,
            changes: match remedy {
                Remedy::OtherVendor => self.other_vendor.as_slice(),
                _ => &self.amend,
            },
            po: self.po.as_deref(),
            comment: self.comment_to_vendor.as_deref(),
            all: self.all,
        }
    }
}
