//! A vendor's own table of a purchase order: which columns, under which headings, as data.

use std::fmt;

/// What a column can say, by the names of poms' own table (docs/formats.md), in their order.
pub const COLUMNS: [&str; 24] = [
    "po_number",
    "line",
    "vendor_sku",
    "sku",
    "description",
    "qty",
    "unit_cost",
    "amount",
    "ship_to_name",
    "ship_to_line1",
    "ship_to_line2",
    "ship_to_line3",
    "ship_to_line4",
    "ship_to_phone",
    "shipping_method",
    "required_by",
    "gift_message",
    "currency",
    "order_number",
    "date",
    "possible_duplicate",
    "replaces",
    "customer_comment",
    "revision",
];

/// Columns without which nobody can ship: who gets what.
const NEEDED: [&str; 7] = [
    "po_number",
    "qty",
    "ship_to_name",
    "ship_to_line1",
    "ship_to_line2",
    "ship_to_line3",
    "ship_to_line4",
];

/// Columns that a table may leave out as long as they say nothing, where nothing else goes beside it.
pub const MATTERS: [&str; 6] = [
    "shipping_method",
    "required_by",
    "gift_message",
    "possible_duplicate",
    "replaces",
    "customer_comment",
];

/// What stands in a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutCell {
    /// One of [`COLUMNS`], by its place.
    Field(usize),
    /// The same in every row.
    Constant(String),
}

/// A column of a vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LayoutColumn {
    /// What stands above it.
    pub heading: String,
    /// What stands in it.
    pub cell: LayoutCell,
}

/// A vendor's own table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VendorLayout {
    /// Its name in the configuration.
    pub name: String,
    /// What stands between cells.
    pub separator: u8,
    /// Whether the first row has the headings.
    pub header: bool,
    /// Whether amounts have a comma before the cents.
    pub decimal_comma: bool,
    /// The pattern of days, as of strftime.
    pub date: String,
    /// The columns, in their order.
    pub columns: Vec<LayoutColumn>,
}

/// What is wrong with a layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LayoutFault {
    /// No `Heading = field` or `Heading = 'constant'`.
    NoColumn(String),
    /// A field that poms does not have.
    NoField(String),
    /// A field without which nobody can ship.
    Missing(&'static str),
}

impl fmt::Display for LayoutFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LayoutFault::NoColumn(text) => write!(
                f,
                "'{text}' is no column: write \"Heading = field\" or \"Heading = 'constant'\""
            ),
            LayoutFault::NoField(field) => {
                write!(f, "'{field}' is none of: {}", COLUMNS.join(", "))
            }
            LayoutFault::Missing(field) => write!(
                f,
                "has no column for {field}: without it nobody can ship what was ordered"
            ),
        }
    }
}

impl LayoutColumn {
    /// From `Heading = field` or `Heading = 'constant'`.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<LayoutColumn, LayoutFault> {
        let no_column = || LayoutFault::NoColumn(text.to_owned());
        let (heading, cell) = text.split_once(" = ").ok_or_else(no_column)?;
        let (heading, cell) = (heading.trim(), cell.trim());
        let quoted = cell
            .strip_prefix('\'')
            .and_then(|rest| rest.strip_suffix('\''));
        let cell = match quoted {
            Some(constant) => LayoutCell::Constant(constant.to_owned()),
            None => {
                let place = COLUMNS.iter().position(|field| *field == cell);
                LayoutCell::Field(place.ok_or_else(|| LayoutFault::NoField(cell.to_owned()))?)
            }
        };
        let heading = heading.to_owned();
        Ok(LayoutColumn { heading, cell })
    }
}

impl VendorLayout {
    /// Whether a field stands in it.
    pub fn has(&self, field: &str) -> bool {
        let is = |column: &LayoutColumn| match column.cell {
            LayoutCell::Field(place) => COLUMNS.get(place) == Some(&field),
            LayoutCell::Constant(_) => false,
        };
        self.columns.iter().any(is)
    }

    /// What it lacks that every purchase order needs.
    pub fn lacks(&self) -> Vec<LayoutFault> {
        let mut missing: Vec<&'static str> = NEEDED
            .into_iter()
            .filter(|field| !self.has(field))
            .collect();
        if !self.has("vendor_sku") && !self.has("sku") {
            missing.push("vendor_sku or sku");
        }
        missing.into_iter().map(LayoutFault::Missing).collect()
    }

    /// What its file's name ends with.
    pub fn ending(&self) -> &'static str {
        if self.separator == b'\t' {
            "tsv"
        } else {
            "csv"
        }
    }

    /// Its media type.
    pub fn media_type(&self) -> &'static str {
        match self.separator {
            b'\t' => "text/tab-separated-values; charset=utf-8",
            _ => "text/csv; charset=utf-8",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_fields_or_constants() {
        let column = |text| LayoutColumn::parse(text).map(|column| column.cell);
        assert_eq!(column("PO Nbr = po_number"), Ok(LayoutCell::Field(0)));
        assert_eq!(
            column("Type = 'D = S'"),
            Ok(LayoutCell::Constant("D = S".to_owned()))
        );
        assert!(matches!(column("Type"), Err(LayoutFault::NoColumn(_))));
        let unknown = LayoutColumn::parse("Colour = colour")
            .unwrap_err()
            .to_string();
        assert!(
            unknown.contains("none of: po_number, line, vendor_sku"),
            "{unknown}"
        );
    }
}
