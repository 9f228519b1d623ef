//! The columns of vendors' tables beside the fields that are read. A row acts only when every cell of
//! it is understood, as a sentence is in a vendor's letter: a column whose heading is on no list, and
//! whose cell is not empty, stops its row, and a person sees the cell marked.

mod cells;
mod headings;
mod left;
mod named;
pub mod others;
mod taken_back;

pub use cells::{
    RowFields, TableKind, denies, is_dropship, is_dropshipped, is_harmless, is_limit, is_unreal,
    look, nothing, of_packages, speaks,
};
pub use headings::{ColumnKind, kind};
pub use left::is_left;
pub use named::{NamedCell, Of, names};
pub use taken_back::{collected, is_of_other_paper, takes_back};

use serde::{Deserialize, Serialize};

/// What the cells of a row say beside its fields, as far as the row alone does not settle it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What is not understood, or takes the row back: a clause for each cell, the cell marked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubts: Vec<String>,
    /// What the goods cost by it, to be held against the purchase order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prices: Vec<Price>,
    /// Where money goes by it: headings and cells, to be held against what is on file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remits: Vec<(String, String)>,
    /// What names the article, the order, the recipient or the packages once more, to be held against the
    /// purchase order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<NamedCell>,
    /// Other rows of the same table that take it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub recants: Vec<Recant>,
}

/// A row of a table that takes back another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recant {
    /// Its line in the table, from 1.
    pub line: usize,
    /// Its cells as they were written, shortened.
    pub said: String,
    /// The pieces that it may speak of where they are the rest of the order, of which a part left; `None`
    /// where it can be of no rest.
    pub rest: Option<i64>,
    /// The article that it names, as it writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
}

impl Beside {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        *self == Beside::default()
    }
}

/// What goods cost by a cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// The column's heading.
    pub heading: String,
    /// The cell as it was written.
    pub cell: String,
    /// Of one piece; else of the row, or of the order.
    pub each: bool,
}

impl Price {
    /// The amount; `None` for what is no amount.
    pub fn amount(&self) -> Option<rust_decimal::Decimal> {
        cells::amount(&self.cell)
    }
}

/// The clause about a cell: the heading, and the cell marked.
pub fn marked(heading: &str, cell: &str) -> String {
    let short = |text: &str| -> String {
        let text: String = text.trim().chars().take(120).collect();
        text.escape_debug().to_string()
    };
    format!("column '{}' says >>{}<<", short(heading), short(cell))
}
