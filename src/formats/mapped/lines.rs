//! The lines of an order by a mapping.

use super::fill::{Filling, state_word};
use super::mapping::LineGate;
use super::money::Amounts;
use super::unit::MappedUnit;
use crate::domain::foreign::cut;
use crate::domain::shop_order::LineOption;
use crate::formats::FormatError;
use crate::formats::shop::{ShopDraft, ShopDraftLine};
use rust_decimal::Decimal;

impl Filling<'_> {
    /// Every line, and sums over them.
    pub fn lines(
        &mut self,
        draft: &mut ShopDraft,
        amounts: &mut Amounts,
    ) -> Result<(), FormatError> {
        let (mapping, unit) = (self.mapping, self.unit);
        let mut place = 0;
        for line in &unit.lines {
            let first = self.sources.len();
            let says = mapping.line.iter().any(|one| {
                one.value
                    .from
                    .iter()
                    .any(|from| line.stated(from).map_or(true, |found| !found.is_empty()))
            });
            if !says {
                continue;
            }
            let read = self.line(line, amounts)?;
            let gone = read.is_gone();
            if !gone {
                place += 1;
            }
            let prefix = if gone {
                "not shipped".to_owned()
            } else {
                format!("lines.{place}")
            };
            for source in self.sources.iter_mut().skip(first) {
                source.field = format!("{prefix}.{}", source.field);
            }
            draft.line(read);
        }
        Ok(())
    }

    fn line(
        &mut self,
        line: &MappedUnit,
        amounts: &mut Amounts,
    ) -> Result<ShopDraftLine, FormatError> {
        let mapping = self.mapping;
        let ordered = self.pieces("qty", line)?.unwrap_or_default();
        let gone = self.pieces("gone", line)?.unwrap_or_default();
        let each = self.line_amount("unit_price", line)?;
        let amount = match (each, self.line_amount("amount", line)?) {
            (_, Some(amount)) => amount,
            (Some(each), None) => each * Decimal::from(ordered),
            (None, None) => {
                let name = match mapping.line_field("amount") {
                    Some(_) => "amount",
                    None => "unit_price",
                };
                return Err(self.no_value(&format!("line.{name}"), line));
            }
        };
        amounts.goods += amount;
        amounts.discount += self
            .line_amount("discount", line)?
            .unwrap_or_default()
            .abs();
        amounts.tax += self.line_amount("tax", line)?.unwrap_or_default();
        let mut options = Vec::new();
        for option in &mapping.options {
            if let Some(found) = self.stated(&option.name, &option.value, line)? {
                self.source(&format!("options.{}", option.name), &found.place, "");
                options.push(LineOption {
                    name: option.name.clone(),
                    value: found.text,
                });
            }
        }
        let mut line_text = |name: &str| self.of_line(name, line);
        let (sku, description) = (line_text("sku")?, line_text("description")?);
        let not_shipped = match &mapping.line_gate {
            Some(gate) => self.not_shipped(gate, line)?,
            None => None,
        };
        Ok(ShopDraftLine {
            sku: sku.unwrap_or_default(),
            description: description.unwrap_or_default(),
            ordered,
            wanted: ordered - gone.abs(),
            amount,
            each: each.unwrap_or_default(),
            options,
            not_shipped,
            extra: self.others_of_line(line),
            ..ShopDraftLine::default()
        })
    }

    fn not_shipped(
        &mut self,
        gate: &LineGate,
        line: &MappedUnit,
    ) -> Result<Option<&'static str>, FormatError> {
        let found = self.stated("line_gate", &gate.from, line)?;
        let text = found.map(|found| found.text).unwrap_or_default();
        match gate.words.get(&state_word(&text)) {
            Some(true) => Ok(None),
            Some(false) => Ok(Some("not shipped, as the document has it")),
            None => {
                let column = gate
                    .from
                    .from
                    .first()
                    .map_or("", |place| place.word.as_str());
                self.unclear.push(format!(
                    "{column} of a line is \"{}\", which the format {} does not list under [line_gate]",
                    cut(&text, 80),
                    self.mapping.name
                ));
                Ok(None)
            }
        }
    }
}
