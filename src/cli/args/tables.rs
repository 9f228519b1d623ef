//! What the shop keeps on file: its catalogue, its vendors, and what these have.

use super::typed_values;
use chrono::NaiveDate;
use clap::{Args as ClapArgs, Subcommand};
use std::path::PathBuf;

/// `poms catalogue`, `poms vendors`.
#[derive(Subcommand, Debug)]
pub enum TableCommand {
    /// Take in a CSV file, all of it or nothing; says what changed
    Import {
        /// The file
        file: PathBuf,
    },
    /// Everything on file
    List,
    /// What is on file of one
    Show {
        /// Its SKU or vendor id, as `list` has it; case does not matter
        #[arg(value_name = "SKU or ID")]
        key: String,
    },
}

/// `poms vendors`.
#[derive(Subcommand, Debug)]
pub enum VendorsCommand {
    /// What both tables have.
    #[command(flatten)]
    Table(TableCommand),
    /// Note that a vendor is closed for some days: nobody asks it then, and what it is to ship moves behind them
    Close(VendorClose),
    /// Note that a vendor is open again, earlier than was noted
    Open {
        /// The vendor's id
        id: String,
        /// Who said so
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
}

/// `poms vendors close`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  poms vendors close ACME --from 2026-12-24 --until 2027-01-01 --note \"inventory, their mail of today\""
)]
pub struct VendorClose {
    /// The vendor's id
    pub id: String,
    /// The first day on which it is closed; today unless said
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub from: Option<NaiveDate>,
    /// The last day on which it is closed
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub until: NaiveDate,
    /// Who said so
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms stock`.
#[derive(Subcommand, Debug)]
pub enum StockCommand {
    /// Take in what a vendor has; the newest list of a vendor counts
    Import(StockImport),
    /// What vendors have, by their newest lists, less what was ordered since
    List {
        /// Only the vendor of this id
        #[arg(long, value_name = "ID")]
        vendor: Option<String>,
    },
    /// Who has one article, and what it cost
    Show {
        /// Our number of it; case does not matter
        sku: String,
    },
}

/// `poms stock import`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "A workbook, or text with commas, semicolons, tabs or bars between its columns, which are known by their headings: an \
article's number (the vendor's or ours), how many there are, and, where it has them, when more comes, cost, status, least quantity, pack. \
Try it with `poms --dry-run stock import FILE --vendor ID`."
)]
pub struct StockImport {
    /// The list
    pub file: PathBuf,
    /// Whose it is
    #[arg(long, value_name = "ID")]
    pub vendor: String,
    /// It counts, although half of the articles are missing or sold out, or costs move by more than a quarter
    #[arg(long, requires = "note")]
    pub anyway: bool,
    /// Why, or where it comes from
    #[arg(long, value_name = "TEXT")]
    pub note: Option<String>,
}
