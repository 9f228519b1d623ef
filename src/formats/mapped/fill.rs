//! One order of a document by a mapping: each field with its source, what is missing, what holds it.

use super::fields::FieldKind;
use super::mapping::{OrderMapping, StateGate, StateMeaning};
use super::money::Amounts;
use super::numbers::shown;
use super::unit::OrderUnit;
use super::{FieldSource, MappedOrder};
use crate::domain::codes::Code;
use crate::domain::foreign::cut;
use crate::formats::FormatError;
use crate::formats::shop::{At, ShopDraft, country};
use serde_json::{Map, Value, json};

/// What the shop's state is looked up by: capitals and blanks around it do not matter.
pub fn state_word(text: &str) -> String {
    text.trim().to_lowercase()
}

/// An order while it is filled.
pub(super) struct Filling<'a> {
    pub mapping: &'a OrderMapping,
    pub unit: &'a OrderUnit<'a>,
    /// Its number, for people; its place until that is known.
    pub number: String,
    pub currency: Option<String>,
    pub sources: Vec<FieldSource>,
    pub missing: Vec<String>,
    /// Why a person must look.
    pub unclear: Vec<String>,
}

/// A value, where it stands, and the text that is read.
pub(super) struct FilledText {
    pub text: String,
    pub place: String,
    pub stored: bool,
}

/// Fills one order.
pub fn fill(mapping: &OrderMapping, unit: &OrderUnit) -> MappedOrder {
    let mut filling = Filling {
        mapping,
        unit,
        number: unit.place.clone(),
        currency: None,
        sources: Vec::new(),
        missing: Vec::new(),
        unclear: Vec::new(),
    };
    let canonical = filling.order();
    let canonical = canonical.map_err(|fault| fault.of_order(&filling.number));
    MappedOrder {
        number: filling.number,
        canonical,
        sources: filling.sources,
        missing: filling.missing,
    }
}

impl<'a> Filling<'a> {
    fn order(&mut self) -> Result<Value, FormatError> {
        self.number = self.text("order_number")?.unwrap_or_default();
        if self.number.is_empty() {
            let at = || format!("at {}: there is no order number", self.unit.place);
            let why = self.unit.doubt.clone().unwrap_or_else(at);
            return Err(self.malformed(&why));
        }
        let state = self.state()?;
        let name = format!("order {}:", cut(&self.number, 80));
        let mapping = self.mapping;
        let at = At::new(&mapping.name, &name, &Value::Null);
        let mut draft = ShopDraft::new(&at);
        match state {
            Some((StateMeaning::LeaveOut, said)) => {
                return Err(FormatError::LeftOut {
                    number: self.number.clone(),
                    reason: said,
                });
            }
            Some((StateMeaning::Hold(code), said)) => draft.hold(code, said),
            _ => {}
        }
        draft.set("order_number", self.number.clone());
        draft.id = self.text("id")?.unwrap_or_default();
        self.currency = self.text("currency")?.map(|code| code.to_uppercase());
        draft.set("currency", self.currency.clone().unwrap_or_default());
        self.words(&mut draft)?;
        let mut amounts = Amounts::default();
        self.lines(&mut draft, &mut amounts)?;
        self.amounts(&mut draft, &amounts)?;
        self.beside(&mut draft);
        self.unclear.extend(self.unit.doubt.clone());
        for said in std::mem::take(&mut self.unclear) {
            draft.hold(Code::UnclearOrder, said);
        }
        draft.canonical()
    }

