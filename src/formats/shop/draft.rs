//! An order of a shop on its way into the canonical form: amounts exact until the end, where each must be
//! whole cents.

use super::{At, Choices};
use crate::domain::codes::Code;
use crate::domain::shop_order::{LineOption, ShopHold};
use crate::formats::FormatError;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

/// One order as a format fills it.
pub struct ShopDraft<'a> {
    /// The record, for faults and what is kept of it.
    at: At<'a>,
    /// The canonical form so far, without lines, amounts and `shop_order`.
    pub fields: Map<String, Value>,
    /// Whether prices have the tax in them.
    pub tax_included: bool,
    /// The shop's key of the order.
    pub id: String,
    /// When the shop changed it last (RFC 3339); empty where it does not say.
    pub updated_at: String,
    /// What the customer paid so far, and what the shop gave back of it; `None` where it does not say.
    pub paid: Option<(Decimal, Decimal)>,
    lines: Vec<ShopDraftLine>,
    amounts: Vec<(&'static str, Decimal)>,
    charges: Vec<(String, Decimal)>,
    not_shipped: Vec<Value>,
    holds: Vec<ShopHold>,
}

/// One line as a format fills it.
#[derive(Default)]
pub struct ShopDraftLine {
    /// May be empty, which is for the rules.
    pub sku: String,
    pub description: String,
    /// Pieces that were ordered and paid.
    pub ordered: i64,
    /// Pieces that are still to be sent.
    pub wanted: i64,
    /// Pieces that the shop took off the order; counts where the order says what it gave back
    /// ([`ShopDraft::paid`]).
    pub taken_off: i64,
    /// Price of all that were ordered, before discounts.
    pub amount: Decimal,
    /// Price of one, where no piece was ordered.
    pub each: Decimal,
    pub options: Vec<LineOption>,
    /// Why it is never shipped, such as "a gift card".
    pub not_shipped: Option<&'static str>,
    /// What the format has and poms does not use.
    pub extra: Map<String, Value>,
}

