//! The command line.

mod books;
mod documents;
mod exceptions;
mod orders;
mod returns;
mod shipments;
mod tables;
mod typed_values;

pub use books::{
    Export, ExportPeriod, ImportInvoices, Invoice, InvoiceList, ReportArgs, ReportCommand,
    ShopReport,
};
pub use documents::{Message, MessageAnswer, Outbox, OutboxAct};
pub use exceptions::{ExceptionList, Exceptions, Resolve};
pub use orders::{
    Format, OrderAdd, OrderAdopt, OrderCancel, OrderChange, OrderRefund, OrderRoute, PoAct,
    PoAnswer, PoCost, SourceCommand,
};
pub use returns::{Return, ReturnOpen};
pub use shipments::{ShipmentAdd, ShipmentCommand, ShipmentList};
pub use tables::{StockCommand, StockImport, TableCommand, VendorClose, VendorsCommand};

use crate::ledger::anchor::Witness;
use clap::{Args as ClapArgs, Parser, Subcommand};
use std::path::PathBuf;

/// Purchase Order Management System: takes a shop's encrypted orders, checks them, and brings
/// purchase orders to its vendors.
#[derive(Parser, Debug)]
#[command(
    name = "poms",
    version,
    max_term_width = 100,
    after_help = "A first look: poms demo. A site of your own: poms init, poms check. \
Configuration: --config, else $POMS_CONFIG, else ./poms.toml, else /etc/poms/poms.toml.\n\
Exit codes: 0 done, 1 something failed that must be mended, 2 wrong usage or configuration, 75 another run holds the lock."
)]
pub struct Args {
    /// The configuration's file
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One JSON document on stdout instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Print only errors
    #[arg(long, short, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more; twice for details
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Rehearse a command that changes something: say what would come of it, and leave no trace
    #[arg(long, global = true)]
    pub dry_run: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Make a site with keys, catalogue, vendors and orders good and bad, run the main job on it, and show what happened
    Demo(DemoFolder),
    /// Make an empty site to fill in
    Init(Init),
    /// Try configuration, keys, ledger, mailboxes and servers for real: one line each, and what to do where it is wrong
    Check,
    /// One run: what cron calls
    Process,
    /// The stop switch: while it is on, nothing new is placed
    #[command(subcommand)]
    Stop(Stop),
    /// Accept a ledger that is older than its last anchor, after finding out what was sent since; or a
    /// clock that is earlier than the last run
    #[command(
        after_help = "Needed only when poms refuses to run and says so: an older copy of the ledger was put back, or the clock was set back. \
What left after the copy was made would leave a second time: compare the mail server's log or ask the vendors first, then accept the ledger, \
and take what had left out of the outbox: poms outbox list --all, poms outbox drop ID --note WHY. docs/operator.md: Backup and restore."
    )]
    Recover(Note),
    /// What vendors offer
    #[command(
        subcommand,
        after_help = "CSV in UTF-8 with a header row, columns in any order, others kept: sku,description,category,vendor_id,vendor_sku,\
cost,retail_price,weight, and status (active, discontinued), max_qty, priority. A SKU may stand in several rows, one for each vendor: \
the lowest priority number wins, then the lowest cost."
    )]
    Catalogue(TableCommand),
    /// Who ships
    #[command(
        subcommand,
        after_help = "CSV in UTF-8 with a header row, columns in any order, others kept: id,name,email,fax,channel,zip, and street1,city,\
state,country,handling_days,cutoff,timezone,active,fallback,openpgp_fingerprint,mail_domain,takes_backorders. channel is email, fax, email+fax or drop."
    )]
    Vendors(VendorsCommand),
    /// What vendors have
    #[command(subcommand)]
    Stock(StockCommand),
    /// Take shipping advices and answers of vendors from files, as from their mails
    ImportAdvices(ImportAdvices),
    /// Take in vendors' bills and credits: QuickBooks report CSVs or plain CSV, recognised by content
    ImportInvoices(ImportInvoices),
    /// What vendors billed and credited
    #[command(subcommand)]
    Invoice(Invoice),
    /// Figures for the bookkeeper; shops beside the ledger
    #[command(subcommand)]
    Report(ReportCommand),
    /// Matched bills and credits as CSV that QuickBooks imports; each goes out once
    #[command(subcommand)]
    Export(Export),
    /// Every order the machine would not place, why, and what to do
    #[command(subcommand)]
    Exceptions(Exceptions),
    /// Where an order is, why, and what happens next
    #[command(subcommand)]
    Order(Order),
    /// Documents of shops: which are read, and what comes out of one
    #[command(subcommand)]
    Format(Format),
    /// Where documents come from beside mail
    #[command(subcommand)]
    Source(SourceCommand),
    /// Purchase orders
    #[command(subcommand)]
    Po(Po),
    /// What left: parcels, their state and age, and mending what is wrong with them
    #[command(subcommand)]
    Shipment(ShipmentCommand),
    /// Goods that come back, never came, or shall not be sent
    #[command(subcommand)]
    Return(Return),
    /// Mails to customers
    #[command(subcommand)]
    Notices(Notices),
    /// Outgoing documents
    #[command(subcommand)]
    Outbox(Outbox),
    /// Faxes: what became of each
    #[command(subcommand)]
    Fax(super::fax::Fax),
    /// Incoming documents
    #[command(subcommand)]
    Message(Message),
    /// The audit trail: who did what, when and why
    #[command(subcommand)]
    Audit(Audit),
    /// Prove that ledger, audit trail and sums hold
    #[command(
        after_help = "With --witness N:HASH also compares a head that a mail carried out of the house: the value of its header X-Poms-Head, \
as every mail to a vendor about a purchase order and to the admins has it. Who holds ledger and anchors can rewrite both; a mail that a vendor has, nobody. \
What is checked: docs/ledger-format.md."
    )]
    Verify(Verify),
    /// Health: the last runs, what is open, what waits
    Status,
    /// Write a consistent copy of the ledger while others work
    Backup(Backup),
    /// Completions for a shell
    Completions(super::output::Completions),
}

