//! What the ledger keeps of the comparisons of a source with its shop, as settings.

use super::going::UnderWay;
use crate::clock::Moment;
use crate::config::SourceConfig;
use crate::ledger::{LedgerError, Tx};
use crate::reports::status_sources::ShopComparisons;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of a source's comparisons, as a setting of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Compared {
    /// The place that was compared.
    pub place: String,
    /// When the last one began that came to its end; the first time that anybody looked, before there was any.
    pub at: String,
    /// Whether there was one.
    #[serde(default)]
    pub ever: bool,
    /// When the last try failed, since one came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried: Option<String>,
    /// Why it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// The exception that lists what differs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exception: Option<i64>,
    /// What it lists: by what each is known again, and since when it is so.
    #[serde(default)]
    pub listed: BTreeMap<String, String>,
    /// What a person dismissed.
    #[serde(default)]
    pub dismissed: BTreeSet<String>,
}

/// How the comparisons of a source with its shop stand.
///
/// # Errors
/// SQLite's.
pub fn comparisons_of(tx: &Tx, source: &SourceConfig) -> Result<ShopComparisons, LedgerError> {
    let place = source.place();
    let state: Option<Compared> = read(tx, &setting_of(source))?;
    let Some(state) = state.filter(|kept| kept.place == place) else {
        return Ok(ShopComparisons::default());
    };
    let under_way: Option<UnderWay> = read(tx, &under_way_of(source))?;
    let under_way = under_way.filter(|_| source.compares().is_some());
    let moment = |text: &str| Moment::parse(text);
    Ok(ShopComparisons {
        compared: moment(&state.at).filter(|_| state.ever),
        under_way: under_way.and_then(|one| {
            let (begun, _) = one.times(&place)?;
            Some((begun.into(), one.sums()))
        }),
        failed: state.tried.as_deref().and_then(moment).zip(state.why),
    })
}

/// The ledger's setting for a source.
pub(super) fn setting_of(source: &SourceConfig) -> String {
    format!("shop_compared:{}", source.name)
}

/// The ledger's setting for the comparison of a source that is under way.
pub(super) fn under_way_of(source: &SourceConfig) -> String {
    format!("shop_comparing:{}", source.name)
}

/// What a setting of the ledger keeps; `None` where it cannot be read.
pub(super) fn read<T: DeserializeOwned>(tx: &Tx, name: &str) -> Result<Option<T>, LedgerError> {
    let text = tx.setting(name)?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

pub(super) fn keep(tx: &Tx, name: &str, state: &Value, why: &str) -> Result<(), LedgerError> {
    tx.set_setting(name, &state.to_string(), why)
}
