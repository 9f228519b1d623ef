//! `poms return`.

use super::words;
use clap::{Args as ClapArgs, Subcommand};

/// `poms return`.
#[derive(Subcommand, Debug)]
pub enum Return {
    /// Note that a customer gives goods back, or shall not get them: one return for each vendor
    Open(ReturnOpen),
    /// Say yes: goods may come until the deadline; mails to the customer and the vendor
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
    /// Goods came; lines that are not named did not
    Receive {
        /// The return's number
        rma: String,
        /// Line of the order and pieces, such as 1=2
        #[arg(required = true, value_name = "LINE=QTY")]
        lines: Vec<String>,
    },
    /// Say what state each piece is in: restock, damaged or wrong_item
    Inspect {
        /// The return's number
        rma: String,
        /// Such as 1=restock; for some of the pieces 1=restock:2 1=damaged:1
        #[arg(required = true, value_name = "LINE=CONDITION")]
        lines: Vec<String>,
    },
    /// Record that the customer has the money back
    Refund {
        /// The return's number
        rma: String,
        /// How much; what the order's prices make unless said. More needs --note
        #[arg(long, value_name = "MONEY")]
        amount: Option<String>,
        /// By which way, such as card or check
        #[arg(long, value_name = "WORD")]
        method: String,
        /// The payment service's or bank's own number for it
        #[arg(long, value_name = "TEXT")]
        reference: String,
        /// Why so
        #[arg(long, value_name = "TEXT")]
        note: Option<String>,
    },
    /// End it: nothing is paid back
    Reject {
        /// The return's number
        rma: String,
        /// Why
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
        #[arg(long, default_value_t = 50, value_parser = words::limit, allow_negative_numbers = true)]
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
pub struct ReturnOpen {
    /// The shop's order number
    pub order: String,
    /// Line of the order and pieces, such as 1=2
    #[arg(required = true, value_name = "LINE=QTY")]
    pub lines: Vec<String>,
    /// Why, in the customer's words or yours; the vendor gets to read it
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Why the goods are not with the customer, or not for long
    #[arg(long, default_value = "return", value_parser = ["return", "cancelled_before_shipping", "refused_at_door", "lost_in_transit"])]
    pub kind: String,
}
