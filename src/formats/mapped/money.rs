//! Amounts and pieces of an order by a mapping: exact, in the order's currency.

use super::fill::{FilledText, Filling};
use super::mapping::ValueMapping;
use super::unit::MappedUnit;
use crate::domain::order::MOST_PIECES;
use crate::formats::FormatError;
use crate::formats::shop::ShopDraft;
use rust_decimal::Decimal;
use serde_json::json;

/// Sums over the lines.
#[derive(Default)]
pub(super) struct Amounts {
    /// Price of all goods, before discounts.
    pub goods: Decimal,
    /// Taken off the lines.
    pub discount: Decimal,
    /// Tax of the lines.
    pub tax: Decimal,
}

/// What was taken off, of the lines and of the order. Where both are stated, shops have the discounts of the lines in
/// the order's, or have not: which of the two, says the total (`missing` is what it lacks of the parts without any
/// discount). Where neither fits, both count, and the total does not add up.
fn discount(of_lines: Decimal, of_order: Option<Decimal>, missing: Option<Decimal>) -> Decimal {
    let Some(of_order) = of_order else {
        return of_lines;
    };
    match missing == Some(of_order) {
        true => of_order,
        false => of_order + of_lines,
    }
}

impl Filling<'_> {
    /// The order's own amounts.
    pub fn amounts(
        &mut self,
        draft: &mut ShopDraft,
        of_lines: &Amounts,
    ) -> Result<(), FormatError> {
        let (mapping, unit) = (self.mapping, self.unit);
        let shipping = self.order_amount("shipping")?.unwrap_or_default();
        let tax = self.order_amount("tax")?.unwrap_or(of_lines.tax);
        let of_order = self.order_amount("discount")?.map(|amount| amount.abs());
        let cards = self.order_amount("gift_cards")?.unwrap_or_default().abs();
        let mut charged = Decimal::ZERO;
        for charge in &mapping.charges {
            let name = format!("charges.{}", charge.name);
            if let Some(amount) = self.amount(&name, &charge.value, &unit.order)? {
                draft.charge(&charge.name, amount);
                charged += amount;
            }
        }
        let sums = mapping
            .order_field("total")
            .is_some_and(|one| one.value.sum);
        let added = if draft.tax_included {
            Decimal::ZERO
        } else {
            tax
        };
        let stated = match sums {
            true => None,
            false => match self.order_amount("total")? {
                Some(total) => Some(total + cards),
                None => return Err(self.no_value("total", &unit.order)),
            },
        };
        let whole = of_lines.goods + shipping + charged + added;
        let discount = discount(
            of_lines.discount,
            of_order,
            stated.map(|total| whole - total),
        );
        if sums {
            self.source("total", "the sum of the parts, as the mapping has it", "");
        }
        let total = stated.unwrap_or(whole - discount);
        draft.amount("shipping", shipping);
        draft.amount("tax", tax);
        if !discount.is_zero() {
            draft.amount("discount", discount);
        }
        draft.amount("total", total);
        if !cards.is_zero() {
            let payment = draft.fields.entry("payment").or_insert_with(|| json!({}));
            payment["by_gift_card"] = json!(cards.to_string());
        }
        Ok(())
    }

    fn order_amount(&mut self, name: &str) -> Result<Option<Decimal>, FormatError> {
        let (mapping, unit) = (self.mapping, self.unit);
        match mapping.order_field(name) {
            Some(one) => self.amount(name, &one.value, &unit.order),
            None => Ok(None),
        }
    }

    /// An amount of a line.
    pub fn line_amount(
        &mut self,
        name: &str,
        line: &MappedUnit,
    ) -> Result<Option<Decimal>, FormatError> {
        let mapping = self.mapping;
        match mapping.line_field(name) {
            Some(one) => self.amount(name, &one.value, line),
            None => Ok(None),
        }
    }

    /// An amount by a mapping: of a path of each entry of a list, their sum.
    fn amount(
        &mut self,
        name: &str,
        value: &ValueMapping,
        unit: &MappedUnit,
    ) -> Result<Option<Decimal>, FormatError> {
        let each = value
            .from
            .iter()
            .find(|from| from.path.as_ref().is_some_and(|path| path.is_each()));
        let Some(from) = each else {
            return match self.stated(name, value, unit)? {
                Some(found) => {
                    self.source(name, &found.place, "");
                    self.number_of(name, value, &found).map(Some)
                }
                None => Ok(None),
            };
        };
        let found = unit.stated(from);
        let found = found.map_err(|place| self.at(name, &place.0, "is no amount"))?;
        let mut sum = Decimal::ZERO;
        for one in &found {
            let text = FilledText {
                text: one.text.clone(),
                place: one.place.clone(),
                stored: false,
            };
            sum += self.number_of(name, value, &text)?;
        }
        if let Some(first) = found.first() {
            self.source(name, &first.place, &format!("sum of {}", found.len()));
        }
        Ok((!found.is_empty()).then_some(sum))
    }

    fn number_of(
        &self,
        name: &str,
        value: &ValueMapping,
        found: &FilledText,
    ) -> Result<Decimal, FormatError> {
        let number = value
            .numbers
            .read(&found.text, self.currency.as_deref(), found.stored);
        let number = number.map_err(|fault| self.at(name, &found.place, &fault.0))?;
        match value.cents {
            false => Ok(number),
            true if number.normalize().scale() == 0 => Ok(number / Decimal::ONE_HUNDRED),
            true => Err(self.at(
                name,
                &found.place,
                "is no whole number of the smallest unit",
            )),
        }
    }

    /// Pieces of a line.
    pub fn pieces(&mut self, name: &str, line: &MappedUnit) -> Result<Option<i64>, FormatError> {
        let mapping = self.mapping;
        let Some(one) = mapping.line_field(name) else {
            return Ok(None);
        };
        let Some(found) = self.stated(name, &one.value, line)? else {
            return match name {
                "qty" => Err(self.no_value("line.qty", line)),
                _ => Ok(None),
            };
        };
        self.source(name, &found.place, "");
        let number = one.value.numbers.read(&found.text, None, found.stored);
        let number = number
            .map_err(|fault| self.at(name, &found.place, &fault.0))?
            .normalize();
        let pieces = i64::try_from(number.mantissa()).ok();
        let pieces = pieces.filter(|pieces| (-MOST_PIECES..=MOST_PIECES).contains(pieces));
        match (number.scale(), pieces) {
            (0, Some(..0)) if name == "qty" => Err(self.at(
                name,
                &found.place,
                &format!("is {number}: what is given back is no line of an order"),
            )),
            (0, Some(pieces)) => Ok(Some(pieces)),
            (0, None) => Err(self.at(name, &found.place, "is more than 1,000,000 pieces")),
            _ => Err(self.at(name, &found.place, "is no whole number: poms orders pieces")),
        }
    }
}