impl<'a> ShopDraft<'a> {
    pub fn new(at: &At<'a>) -> ShopDraft<'a> {
        ShopDraft {
            at: at.clone(),
            fields: Map::new(),
            tax_included: false,
            id: String::new(),
            updated_at: String::new(),
            paid: None,
            lines: Vec::new(),
            amounts: Vec::new(),
            charges: Vec::new(),
            not_shipped: Vec::new(),
            holds: Vec::new(),
        }
    }

    /// A field of the canonical form; an empty text is none.
    pub fn set(&mut self, key: &str, value: impl Into<Value>) {
        match value.into() {
            Value::Null => {}
            Value::String(text) if text.is_empty() => {}
            Value::Object(map) if map.is_empty() => {}
            value => {
                self.fields.insert(key.to_owned(), value);
            }
        }
    }

    /// One of `shipping`, `tax`, `discount`, `total`.
    pub fn amount(&mut self, key: &'static str, amount: Decimal) {
        self.amounts.push((key, amount));
    }

    /// A fee, tip or rounding; nothing is none.
    pub fn charge(&mut self, name: &str, amount: Decimal) {
        if !amount.is_zero() {
            self.charges.push((name.to_owned(), amount));
        }
    }

    /// That the shop's state speaks against placing it.
    pub fn hold(&mut self, code: Code, reason: String) {
        self.holds.push(ShopHold {
            code: code.into(),
            reason,
        });
    }

    pub fn line(&mut self, line: ShopDraftLine) {
        self.lines.push(line);
    }

    /// What is kept of a record under the format's name: all that says something, without the keys that
    /// were used, and those that are never kept (words with blanks between).
    pub fn keep(&mut self, name: &str, used: &str, never: &str) {
        let kept = rest(self.at.value, |key| !among(used, key) && !among(never, key));
        self.set(name, kept);
    }

    /// What the customer chose, for a line; what cannot be printed holds the order, and so does an address of the
    /// line's own: shops have one for an order, and programs that sell to several write them here.
    pub fn chosen(&mut self, choices: &Choices) -> Vec<LineOption> {
        let internal = choices
            .internal
            .iter()
            .filter_map(|one| one["name"].as_str());
        let shown = choices.options.iter().map(|one| one.name.as_str());
        if let Some(name) = shown.chain(internal).find(|name| is_address(name)) {
            self.hold(
                Code::UnclearOrder,
                format!(
                    "a line has \"{name}\", an address of its own, and a purchase order goes to one: have the shop make an \
                     order of it for each address, or release it if all goes to the order's"
                ),
            );
        }
        self.hold_unprintable(choices);
        choices.options.clone()
    }

    /// Holds the order for what cannot be printed: it could be the engraving.
    fn hold_unprintable(&mut self, choices: &Choices) {
        for place in &choices.unprintable {
            self.hold(
                Code::CustomerComment,
                format!("{place} cannot be printed: look at the order in the shop"),
            );
        }
    }

    /// Keeps the shop's own entries of a list under the format's name.
    pub fn keep_choices(&mut self, name: &str, key: &str, choices: &Choices) {
        if !choices.internal.is_empty() {
            let kept = self
                .fields
                .entry(name.to_owned())
                .or_insert_with(|| json!({}));
            kept[key] = json!(choices.internal);
        }
        self.hold_unprintable(choices);
    }

    /// The canonical form.
    ///
    /// # Errors
    /// An amount that is not whole cents.
    pub fn canonical(mut self) -> Result<Value, FormatError> {
        self.hold_what_is_gone();
        let mut lines = Vec::new();
        for line in std::mem::take(&mut self.lines) {
            match line.gone() {
                Some(reason) => {
                    let amount = self.cents("the amount of a line", line.amount)?;
                    let mut gone = json!({
                        "description": line.words(), "sku": line.sku, "qty": line.ordered, "amount": amount, "reason": reason,
                    });
                    if let Some(taken_off) = self.taken_off(&line) {
                        gone["taken_off"] = json!(taken_off);
                    }
                    self.not_shipped.push(gone);
                }
                None => lines.push(self.placed(line)?),
            }
        }
        if lines.is_empty() && self.holds.is_empty() {
            self.hold(Code::NothingToShip, "no line of it is shipped".to_owned());
        }
        for (key, amount) in self.amounts.clone() {
            let text = self.cents(key, amount)?;
            self.fields.insert(key.to_owned(), json!(text));
        }
        let charges: Result<Vec<Value>, FormatError> = self
            .charges
            .iter()
            .map(|(name, amount)| Ok(json!({"name": name, "amount": self.cents(name, *amount)?})))
            .collect();
        let mut shop = self.money_back(&lines)?;
        let lists = [
            ("charges", charges?),
            ("not_shipped", std::mem::take(&mut self.not_shipped)),
        ];
        if !self.holds.is_empty() {
            shop.insert("holds".to_owned(), json!(self.holds));
        }
        if !self.id.is_empty() {
            shop.insert("id".to_owned(), json!(self.id));
        }
        // it only says which of two documents is newer: what is none says nothing
        if chrono::DateTime::parse_from_rfc3339(&self.updated_at).is_ok() {
            shop.insert("updated_at".to_owned(), json!(self.updated_at));
        }
        if self.tax_included {
            shop.insert("tax_included".to_owned(), json!(true));
        }
        let lists = lists.into_iter().filter(|(_, list)| !list.is_empty());
        shop.extend(lists.map(|(key, list)| (key.to_owned(), json!(list))));
        self.fields.insert("lines".to_owned(), json!(lines));
        self.set("shop_order", shop);
        Ok(Value::Object(self.fields))
    }

    /// The pieces of a line that the shop took off, where it says what it gave back.
    fn taken_off(&self, line: &ShopDraftLine) -> Option<i64> {
        let taken_off = line.taken_off.clamp(0, line.ordered.max(0));
        (self.paid.is_some() && taken_off > 0).then_some(taken_off)
    }

    /// What the customer paid and got back, where that is not simply all and nothing.
    fn money_back(&self, lines: &[Value]) -> Result<Map<String, Value>, FormatError> {
        let mut shop = Map::new();
        let Some((received, back)) = self.paid else {
            return Ok(shop);
        };
        let of_line = |line: &Value| !line["shop_line"]["taken_off"].is_null();
        let of_gone = |line: &Value| !line["taken_off"].is_null();
        let fewer = lines.iter().any(of_line) || self.not_shipped.iter().any(of_gone);
        if fewer || !back.is_zero() {
            let back = self.cents("what was given back", back)?;
            shop.insert("given_back".to_owned(), json!(back));
        }
        let mut totals = self.amounts.iter().filter(|(key, _)| *key == "total");
        if totals.any(|(_, total)| *total != received) {
            let received = self.cents("what was paid", received)?;
            shop.insert("received".to_owned(), json!(received));
        }
        Ok(shop)
    }

    /// Pieces that were paid and are not to be sent any more, of which the shop's state says nothing.
    fn hold_what_is_gone(&mut self) {
        let gone = |line: &&ShopDraftLine| line.not_shipped.is_none() && line.wanted < line.ordered;
        let pieces: i64 = self
            .lines
            .iter()
            .filter(gone)
            .map(|line| line.ordered - line.wanted)
            .sum();
        let told = |hold: &ShopHold| {
            let codes = [
                Code::AlreadyFulfilled,
                Code::RefundedInShop,
                Code::CancelledInShop,
            ];
            codes.iter().any(|code| hold.code == *code)
        };
        if pieces > 0 && !self.holds.iter().any(told) {
            self.hold(
                Code::AlreadyFulfilled,
                format!("{pieces} of the pieces are not to be sent any more"),
            );
        }
    }

    fn placed(&self, line: ShopDraftLine) -> Result<Value, FormatError> {
        let amount = self.cents("the amount of a line", line.amount)?;
        let each = match line.ordered {
            0 => line.each,
            ordered => line.amount / Decimal::from(ordered.max(1)),
        };
        let each = each.normalize();
        let mut shop = Map::new();
        if line.wanted != line.ordered || each.scale() > 2 {
            shop.insert("ordered".to_owned(), json!(line.ordered));
        }
        if let Some(taken_off) = self.taken_off(&line) {
            shop.insert("taken_off".to_owned(), json!(taken_off));
        }
        if each.scale() > 2 {
            shop.insert("amount".to_owned(), json!(amount));
        }
        if !line.options.is_empty() {
            shop.insert("options".to_owned(), json!(line.options));
        }
        let mut placed = Map::new();
        placed.insert("sku".to_owned(), json!(line.sku));
        placed.insert("qty".to_owned(), json!(line.wanted));
        placed.insert("unit_price".to_owned(), json!(text(each.round_dp(2))));
        if !line.description.is_empty() {
            placed.insert("description".to_owned(), json!(line.description));
        }
        if !shop.is_empty() {
            placed.insert("shop_line".to_owned(), json!(shop));
        }
        placed.extend(line.extra);
        Ok(Value::Object(placed))
    }

    /// An amount as the canonical form has it.
    fn cents(&self, key: &str, amount: Decimal) -> Result<String, FormatError> {
        match amount.normalize().scale() {
            0..=2 => Ok(text(amount)),
            _ => Err(self
                .at
                .fault(&format!("has {amount} as {key}, which is not whole cents"))),
        }
    }
}

impl ShopDraftLine {
    /// Whether no vendor gets it.
    pub fn is_gone(&self) -> bool {
        self.gone().is_some()
    }

