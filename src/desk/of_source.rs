//! Which shop a file is of that a person brings: what comes before the numbers of its source's orders comes before
//! these as well, or the same order would be there twice.

use super::refused;
use crate::app::App;
use crate::domain::business_refusal::BusinessRefusal;
use crate::domain::foreign::cut;
use crate::domain::order::Order;
use crate::ledger::LedgerError;

/// What the named source puts before the numbers of its orders; nothing where none is named.
///
/// # Errors
/// When there is no source of this name.
pub(super) fn prefix<'a>(site: &'a App, source: Option<&str>) -> Result<&'a str, LedgerError> {
    let Some(name) = source else {
        return Ok("");
    };
    let own = site.reader.documents.get(name).ok_or_else(|| {
        refused(BusinessRefusal::not_for_this(format!(
            "the configuration has no [[source]] with the name {}",
            cut(name, 60)
        )))
    })?;
    Ok(&own.order_prefix)
}

/// Refuses an order of a shop where a site has sources with a prefix and nobody says of which it is.
///
/// # Errors
/// That the source is to be named.
pub(super) fn must_be_told(
    site: &App,
    source: Option<&str>,
    order: &Order,
) -> Result<(), LedgerError> {
    let sources = &site.reader.documents;
    let has_prefix = sources.values().any(|own| !own.order_prefix.is_empty());
    if source.is_some() || order.shop_order.id.is_empty() || !has_prefix {
        return Ok(());
    }
    let mut names: Vec<String> = sources
        .iter()
        .map(|(name, own)| match own.order_prefix.as_str() {
            "" => format!("--source {name}"),
            prefix => format!("--source {name} (its orders begin with {prefix})"),
        })
        .collect();
    names.sort();
    Err(refused(
        BusinessRefusal::needs_word(format!(
            "order {} is of a shop, and more than one may have this number",
            cut(&order.order_number, 60)
        ))
        .with_remedy(format!(": say which: {}", names.join(", "))),
    ))
}
