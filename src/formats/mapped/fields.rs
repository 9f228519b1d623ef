//! What a mapping may fill: the fields of an order and of its lines, by their names in the canonical form.

/// What a field holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A text as it stands.
    Text,
    /// The two letters of a country, or its name.
    Country,
    /// An amount of money.
    Amount,
    /// Whole pieces.
    Pieces,
    /// A moment.
    Moment,
    /// A day.
    Day,
    /// Yes or no.
    Flag,
}

/// One field that a mapping may fill.
#[derive(Debug)]
pub struct Field {
    /// Its name in the file.
    pub name: &'static str,
    /// What it holds.
    pub kind: FieldKind,
    /// Whether no order is without it.
    pub needed: bool,
}

const fn field(name: &'static str, kind: FieldKind, needed: bool) -> Field {
    Field { name, kind, needed }
}

use FieldKind::{Amount, Country, Day, Flag, Moment, Pieces, Text};

/// Fields of the order. `customer`, `ship_to`, `bill_to` and `payment` are tables.
pub static ORDER_FIELDS: &[Field] = &[
    field("order_number", Text, true),
    field("id", Text, false),
    field("date", Moment, true),
    field("updated_at", Moment, false),
    field("currency", Text, true),
    field("customer.name", Text, true),
    field("customer.email", Text, false),
    field("customer.phone", Text, false),
    field("customer.id", Text, false),
    field("ship_to.name", Text, false),
    field("ship_to.company", Text, false),
    field("ship_to.street1", Text, true),
    field("ship_to.street2", Text, false),
    field("ship_to.city", Text, true),
    field("ship_to.state", Text, false),
    field("ship_to.zip", Text, true),
    field("ship_to.country", Country, true),
    field("bill_to.name", Text, false),
    field("bill_to.company", Text, false),
    field("bill_to.street1", Text, false),
    field("bill_to.street2", Text, false),
    field("bill_to.city", Text, false),
    field("bill_to.state", Text, false),
    field("bill_to.zip", Text, false),
    field("bill_to.country", Country, false),
    field("shipping", Amount, false),
    field("tax", Amount, false),
    field("tax_included", Flag, false),
    field("discount", Amount, false),
    field("gift_cards", Amount, false),
    field("total", Amount, true),
    field("shipping_method", Text, false),
    field("payment.method", Text, false),
    field("payment.reference", Text, false),
    field("comments", Text, false),
    field("gift_message", Text, false),
    field("required_by", Day, false),
];

/// Fields of a line.
pub static LINE_FIELDS: &[Field] = &[
    field("sku", Text, true),
    field("description", Text, false),
    field("qty", Pieces, true),
    field("gone", Pieces, false),
    field("unit_price", Amount, false),
    field("amount", Amount, false),
    field("discount", Amount, false),
    field("tax", Amount, false),
];

/// A field of one of the lists, by its name.
pub fn named(fields: &'static [Field], name: &str) -> Option<&'static Field> {
    fields.iter().find(|field| field.name == name)
}
