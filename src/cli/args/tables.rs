//! What the shop keeps on file: its catalogue and its vendors.

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
