//! The search of Shopify's lists (<https://shopify.dev/docs/api/usage/search-syntax>), as far as poms asks by it.

/// The moment of `updated_at:>='…'`.
pub fn bound<'a>(filter: &'a str, key: &str) -> &'a str {
    let (_, rest) = filter.split_once(&format!("{key}:>='")).expect("a filter");
    rest.split('\'').next().unwrap_or_default()
}

/// The orders of `id:1 OR id:2`.
pub fn ids_of(filter: &str) -> Option<Vec<u64>> {
    let ids = filter.split(" OR ").map(|part| part.strip_prefix("id:"));
    ids.map(|id| id?.parse().ok()).collect()
}
