//! `poms shipment`.

use super::typed_values;
use chrono::NaiveDate;
use clap::{Args as ClapArgs, Subcommand};

/// `poms shipment`.
#[derive(Subcommand, Debug)]
pub enum ShipmentCommand {
    /// Every parcel with its state and age, newest first
    List(ShipmentList),
    /// Put another tracking number in place of the one that it has; the customer is told the right one
    Retrack {
        /// Its number, as `list` has it
        id: i64,
        /// The right number
        #[arg(long, value_name = "NUMBER")]
        tracking: String,
        /// Whose it is, where the number does not say it
        #[arg(long, value_name = "CARRIER")]
        carrier: Option<String>,
        /// The number that is wrong, where it has several parcels
        #[arg(long, value_name = "NUMBER")]
        parcel: Option<String>,
        /// Take the number although its check digit is wrong or signs are missing: the label has it so
        #[arg(long)]
        as_typed: bool,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// It did not happen: its pieces are open again, the vendor is waited for, a customer who was told is told
    Undo {
        /// Its number, as `list` has it
        id: i64,
        /// The day on which the goods leave, if the vendor named one
        #[arg(long, value_name = "DATE")]
        ships: Option<NaiveDate>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        note: String,
    },
    /// Record what left, or a further parcel of a shipment, where no document says it
    Add(ShipmentAdd),
}

/// `poms shipment list`.
#[derive(ClapArgs, Debug)]
pub struct ShipmentList {
    /// Only in this state: in_transit, exception, delivered or undone
    #[arg(long)]
    pub state: Option<String>,
    /// Only of this order
    #[arg(long)]
    pub order: Option<String>,
    /// Only of this purchase order
    #[arg(long)]
    pub po: Option<String>,
    /// Only of the vendor of this id
    #[arg(long, value_name = "ID")]
    pub vendor: Option<String>,
    /// Only with this carrier
    #[arg(long)]
    pub carrier: Option<String>,
    /// Only what left so many days ago or longer
    #[arg(long, value_name = "DAYS", value_parser = typed_values::count, allow_negative_numbers = true)]
    pub older: Option<u32>,
    /// At most so many parcels
    #[arg(long, default_value_t = 50, value_parser = typed_values::limit, allow_negative_numbers = true)]
    pub limit: usize,
}

/// `poms shipment add`.
#[derive(ClapArgs, Debug)]
#[command(
    after_help = "Example:\n  poms shipment add W200101-1 BF-1=2 --tracking 1Z999AA10123456784 --note \"vendor's mail\""
)]
pub struct ShipmentAdd {
    /// The purchase order
    pub po: String,
    /// What left: SKU and pieces, one for each SKU; none for a further parcel of a shipment
    #[arg(value_name = "SKU=PIECES")]
    pub goods: Vec<String>,
    /// Its tracking number
    #[arg(long, value_name = "NUMBER")]
    pub tracking: Option<String>,
    /// Whose it is, where the number does not say it
    #[arg(long, value_name = "CARRIER", requires = "tracking")]
    pub carrier: Option<String>,
    /// Take the number although its check digit is wrong or signs are missing: the label has it so
    #[arg(long, requires = "tracking")]
    pub as_typed: bool,
    /// The shipment whose further parcel it is
    #[arg(long, value_name = "ID")]
    pub shipment: Option<i64>,
    /// The day on which it left
    #[arg(long, value_name = "DATE")]
    pub date: Option<NaiveDate>,
    /// Who says so
    #[arg(long, value_name = "TEXT")]
    pub note: String,
}
