//! What a comparison of a shop with the ledger came to: `poms report shop`.

use super::layout::{TextSheet, View, count};
use crate::clock;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Differences that are kept with their words; of more only the number is known.
pub const MOST_DIFFERENCES: usize = 500;
/// Numbers of orders that are named under one reason.
const MOST_NAMED: usize = 20;

/// What is not the same on both sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopDifferenceKind {
    /// A paid order of the shop is not in the ledger.
    Order,
    /// The shop changed an order, and the ledger has only an older state of it.
    Change,
    /// A cancellation in the shop did not reach the ledger.
    CancelledInShop,
    /// An order that is cancelled in the ledger stands in the shop.
    CancelledHere,
    /// A shipment of the ledger is not in the shop.
    Shipment,
    /// An order of the ledger, of which goods left or which was cancelled, is not in the shop any more.
    Gone,
}

/// One thing that is not the same on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShopDifference {
    /// What it is.
    pub kind: ShopDifferenceKind,
    /// By what it is known again.
    pub key: String,
    /// The order's number, as people quote it.
    pub order: String,
    /// It in a sentence.
    pub says: String,
    /// What to do that is no command.
    pub advice: String,
    /// The command that mends it, without `poms` before it.
    pub remedy: Option<String>,
    /// The exception by which a person knows of it already.
    pub exception: Option<i64>,
    /// When it came about, as far as it is known.
    pub at: DateTime<Utc>,
}

/// Orders or shipments that are no difference for one and the same reason.
#[derive(Clone, Debug)]
pub struct LeftOut {
    /// The reason, such as "not paid".
    pub why: String,
    /// How many.
    pub count: usize,
    /// The numbers of the first ones.
    pub named: Vec<String>,
}

/// What the comparison of one shop came to.
#[derive(Clone, Debug)]
pub struct ShopProof {
    /// The source's name.
    pub source: String,
    /// The shop, as the source's place has it.
    pub place: String,
    /// Orders that changed, shipments that left, and cancellations from this moment on were compared.
    pub from: DateTime<Utc>,
    /// Orders that were placed before are not poms'.
    pub since: DateTime<Utc>,
    /// All that the shop changed before this moment was read by poms; `None` where it never read it.
    pub read_until: Option<DateTime<Utc>>,
    /// Orders of the shop that were looked at.
    pub orders: usize,
    /// Those of them that are in the ledger.
    pub known: usize,
    /// Those of them that wait for a person there.
    pub held: usize,
    /// Shipments that were compared.
    pub shipments: usize,
    /// Cancellations, in the shop or here, that were compared.
    pub cancellations: usize,
    /// What is no difference, by reasons.
    pub left_out: Vec<LeftOut>,
    /// What is not the same, up to [`MOST_DIFFERENCES`].
    pub differences: Vec<ShopDifference>,
    /// Differences beyond these.
    pub more: usize,
    /// Why the comparison ended before its end.
    pub broken_off: Option<String>,
}

impl ShopProof {
    /// Nothing was looked at yet.
    pub fn begin(source: &str, place: String, from: DateTime<Utc>, since: DateTime<Utc>) -> Self {
        ShopProof {
            source: source.to_owned(),
            place,
            from,
            since,
            read_until: None,
            orders: 0,
            known: 0,
            held: 0,
            shipments: 0,
            cancellations: 0,
            left_out: Vec::new(),
            differences: Vec::new(),
            more: 0,
            broken_off: None,
        }
    }

    /// Names something that is no difference.
    pub fn leave_out(&mut self, why: &str, number: &str) {
        let place = self.left_out.iter().position(|one| one.why == why);
        let place = place.unwrap_or_else(|| {
            self.left_out.push(LeftOut {
                why: why.to_owned(),
                count: 0,
                named: Vec::new(),
            });
            self.left_out.len() - 1
        });
        let one = &mut self.left_out[place];
        one.count += 1;
        if one.named.len() < MOST_NAMED {
            one.named.push(number.to_owned());
        }
    }

    /// Notes a difference; one that was noted before is the newer one now.
    pub fn differs(&mut self, difference: ShopDifference) {
        let same = |one: &ShopDifference| one.key == difference.key;
        match self.differences.iter().position(same) {
            Some(place) => self.differences[place] = difference,
            None if self.differences.len() < MOST_DIFFERENCES => self.differences.push(difference),
            None => self.more += 1,
        }
    }