    /// Why no vendor gets it, if none does.
    fn gone(&self) -> Option<&'static str> {
        let none = (self.wanted <= 0 && self.ordered > 0).then_some("not to be sent any more");
        self.not_shipped.or(none)
    }

    /// The shop's words with what was chosen.
    fn words(&self) -> String {
        let parts = std::iter::once(self.description.clone());
        let parts = parts.chain(self.options.iter().map(LineOption::to_string));
        let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
        parts.join(" | ")
    }
}

/// Two decimals, as shops write.
fn text(amount: Decimal) -> String {
    let mut amount = amount.normalize();
    amount.rescale(2);
    amount.to_string()
}

/// What says something in a record, under keys that are wanted.
fn rest(record: &Value, wanted: impl Fn(&str) -> bool) -> Map<String, Value> {
    let Value::Object(map) = record else {
        return Map::new();
    };
    let says = |value: &Value| match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(list) => !list.is_empty(),
        Value::Object(map) => !map.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    };
    let kept = map.iter().filter(|(key, value)| wanted(key) && says(value));
    kept.map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

fn among(keys: &str, key: &str) -> bool {
    keys.split_ascii_whitespace().any(|one| one == key)
}

/// Some keys of a line (words with blanks between) and the shop's own choices, under the format's name.
pub fn kept(name: &str, line: &At, keys: &str, choices: &Choices) -> Map<String, Value> {
    let mut own = rest(line.value, |key| among(keys, key));
    if !choices.internal.is_empty() {
        own.insert("own_options".to_owned(), json!(choices.internal));
    }
    match own.is_empty() {
        true => Map::new(),
        false => Map::from_iter([(name.to_owned(), json!(own))]),
    }
}

/// Whether a choice of a line is named as where it goes.
fn is_address(name: &str) -> bool {
    const NAMES: [&str; 8] = [
        "shipto",
        "shiptoaddress",
        "shippingaddress",
        "shippingto",
        "deliveryaddress",
        "recipientaddress",
        "destinationaddress",
        "lineaddress",
    ];
    let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
    let bare: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    NAMES.contains(&bare.as_str())
}
