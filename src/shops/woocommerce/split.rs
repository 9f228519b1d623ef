//! The entries of a list in JSON, as bytes: an order is kept as the shop wrote it.

/// The bytes of each entry of a list that is known to be JSON; `None` if it is no list.
pub(super) fn entries(list: &[u8]) -> Option<Vec<&[u8]>> {
    let list = list.strip_prefix(b"\xef\xbb\xbf").unwrap_or(list);
    let inner = list.trim_ascii().strip_prefix(b"[")?.strip_suffix(b"]")?;
    let (mut depth, mut start, mut quoted, mut escaped) = (0_usize, 0, false, false);
    let mut found = Vec::new();
    for (place, byte) in inner.iter().enumerate() {
        match (quoted, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (true, b'"') => quoted = false,
            (true, _) => {}
            (false, b'"') => quoted = true,
            (false, b'{' | b'[') => depth += 1,
            (false, b'}' | b']') => depth = depth.checked_sub(1)?,
            (false, b',') if depth == 0 => {
                found.push(inner[start..place].trim_ascii());
                start = place + 1;
            }
            (false, _) => {}
        }
    }
    let last = inner[start..].trim_ascii();
    if !last.is_empty() {
        found.push(last);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    proptest! {
        #[test]
        fn entries_are_the_lists(texts in prop::collection::vec(any::<String>(), 0..6), deep in any::<bool>()) {
            let list: Vec<Value> = texts
                .iter()
                .map(|text| if deep { json!({"a": [text, {text.as_str(): 1.50}], "b": "],{\\"}) } else { json!(text) })
                .collect();
            let text = serde_json::to_string_pretty(&list).unwrap();
            let found = entries(text.as_bytes()).unwrap();
            let back: Vec<Value> = found.iter().map(|one| serde_json::from_slice(one).unwrap()).collect();
            prop_assert_eq!(back, list);
        }

        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = entries(&bytes);
        }
    }
}