    /// Adds what was found of an order.
    pub fn add(&mut self, one: ShopProof) {
        self.orders += one.orders;
        self.known += one.known;
        self.held += one.held;
        self.shipments += one.shipments;
        self.cancellations += one.cancellations;
        self.more += one.more;
        for left in one.left_out {
            for number in left.named.iter().cycle().take(left.count) {
                self.leave_out(&left.why, number);
            }
        }
        for difference in one.differences {
            self.differs(difference);
        }
    }

    /// Whether all was asked and nothing differs.
    pub fn holds(&self) -> bool {
        self.differences.is_empty() && self.broken_off.is_none()
    }

    /// As JSON; `poms` is how commands begin.
    pub fn json(&self, poms: &str) -> Value {
        let left_out = self
            .left_out
            .iter()
            .map(|one| json!({"why": one.why, "count": one.count, "orders": one.named}));
        let differences = self.differences.iter().map(|one| {
            json!({
                "kind": one.kind, "order": one.order, "says": one.says, "advice": one.advice,
                "remedy": one.remedy.as_ref().map(|remedy| format!("{poms} {remedy}")),
                "exception": one.exception, "at": clock::text(one.at),
            })
        });
        json!({
            "source": self.source, "shop": self.place,
            "from": clock::text(self.from), "placed_since": clock::text(self.since),
            "read_until": self.read_until.map(clock::text),
            "compared": {"orders": self.orders, "in_ledger": self.known, "held": self.held,
                "shipments": self.shipments, "cancellations": self.cancellations},
            "left_out": left_out.collect::<Vec<_>>(),
            "differences": differences.collect::<Vec<_>>(), "more_differences": self.more,
            "complete": self.broken_off.is_none(), "broken_off": self.broken_off,
        })
    }

    /// On a screen.
    pub fn text(&self, view: &View) -> String {
        let mut sheet = TextSheet::new(view.width);
        sheet.line(&format!("Source {}: {}", self.source, self.place));
        let read = match self.read_until {
            Some(until) => format!("poms had read the shop up to {}", view.at(until)),
            None => "poms never read the shop yet".to_owned(),
        };
        sheet.field(
            "Period",
            &format!(
                "what changed from {} on, of orders placed since {}; {read}",
                view.at(self.from),
                view.at(self.since)
            ),
        );
        sheet.field(
            "Compared",
            &format!(
                "{}, {}, {}",
                count(self.orders, "order"),
                count(self.shipments, "shipment"),
                count(self.cancellations, "cancellation")
            ),
        );
        let held = match self.held {
            0 => String::new(),
            held => format!(", {held} of them held"),
        };
        sheet.field(
            "In ledger",
            &format!("{} of these orders{held}", self.known),
        );
        for (place, one) in self.left_out.iter().enumerate() {
            let name = if place == 0 { "Left out" } else { "" };
            let more = match one.count - one.named.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let named = one.named.join(", ");
            sheet.field(name, &format!("{} {}: {named}{more}", one.count, one.why));
        }
        if let Some(why) = &self.broken_off {
            sheet.field("Not asked", &format!("the rest: {why}"));
        }
        self.differences_of(view, &mut sheet);
        sheet.finish()
    }

    fn differences_of(&self, view: &View, sheet: &mut TextSheet) {
        let all = self.differences.len() + self.more;
        if all == 0 {
            let so_far = self.broken_off.as_ref().map_or("", |_| " so far");
            sheet.field("Differs", &format!("nothing{so_far}"));
            return;
        }
        sheet.field("Differs", &count(all, "thing"));
        for one in &self.differences {
            let listed = one.exception.map(|id| format!(" (exception {id})"));
            sheet.entry(
                &one.order,
                &format!("{}{}", one.words(), listed.unwrap_or_default()),
            );
            if let Some(remedy) = &one.remedy {
                sheet.command(&format!("  {} {remedy}", view.poms));
            }
        }
        if self.more > 0 {
            sheet.item(&format!("and {} more", self.more));
        }
    }
}

impl ShopDifference {
    /// It and what to do, but for the command.
    pub fn words(&self) -> String {
        match self.advice.as_str() {
            "" => self.says.clone(),
            advice => format!("{}; {advice}", self.says),
        }
    }
}