/// A folder to make a site in.
#[derive(ClapArgs, Debug)]
pub struct DemoFolder {
    /// The folder to make it in: a new or empty one, or that of an earlier demo
    #[arg(default_value = "poms-demo")]
    pub dir: PathBuf,
}

/// `poms init`.
#[derive(ClapArgs, Debug)]
pub struct Init {
    /// The folder to make it in; nothing that is there is overwritten
    #[arg(default_value = ".")]
    pub dir: PathBuf,
    /// Make the shop's key pair too
    #[arg(long)]
    pub generate_key: bool,
    /// Copy the built-in templates, to be changed
    #[arg(long)]
    pub templates: bool,
}

/// `poms stop`.
#[derive(Subcommand, Debug)]
pub enum Stop {
    /// Place nothing new until `stop off`
    On(Note),
    /// Place orders again; those that the switch held are checked again by the next run
    Off(Note),
    /// Whether it is on, since when, and why
    Show,
}

/// A reason, for whoever reads it later.
#[derive(ClapArgs, Debug)]
pub struct Note {
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms notices`.
#[derive(Subcommand, Debug)]
pub enum Notices {
    /// Show a mail as the order's customer would get it now; nothing is sent
    Preview {
        /// Which mail
        #[arg(value_parser = ["placed", "shipped", "not-shipped", "delayed", "overdue", "cancelled", "taken-off", "question"])]
        kind: String,
        /// The order
        order: String,
        /// Its HTML instead of its text
        #[arg(long)]
        html: bool,
        /// Write it into this file, which must not exist; - for stdout
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// `poms import-advices`.
#[derive(ClapArgs, Debug)]
#[command(after_help = "Example:\n  poms import-advices advice.csv --vendor ACME")]
pub struct ImportAdvices {
    /// CSV or text files; each is taken whole in one transaction, its faulty rows left to a person
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// The vendor who sent them: rows about other vendors' purchase orders are held
    #[arg(long, value_name = "ID")]
    pub vendor: Option<String>,
}

/// `poms order`.
#[derive(Subcommand, Debug)]
pub enum Order {
    /// One screen: where it is, why, what next; lines, purchase orders, money, notes, timeline
    Show {
        /// The shop's order number
        order: String,
    },
    /// Who can get the goods of an order: figures, the choice, why each other does not; changes nothing
    Route(OrderRoute),
    /// Orders, newest first
    List(OrderList),
    /// By number, purchase order, name, e-mail address, telephone or its end, street, city, ZIP, article, vendor, payment, tracking
    Search {
        /// What the customer says; of several words each must be found
        #[arg(required = true)]
        text: Vec<String>,
    },
    /// Write a note
    Note {
        /// The shop's order number
        order: String,
        /// The note
        text: String,
    },
    /// Take in orders from a file, as one taken by telephone: poms JSON, or a shop's own document
    Add(OrderAdd),
    /// Take over what is under way in the system that poms replaces: nothing is sent
    Adopt(OrderAdopt),
    /// Stop an order that is not placed yet
    Hold(OrderAct),
    /// Release every reason that holds it
    Release(OrderAct),
    /// Change it, also when its purchase orders have left: each vendor that it touches is sent a revision
    Change(OrderChange),
    /// Take it back, or one line of it
    Cancel(OrderCancel),
    /// Record what the customer got back for what was cancelled: all that is owed, or a part
    Refund(OrderRefund),
}

/// `poms order list`.
#[derive(ClapArgs, Debug)]
pub struct OrderList {
    /// Only in this state: received, ready, held, placed, partly_shipped, shipped, delivered, closed or cancelled
    #[arg(long)]
    pub state: Option<String>,
    /// Only received in the last so many days
    #[arg(long, value_name = "DAYS", value_parser = typed_values::count, allow_negative_numbers = true)]
    pub days: Option<u32>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
    pub limit: usize,
}

/// An act on an order.
#[derive(ClapArgs, Debug)]
pub struct OrderAct {
    /// The shop's order number
    pub order: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}

/// `poms po`.
#[derive(Subcommand, Debug)]
pub enum Po {
    /// One purchase order
    Show {
        /// Its number
        po: String,
        /// Instead: the table that this vendor_layout of the configuration makes of it
        #[arg(long, value_name = "NAME")]
        layout: Option<String>,
    },
    /// Purchase orders, newest first
    List {
        /// Only in this state: draft, queued, sent, acknowledged, backordered, partly_shipped, shipped, invoiced, closed, rejected, failed or cancelled
        #[arg(long)]
        state: Option<String>,
        /// Only to the vendor of this id
        #[arg(long, value_name = "ID")]
        vendor: Option<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
        limit: usize,
    },
    /// Its PDF
    Pdf {
        /// Its number
        po: String,
        /// Where to; PO.pdf in this folder unless said, - for stdout
        #[arg(short, long, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// All that left of it arrived, as the customer or the carrier's page says
    Delivered {
        /// Its number
        po: String,
        /// The day on which it arrived; today unless said
        #[arg(long, value_name = "DATE")]
        on: Option<chrono::NaiveDate>,
        /// Who says so
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// Send what is still to be shipped of it once more, marked as a possible duplicate
    Resend(PoAct),
    /// Note what the vendor answered to it, as it was read or heard
    Answer(PoAnswer),
    /// Note another price that the vendor agreed to: bills at that price match
    Cost(PoCost),
    /// The vendor agreed to a cancellation: it does not ship what was taken back
    CancelAgreed(PoAct),
    /// A cancellation came too late: the vendor ships all the same, or has
    CancelRefused(PoAct),
    /// The vendor agreed to a revision: it counts from now on
    RevisionAgreed(PoAct),
    /// The vendor does not take a revision: what it had agreed to before counts
    RevisionRefused(PoAct),
}

/// `poms audit`.
#[derive(Subcommand, Debug)]
pub enum Audit {
    /// The latest facts, or those about one order, purchase order, message, delivery, …
    Show {
        /// For example W200001, W200001-1, message 12, delivery 7, exception 5, run 3, sku BF-1, vendor ACME, setting stop_switch
        #[arg(num_args = 0..=2)]
        entity: Vec<String>,
        /// At most so many
        #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
        limit: usize,
    },
}

/// `poms verify`.
#[derive(ClapArgs, Debug)]
pub struct Verify {
    /// A head that a mail carried out of the house (its X-Poms-Head); may be given several times
    #[arg(long, value_name = "N:HASH")]
    pub witness: Vec<Witness>,
    /// Facts that are newer than the last anchor do not hold either
    #[arg(long)]
    pub anchored: bool,
}

/// `poms backup`.
#[derive(ClapArgs, Debug)]
pub struct Backup {
    /// The copy, which must not exist
    pub file: PathBuf,
}
