//! `poms return`.

use super::typed_values;
use clap::{Args as ClapArgs, Subcommand};

/// `poms return`.
#[derive(Subcommand, Debug)]
pub enum Return {
    /// Note that a customer gives goods back, or shall not get them: one return for each vendor
    Open(ReturnOpen),
    /// Say yes: goods may come until the deadline, or will never come; mails to customer and vendor
    Authorise {
        /// The return's number
        rma: String,
        /// Days until which goods may come; returns.deadline_days unless said
        #[arg(long, value_name = "N")]
        deadline_days: Option<u32>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// A parcel came; once for each until all is in
    #[command(after_help = "Example:\n  poms return receive R-W200102-1 4=2")]
    Receive {
        /// The return's number
        rma: String,
        /// Line of the order (or SKU) and pieces that came now, such as 1=2
        #[arg(required = true, value_name = "LINE=QTY")]
        lines: Vec<String>,
        /// What else is to be known of it
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Say what state the pieces that came are in: restock, damaged or wrong_item; in parts too
    Inspect {
        /// The return's number
        rma: String,
        /// Such as 1=restock (all that came of line 1 and wait); for some of them 1=restock:2 1=damaged:1
        #[arg(required = true, value_name = "LINE=CONDITION")]
        lines: Vec<String>,
        /// What else is to be known of it
        #[arg(long, value_name = "TEXT", default_value = "")]
        note: String,
    },
    /// Record that the customer has the money back, or a part of it, and tell them; the return ends
    /// when all is paid, or with --final
    Refund {
        /// The return's number
        rma: String,
        /// How much; all that is left of what the order's prices make unless said. Less is a part, and
        /// the return stays open; more needs --note
        #[arg(
            long,
            value_name = "MONEY",
            conflicts_with = "keep",
            allow_hyphen_values = true
        )]
        amount: Option<String>,
        /// What is kept of what is left, such as a restocking fee; ends the return, and needs --note
        #[arg(long, value_name = "MONEY", allow_hyphen_values = true)]
        keep: Option<String>,
        /// By which way, such as card or check
        #[arg(
            long,
            value_name = "WORD",
            required_unless_present = "final",
            requires = "reference"
        )]
        method: Option<String>,
        /// The payment service's or bank's own number for it
        #[arg(
            long,
            value_name = "TEXT",
            required_unless_present = "final",
            requires = "method"
        )]
        reference: Option<String>,
        /// That is all: end the return though less was paid than the prices make; needs --note. Without
        /// --method it ends with what was paid before
        #[arg(long)]
        r#final: bool,
        /// Why so; where it is less than the prices make, the customer gets to read it
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// End it without paying anything back, and tell the customer why
    Reject {
        /// The return's number
        rma: String,
        /// Why; the customer gets to read it
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// Returns, newest first
    List {
        /// Only in this state
        #[arg(long)]
        state: Option<String>,
        /// Only of this order
        #[arg(long)]
        order: Option<String>,
        /// Only of this vendor
        #[arg(long, value_name = "ID")]
        vendor: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
        limit: usize,
    },
    /// One screen: where it is, what next and by when, money, timeline
    Show {
        /// The return's number
        rma: String,
    },
}

/// `poms return open`.
#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  poms return open W200102 4=2 --reason \"too dim\"")]
pub struct ReturnOpen {
    /// The shop's order number
    pub order: String,
    /// Line of the order (or SKU) and pieces, such as 1=2
    #[arg(required = true, value_name = "LINE=QTY")]
    pub lines: Vec<String>,
    /// Why, in the customer's words or yours; the vendor gets to read it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// What happened: the customer sends goods back (return) or did not take them at the door, they
    /// were lost on the way, or they shall not be sent at all
    #[arg(long, default_value = "return", value_parser = ["return", "cancelled_before_shipping", "refused_at_door", "lost_in_transit"])]
    pub kind: String,
}
