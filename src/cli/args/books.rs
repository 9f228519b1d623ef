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

/// `poms report`: one subcommand for each of [`REPORTS`].
#[derive(Debug)]
pub struct ReportCommand {
    /// Which.
    pub report: &'static MoneyReport,
    /// Of what, and how it is shown.
    pub args: ReportArgs,
}

impl FromArgMatches for ReportCommand {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ReportCommand, clap::Error> {
        let (name, given) = matches
            .subcommand()
            .ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        let report = REPORTS.iter().find(|report| report.name == name);
        Ok(ReportCommand {
            report: report.ok_or_else(|| clap::Error::new(ErrorKind::InvalidSubcommand))?,
            args: ReportArgs::from_arg_matches(given)?,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = ReportCommand::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Subcommand for ReportCommand {
    fn augment_subcommands(command: Command) -> Command {
        REPORTS.iter().fold(command, |command, report| {
            let one = ReportArgs::augment_args(Command::new(report.name));
            command.subcommand(one.about(report.about).long_about(None))
        })
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        ReportCommand::augment_subcommands(command)
    }

    fn has_subcommand(name: &str) -> bool {
        REPORTS.iter().any(|report| report.name == name)
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