    /// What the shop's state means, and its words; nothing where every order is to be placed.
    fn state(&mut self) -> Result<Option<(StateMeaning, String)>, FormatError> {
        let mapping = self.mapping;
        let StateGate::By { from, words } = &mapping.gate else {
            return Ok(None);
        };
        let unit = self.unit;
        let found = self.stated("gate", from, &unit.order)?;
        let (text, place) = match found {
            Some(found) => (found.text, found.place),
            None => (String::new(), self.unit.place.clone()),
        };
        let column = from
            .from
            .first()
            .map_or("its state", |place| place.word.as_str());
        let said = format!("{column} is \"{}\"", cut(&text, 80));
        self.source("gate", &place, &said);
        Ok(match words.get(&state_word(&text)) {
            Some(meaning) => Some((*meaning, said)),
            None => {
                self.unclear.push(format!(
                    "{said}, which the format {} does not list under [gate]",
                    mapping.name
                ));
                None
            }
        })
    }

    /// Texts, dates and yes or no.
    fn words(&mut self, draft: &mut ShopDraft) -> Result<(), FormatError> {
        let mapping = self.mapping;
        let mut tables: Map<String, Value> = Map::new();
        for one in &mapping.order {
            let name = one.field.name;
            if matches!(name, "order_number" | "id" | "currency") {
                continue;
            }
            let text = match one.field.kind {
                FieldKind::Amount => continue,
                FieldKind::Text => self.text(name)?.unwrap_or_default(),
                FieldKind::Country => country(&self.text(name)?.unwrap_or_default()),
                FieldKind::Moment | FieldKind::Day => self.date(name)?,
                FieldKind::Flag => {
                    draft.tax_included = self.flag(name)?;
                    continue;
                }
                FieldKind::Pieces => continue,
            };
            match name.split_once('.') {
                _ if name == "updated_at" => draft.updated_at = text,
                Some((table, key)) => {
                    let table = tables.entry(table).or_insert_with(|| json!({}));
                    if !text.is_empty() {
                        table[key] = json!(text);
                    }
                }
                None => draft.set(name, text),
            }
        }
        let name = tables.get("customer").and_then(|c| c.get("name")).cloned();
        for (table, mut value) in tables {
            let is_address = matches!(table.as_str(), "ship_to" | "bill_to");
            let says = |key: &str| value.get(key).is_some();
            if table == "bill_to" && !says("street1") && !says("city") {
                continue;
            }
            if is_address && value.get("name").is_none() {
                let company = value.get("company").cloned();
                value["name"] = company.or_else(|| name.clone()).unwrap_or(json!(""));
            }
            let keys: &[&str] = match table.as_str() {
                "ship_to" | "bill_to" => &["name", "street1", "city", "state", "zip", "country"],
                "customer" => &["name", "email", "phone"],
                _ => &[],
            };
            for key in keys
                .iter()
                .filter(|key| value.get(**key).is_none())
                .copied()
                .collect::<Vec<_>>()
            {
                value[key] = json!("");
            }
            draft.set(&table, value);
        }
        Ok(())
    }

    fn date(&mut self, name: &str) -> Result<String, FormatError> {
        let (mapping, unit) = (self.mapping, self.unit);
        let Some(one) = mapping.order_field(name) else {
            return Ok(String::new());
        };
        let Some(found) = self.stated(name, &one.value, &unit.order)? else {
            self.nothing(name, &one.value);
            return Ok(String::new());
        };
        self.source(name, &found.place, "");
        let dates = &one.value.dates;
        let read = match one.field.kind {
            FieldKind::Day => dates
                .day(&found.text, found.stored)
                .map(|day| day.to_string()),
            _ => dates
                .moment(&found.text, found.stored)
                .map(|moment| moment.to_rfc3339()),
        };
        read.map_err(|fault| self.at(name, &found.place, &fault.0))
    }

    fn flag(&mut self, name: &str) -> Result<bool, FormatError> {
        let place = self.unit.place.clone();
        let text = self.text(name)?.unwrap_or_default();
        match text.to_lowercase().as_str() {
            "yes" | "true" | "1" | "y" => Ok(true),
            "no" | "false" | "0" | "n" | "" => Ok(false),
            _ => Err(self.at(
                name,
                &place,
                &format!("is {}neither yes nor no", shown(&text)),
            )),
        }
    }
}
