//! How sources stand, for `poms status`: when each was read last, how far, and since when it fails.

use super::layout::{TextSheet, View};
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
    /// When shop and ledger were compared last, to the end.
    pub compared: Option<Moment>,
}

impl SourceStatus {
    /// As JSON.
    pub fn json(&self) -> Value {
        json!({
            "source": self.name, "place": self.place, "polled": self.polled, "read": self.read,
            "documents": self.documents,
            "failing_since": self.failing.as_ref().map(|(since, _)| since),
            "why": self.failing.as_ref().map(|(_, why)| why),
            "put_off": self.put_off, "read_until": self.read_until, "cursor": self.cursor,
            "compared": self.compared,
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
        if let Some(compared) = &self.compared {
            parts.push(format!("compared with its shop {}", ago(compared)));
        }
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
