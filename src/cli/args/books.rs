//! The bookkeeper's part of the command line.

use super::typed_values;
use crate::reports::money::{MoneyReport, REPORTS};
use chrono::NaiveDate;
use clap::error::ErrorKind;
use clap::{ArgMatches, Args as ClapArgs, Command, FromArgMatches, Subcommand};
use std::path::PathBuf;

/// `poms import-invoices`.
#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  poms import-invoices bills.csv --dry-run")]
pub struct ImportInvoices {
    /// The files
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
}

/// `poms invoice`.
#[derive(Subcommand, Debug)]
pub enum Invoice {
    /// Bills and credits, newest first
    List(InvoiceList),
    /// One of them: its lines against the order, what is wrong and where it stands in its file
    Show {
        /// Its number in the ledger, or the vendor's
        invoice: String,
    },
}

/// `poms invoice list`.
#[derive(ClapArgs, Debug)]
pub struct InvoiceList {
    /// Only unmatched, variance, matched, duplicate or ignored ones
    #[arg(long)]
    pub state: Option<String>,
    /// Only of this vendor, by its id
    #[arg(long)]
    pub vendor: Option<String>,
    /// Only for this purchase order
    #[arg(long)]
    pub po: Option<String>,
    /// Only bills, or only credits
    #[arg(long, value_parser = ["bill", "credit"])]
    pub kind: Option<String>,
    /// Only dated this day or later
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub since: Option<NaiveDate>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
    pub limit: usize,
}

/// `poms report`: one subcommand for each of [`REPORTS`], and the comparison with shops.
#[derive(Debug)]
pub enum ReportCommand {
    /// Figures: which, of what, and how it is shown.
    Money(&'static MoneyReport, ReportArgs),
    /// Shops beside the ledger.
    Shop(ShopReport),
}

/// The word of [`ShopReport`].
const SHOP: &str = "shop";

/// `poms report shop`.
#[derive(ClapArgs, Debug)]
#[command(
    about = "Whether shop and ledger have the same: paid orders, cancellations, shipments; what not, and what to do",
    after_help = "Asks the shops; changes nothing. Compares what changed in the last 30 days unless --since says otherwise. Exit 1 when \
something differs or could not be asked.\nExample:\n  poms report shop webshop --since 2026-11-01"
)]
pub struct ShopReport {
    /// Only this source, by its name; all shops unless said
    #[arg(value_name = "SOURCE")]
    pub source: Option<String>,
    /// What changed, left or was cancelled this day or later
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub since: Option<NaiveDate>,
}

impl FromArgMatches for ReportCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ReportCommand, clap::Error> {
        let (name, given) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        if name == SHOP {
            return ShopReport::from_arg_matches(given).map(ReportCommand::Shop);
        }
        let report = REPORTS.iter().find(|report| report.name == name);
        let report = report.ok_or_else(|| clap::Error::new(ErrorKind::InvalidSubcommand))?;
        ReportArgs::from_arg_matches(given).map(|args| ReportCommand::Money(report, args))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = ReportCommand::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for ReportCommand {
    fn augment_subcommands(command: Command) -> Command {
        let command = REPORTS.iter().fold(command, |command, report| {
            let one = ReportArgs::augment_args(Command::new(report.name));
            command.subcommand(one.about(report.about).long_about(None))
        });
        command.subcommand(ShopReport::augment_args(Command::new(SHOP)))
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        ReportCommand::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        name == SHOP || REPORTS.iter().any(|report| report.name == name)
    }
}

/// What every report takes.
#[derive(ClapArgs, Debug)]
pub struct ReportArgs {
    /// Only of this vendor, by its id
    #[arg(long)]
    pub vendor: Option<String>,
    /// Only of bills dated, and purchase orders made, this day or later
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub since: Option<NaiveDate>,
    /// How
    #[arg(long, default_value = "table", value_parser = ["table", "csv", "json"])]
    pub format: String,
    /// Into this file instead of the screen; - for stdout
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `poms export`.
#[derive(Subcommand, Debug)]
pub enum Export {
    /// Matched bills
    #[command(
        after_help = "Example:\n  poms export bills --from 2026-11-01 --to 2026-11-30 -o bills.csv"
    )]
    Bills(ExportPeriod),
    /// Matched credits of vendors
    Credits(ExportPeriod),
    /// What customers got back for returns and for what never shipped, as journal entries
    Refunds(ExportPeriod),
}

/// What goes out.
#[derive(ClapArgs, Debug)]
pub struct ExportPeriod {
    /// First day
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub from: NaiveDate,
    /// Last day
    #[arg(long, value_name = "DATE", value_parser = typed_values::day)]
    pub to: NaiveDate,
    /// The file, which must not exist; never stdout, as what goes out is marked
    #[arg(short, long, value_name = "FILE")]
    pub output: PathBuf,
    /// What went out before too
    #[arg(long)]
    pub again: bool,
    /// Leave texts that a spreadsheet would run as formulas exactly as they are
    #[arg(long)]
    pub exact: bool,
}
