//! Header fields as they stand (RFC 5322, 2.2): in their order, unfolded, nothing interpreted. Also
//! for the groups of fields in a delivery report (RFC 3464, 2.1).

use mail_parser::MessageParser;

/// One header field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderField {
    /// Its name in small letters.
    pub name: String,
    /// Its value on one line.
    pub value: String,
}

/// The most fields that are looked at.
const MOST: usize = 1000;

/// The fields up to the first empty line. A line that is none ends the field before it. A name with a
/// blank before its colon is not taken for that name: servers that clean headers may not see it so.
pub fn fields(raw: &[u8]) -> Vec<HeaderField> {
    let text = String::from_utf8_lossy(raw);
    let mut found: Vec<HeaderField> = Vec::new();
    let mut open = false;
    for line in text.split('\n').map(|line| line.trim_end_matches('\r')) {
        if line.is_empty() || found.len() >= MOST {
            break;
        }
        if line.starts_with([' ', '\t']) {
            if let Some(last) = found.last_mut().filter(|_| open) {
                last.value.push(' ');
                last.value.push_str(line.trim());
            }
            continue;
        }
        open = false;
        if let Some((name, value)) = line.split_once(':')
            && !name.is_empty()
            && name.bytes().all(|b| b.is_ascii_graphic())
        {
            open = true;
            found.push(HeaderField {
                name: name.to_ascii_lowercase(),
                value: value.trim().to_owned(),
            });
        }
    }
    found
}

/// The first value of a name.
pub fn first<'f>(fields: &'f [HeaderField], name: &str) -> Option<&'f str> {
    all(fields, name).next()
}

/// A value as its reader meant it: encoded words (RFC 2047) decoded. What they hide is foreign text:
/// whoever shows it makes it harmless.
pub fn decoded(value: &str) -> String {
    if !value.contains("=?") {
        return value.to_owned();
    }
    let field = format!("Subject: {}\r\n\r\n", value.replace(['\r', '\n'], " "));
    let parser = MessageParser::default();
    let read = parser.parse_headers(field.as_bytes());
    let text = read.as_ref().and_then(|mail| mail.subject());
    text.unwrap_or(value).to_owned()
}

/// Every value of a name, from the top.
pub fn all<'f>(fields: &'f [HeaderField], name: &str) -> impl Iterator<Item = &'f str> {
    fields
        .iter()
        .filter(move |field| field.name == name)
        .map(|field| field.value.as_str())
}

/// Every `<left@right>` in a value: the Message-IDs of References, In-Reply-To and the like, with
/// their brackets.
pub fn message_ids(value: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in value.split('<').skip(1) {
        let Some((inner, _)) = part.split_once('>') else {
            continue;
        };
        let fine = inner.len() <= 250 && inner.contains('@');
        if fine && inner.bytes().all(|b| b.is_ascii_graphic()) && found.len() < 100 {
            found.push(format!("<{inner}>"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fields_are_unfolded_and_end_at_the_empty_line() {
        let raw = b"Subject: a\r\n b\r\nnot a field\r\n lost\r\nX-Y : z\r\nTo:c\r\n\r\nFrom: body";
        let found = fields(raw);
        let pairs: Vec<(&str, &str)> = found
            .iter()
            .map(|f| (f.name.as_str(), f.value.as_str()))
            .collect();
        assert_eq!(pairs, [("subject", "a b"), ("to", "c")]);
    }

    #[test]
    fn encoded_words_are_decoded() {
        for (value, said) in [
            ("plain", "plain"),
            ("=?utf-8?q?Caf=C3=A9?=", "Café"),
            (
                "=?UTF-8?B?SsO8cmdlbg==?= <j@mail.example>",
                "Jürgen <j@mail.example>",
            ),
            ("=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
            ("=?iso-8859-1?q?Z=FCrich?= trip", "Zürich trip"),
            ("=?", "=?"),
        ] {
            assert_eq!(decoded(value), said);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(raw: Vec<u8>, text: String) {
            decoded(&text);
            decoded(&format!("=?utf-8?q?{text}?="));
            fields(&raw);
            for id in message_ids(&text) {
                prop_assert!(id.starts_with('<') && id.ends_with('>'));
            }
        }
    }
}
