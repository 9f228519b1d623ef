//! File names in a Maildir: `UNIQUE` or `UNIQUE:2,FLAGS`, and what is no message at all.

use super::super::MailboxError;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

const INFO: &[u8] = b":2,";

/// Files that servers keep beside the messages.
const FOREIGN: [&str; 5] = [
    "dovecot",
    "courier",
    "subscriptions",
    "maildirsize",
    "maildirfolder",
];

/// A message's file.
pub(super) struct MaildirEntry {
    /// 0 for `new`, 1 for `cur`.
    pub place: usize,
    pub file: OsString,
}

impl MaildirEntry {
    /// The message's key and entry; `None` for what is to be left alone: dotfiles, other programs'
    /// files, messages that a person has trashed (`T`) or is still writing (`D`).
    pub fn read(place: usize, file: OsString) -> Option<(String, MaildirEntry)> {
        let bytes = file.as_bytes();
        let foreign = |name: &&str| bytes.starts_with(name.as_bytes());
        if bytes.starts_with(b".") || FOREIGN.iter().any(foreign) {
            return None;
        }
        let entry = MaildirEntry { place, file };
        let (unique, flags, _) = entry.parts();
        if unique.is_empty() || flags.contains(&b'T') || flags.contains(&b'D') {
            return None;
        }
        let key = match std::str::from_utf8(unique) {
            Ok(text) => text.to_owned(),
            // unique all the same, and still a text
            Err(_) => format!(
                "{}={}",
                String::from_utf8_lossy(unique),
                crate::clock::hex(unique)
            ),
        };
        Some((key, entry))
    }

    /// The unique part, the flags, and what other programs put behind them.
    fn parts(&self) -> (&[u8], &[u8], &[u8]) {
        let bytes = self.file.as_bytes();
        let Some(at) = bytes.windows(INFO.len()).position(|part| part == INFO) else {
            return (bytes, b"", b"");
        };
        let info = &bytes[at + INFO.len()..];
        let end = info.iter().position(|b| *b == b',').unwrap_or(info.len());
        (&bytes[..at], &info[..end], &info[end..])
    }

    /// The name in the folder it is filed to: its flags and `S`, in ASCII order; `attempt` > 0
    /// makes it another one, before the `,S=…` that servers append.
    pub fn seen_name(&self, attempt: u32) -> OsString {
        let (unique, flags, rest) = self.parts();
        let comma = unique.iter().position(|b| *b == b',');
        let (stem, fields) = unique.split_at(comma.unwrap_or(unique.len()));
        let mut flags = flags.to_vec();
        flags.push(b'S');
        flags.sort_unstable();
        flags.dedup();
        let mut name = stem.to_vec();
        if attempt > 0 {
            name.extend_from_slice(format!("-{attempt}").as_bytes());
        }
        for part in [fields, INFO, &flags, rest] {
            name.extend_from_slice(part);
        }
        OsString::from_vec(name)
    }
}

/// The directory's name of a Maildir++ folder: with its leading dot.
pub(super) fn folder_name(name: &str) -> Result<String, MailboxError> {
    let wrong = |why| {
        let name = name.escape_debug().to_string();
        Err(MailboxError::FolderName { name, why })
    };
    if name.is_empty() || name.len() > 200 {
        return wrong("it must have 1 to 200 characters");
    }
    if !name.bytes().all(|b| b.is_ascii_graphic() || b == b' ') || name.contains('/') {
        return wrong("only printable ASCII without / is safe with every mail server");
    }
    if name.split('.').any(str::is_empty) {
        return wrong(
            "dots separate levels, as in Orders.Processed: none at the ends, no two together",
        );
    }
    Ok(format!(".{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filed(name: &str, attempt: u32) -> Option<String> {
        let (_, entry) = MaildirEntry::read(1, OsString::from(name))?;
        Some(entry.seen_name(attempt).into_string().unwrap())
    }

    #[test]
    fn flags_are_kept_and_seen_is_added() {
        assert_eq!(filed("1.M2.host", 0).unwrap(), "1.M2.host:2,S");
        assert_eq!(filed("1.M2.host:2,RFa", 0).unwrap(), "1.M2.host:2,FRSa");
        assert_eq!(
            filed("1.M2.host,S=5:2,S", 2).unwrap(),
            "1.M2.host-2,S=5:2,S"
        );
        assert_eq!(filed("1.host:2,S,x=T", 0).unwrap(), "1.host:2,S,x=T");
    }

    #[test]
    fn what_is_left_alone() {
        for name in [
            ".hidden",
            "1:2,T",
            "1:2,DS",
            "dovecot-uidlist",
            "dovecot.index.log",
            ":2,S",
        ] {
            assert_eq!(filed(name, 0), None, "{name}");
        }
    }

    #[test]
    fn folders_cannot_lead_elsewhere() {
        for name in [
            "",
            "..",
            "a/../b",
            "a..b",
            ".a",
            "a.",
            "Erledigt\u{e4}",
            "a\nb",
            "a\0",
        ] {
            assert!(folder_name(name).is_err(), "{name:?}");
        }
        assert_eq!(folder_name("Orders.Done").unwrap(), ".Orders.Done");
    }

    proptest! {
        #[test]
        fn any_name_is_read_or_left(bytes in prop::collection::vec(1u8.., 1..40), attempt in 0u32..3) {
            if let Some((key, entry)) = MaildirEntry::read(0, OsString::from_vec(bytes)) {
                prop_assert!(!key.is_empty());
                let again = MaildirEntry::read(1, entry.seen_name(attempt));
                prop_assert_eq!(again.map(|(next, _)| next == key), Some(attempt == 0));
            }
        }
    }
}
