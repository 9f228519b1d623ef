//! Acts on orders and purchase orders.

use super::typed_values;
use chrono::NaiveDate;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// `poms order cancel`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Examples:\n  poms order cancel W200106 --note \"customer changed her mind\"\n  poms order cancel W200106 --line 2 --pieces 1 --note \"one is enough\""
)]
pub struct OrderCancel {
    /// The shop's order number
    pub order: String,
    /// Only this line of it, counted from 1
    #[arg(long, value_name = "N", value_parser = typed_values::number, allow_negative_numbers = true)]
    pub line: Option<i64>,
    /// Only so many pieces of that line; all that has not left unless said
    #[arg(long, value_name = "N", requires = "line", value_parser = typed_values::number, allow_negative_numbers = true)]
    pub pieces: Option<i64>,
    /// Only what is on this purchase order of that line
    #[arg(long, value_name = "PO", requires = "line")]
    pub po: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms order route`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Examples:\n  poms order route W200106\n  poms order route W200106 --with BLUE\n  poms order route W200106 --with BF63-12163=BLUE"
)]
pub struct OrderRoute {
    /// The shop's order number
    pub order: String,
    /// What it would come to with all that a vendor offers from it, or with one article: SKU=VENDOR; may be said
    /// several times
    #[arg(long, value_name = "VENDOR")]
    pub with: Vec<String>,
}

/// `poms order change`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Examples:\n  poms order change W200106 ship_to.street1=\"12 Elm St\" ship_to.zip=02139 --note \"moved\"\n  poms order change W200106 lines.1.qty=3 --note \"wants one more\"\n  poms order change W200106 lines.2.sku=KT-9 lines.2.unit_price=24.00 --note \"the other colour\"\nFields are those of `exceptions resolve --amend`; lines.2= takes the second line off, the line after the last adds one, paid=AMOUNT notes what the customer has paid in all. Without any, vendors are sent what the order says by now. `poms --dry-run order change …` shows each document."
)]
pub struct OrderChange {
    /// The shop's order number
    pub order: String,
    /// What to change
    #[arg(value_name = "FIELD=VALUE")]
    pub changes: Vec<String>,
    /// Though a check would hold the order as it is then
    #[arg(long)]
    pub anyway: bool,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms order add`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "It is checked and placed as one that came signed: try it with `poms --dry-run order add FILE --note TEXT`, and see what is read with `poms format test FILE`."
)]
pub struct OrderAdd {
    /// The document; several orders in it are taken in one by one
    pub file: PathBuf,
    /// Of which `[[source]]` it is: its `order_prefix` comes before the numbers
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Who ordered, and how
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms order adopt`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "All of the file or nothing. What stands in it: docs/formats.md. Try it with `poms --dry-run order adopt FILE --note TEXT`."
)]
pub struct OrderAdopt {
    /// The orders with their purchase orders and shipments, as JSON
    pub file: PathBuf,
    /// Of which `[[source]]` they are: its `order_prefix` comes before the numbers
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,
    /// Where they come from
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms order refund`.
#[derive(ClapArgs, Debug)]
pub struct OrderRefund {
    /// The shop's order number
    pub order: String,
    /// By which way, such as card or check
    #[arg(long, value_name = "WAY")]
    pub method: Option<String>,
    /// The way's own number for it
    #[arg(long, value_name = "NUMBER")]
    pub reference: Option<String>,
    /// How much, if not all that is owed
    #[arg(long, value_name = "AMOUNT")]
    pub amount: Option<String>,
    /// That is all, though more is owed
    #[arg(long)]
    pub r#final: bool,
    /// Why it is another sum than is owed
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}

/// `poms format`.
#[derive(Subcommand, Debug)]
pub enum Format {
    /// Every format of orders that poms reads
    List,
    /// What poms reads in a document, field by field, or why it does not; nothing is taken in
    #[command(allow_missing_positional = true)]
    Test {
        /// The format, of formats/NAME.toml: each field is then shown with its column, path or line. Without
        /// it the one that knows the document
        name: Option<String>,
        /// The document
        file: PathBuf,
    },
}

/// `poms source`.
#[derive(Subcommand, Debug)]
pub enum SourceCommand {
    /// Have the next run read a shop again from an earlier day: what came before is known again
    #[command(after_help = "Example:\n  poms source reread webshop --from 2026-11-14")]
    Reread {
        /// The source's name
        source: String,
        /// What changed in the shop on this day, by the site's timezone, or later
        #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
        from: NaiveDate,
        /// Why
        #[arg(long, value_name = "TEXT", default_value = "shop and ledger differ")]
        note: String,
    },
}

/// An act on a purchase order.
#[derive(ClapArgs, Debug)]
pub struct PoAct {
    /// Its number
    pub po: String,
    /// Why, or who said so
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms po answer`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  poms po answer W200102-1 backordered --line 1 --until 2026-12-14 --note \"Bob, by telephone\""
)]
pub struct PoAnswer {
    /// Its number
    pub po: String,
    /// What the vendor says of it
    #[arg(value_parser = ["accepted", "backordered", "rejected"])]
    pub answer: String,
    /// Only of this line of the purchase order, counted from 1; may be said several times
    #[arg(long = "line", value_name = "N", value_parser = typed_values::number, allow_negative_numbers = true)]
    pub lines: Vec<i64>,
    /// When it leaves, or comes back into stock
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub until: Option<NaiveDate>,
    /// Who said so, and why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms po cost`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  poms po cost W200101-1 KT10-00010=12.50 --note \"new price list, agreed with Ms Ito\""
)]
pub struct PoCost {
    /// Its number
    pub po: String,
    /// The SKU, ours or the vendor's, and what each piece costs
    #[arg(value_name = "SKU=PRICE", required = true)]
    pub costs: Vec<String>,
    /// The vendor's offers in the catalogue have that price from now on
    #[arg(long)]
    pub catalogue: bool,
    /// Who agreed to it
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}
