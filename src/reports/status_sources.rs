//! How sources stand, for `poms status`: when each was read last, how far, and since when it fails.

use super::layout::{TextSheet, View, count};
use crate::clock::Moment;
use serde_json::{Value, json};

/// How a source stands.
#[derive(Clone, Debug, Default)]
pub struct SourceStatus {
    /// Its name.
    pub name: String,
    /// What it reads.
    pub place: String,
    /// When the latest run that came to it began.
    pub polled: Option<Moment>,
    /// When the latest run began that read it to its end.
    pub read: Option<Moment>,
    /// Documents that the latest run got.
    pub documents: u64,
    /// Since when no run read it to its end, and why the latest did not.
    pub failing: Option<(Moment, String)>,
    /// Whether it only asked to be left alone.
    pub put_off: bool,
    /// All that changed in the shop before this moment was read; `None` for files, and where nothing was read yet.
    pub read_until: Option<Moment>,
    /// The words of its cursor.
    pub cursor: Option<String>,
    /// How its comparisons with its shop stand.
    pub comparing: ShopComparisons,
}

/// How the comparisons of a source with its shop stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ShopComparisons {
    /// When the last one began that came to its end.
    pub compared: Option<Moment>,
    /// The one that is under way: when it began, and how many orders and shipments it compared and differences it
    /// met so far.
    pub under_way: Option<(Moment, [usize; 3])>,
    /// When the last try failed, and why, since one came further.
    pub failed: Option<(Moment, String)>,
}

impl ShopComparisons {
    /// As JSON: of the one that is under way, and of the last that failed.
    fn json(&self) -> (Value, Value) {
        let under_way = self.under_way.as_ref().map(|(begun, [orders, shipments, differ])| {
            json!({"begun": begun, "orders": orders, "shipments": shipments, "differences": differ})
        });
        let failed = self.failed.as_ref();
        let failed = failed.map(|(at, why)| json!({"at": at, "why": why}));
        (json!(under_way), json!(failed))
    }

    /// For the screen, in parts.
    fn words(&self, view: &View) -> Vec<String> {
        let mut parts = Vec::new();
        if let Some(compared) = &self.compared {
            parts.push(format!("compared with its shop {} ago", view.age(compared)));
        }
        if let Some((begun, [orders, shipments, differ])) = &self.under_way {
            parts.push(format!(
                "comparing with its shop since {}: {}, {} and {} so far, the next runs go on",
                view.moment(begun),
                count(*orders, "order"),
                count(*shipments, "shipment"),
                count(*differ, "difference")
            ));
        }
        if let Some((at, why)) = &self.failed {
            let at = view.moment(at);
            parts.push(format!(
                "the comparison with its shop broke off {at}: {why}"
            ));
        }
        parts
    }
}

impl SourceStatus {
    /// As JSON.
    pub fn json(&self) -> Value {
        let (comparing, failed) = self.comparing.json();
        json!({
            "source": self.name, "place": self.place, "polled": self.polled, "read": self.read,
            "documents": self.documents,
            "failing_since": self.failing.as_ref().map(|(since, _)| since),
            "why": self.failing.as_ref().map(|(_, why)| why),
            "put_off": self.put_off, "read_until": self.read_until, "cursor": self.cursor,
            "compared": self.comparing.compared, "comparing": comparing, "comparison_failed": failed,
        })
    }

    /// Its line of the screen.
    fn words(&self, view: &View) -> String {
        let ago = |moment: &Moment| format!("{} ago", view.age(moment));
        let mut parts = vec![match (&self.read, &self.polled) {
            (Some(read), _) => format!("read {}", ago(read)),
            (None, Some(polled)) => format!("tried {}, never read to its end", ago(polled)),
            (None, None) => "no run has come to it yet".to_owned(),
        }];
        if let Some(until) = &self.read_until {
            parts.push(format!("up to {}", view.moment(until)));
        }
        parts.extend(self.comparing.words(view));
        let mut text = format!("{}: {}", self.name, parts.join(", "));
        if let Some((since, why)) = &self.failing {
            let word = if self.put_off { "put off" } else { "FAILING" };
            text.push_str(&format!("; {word} since {}: {why}", view.moment(since)));
        }
        text
    }
}

/// All of them on the screen; nothing where there are none.
pub fn text(sources: &[SourceStatus], view: &View, sheet: &mut TextSheet) {
    for (place, source) in sources.iter().enumerate() {
        let name = if place == 0 { "Sources" } else { "" };
        sheet.field(name, &source.words(view));
    }
}
