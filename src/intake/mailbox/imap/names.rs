//! Names: a message's key, sets of UIDs, folders in modified UTF-7.

use super::fault::ImapFault;
use io_imap::types::mailbox::Mailbox;
use io_imap::types::sequence::SequenceSet;

/// Most characters of a set of UIDs: command lines have a limit of 8,000 octets (RFC 7162, 4).
const LONGEST_SET: usize = 6000;

/// A message's place: the folder's UIDVALIDITY and its UID there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UidPlace {
    pub validity: u32,
    pub uid: u32,
}

impl UidPlace {
    /// Reads `UIDVALIDITY:UID`.
    pub fn read(key: &str) -> Result<UidPlace, ImapFault> {
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0);
        key.split_once(':')
            .and_then(|(validity, uid)| {
                Some(UidPlace {
                    validity: number(validity)?,
                    uid: number(uid)?,
                })
            })
            .ok_or_else(|| ImapFault::Key(crate::domain::foreign::cut(key, 40)))
    }

    pub fn key(self) -> String {
        format!("{}:{}", self.validity, self.uid)
    }
}

/// UIDs in ascending order as sets for commands, each with how many are in it.
pub(super) fn sets(uids: &[u32]) -> Vec<(SequenceSet, usize)> {
    let mut sets = Vec::new();
    let (mut text, mut count) = (String::new(), 0);
    let mut rest = uids;
    while let Some((first, _)) = rest.split_first() {
        let consecutive =
            |(place, uid): (usize, &u32)| u64::from(*uid) == u64::from(*first) + place as u64;
        let length = rest
            .iter()
            .enumerate()
            .take_while(|pair| consecutive(*pair))
            .count()
            .max(1);
        let (run, after) = rest.split_at(length);
        rest = after;
        if !text.is_empty() {
            text.push(',');
        }
        text.push_str(&match run {
            [.., last] if length > 1 => format!("{first}:{last}"),
            _ => first.to_string(),
        });
        count += length;
        if text.len() > LONGEST_SET || rest.is_empty() {
            if let Ok(set) = SequenceSet::try_from(text.as_str()) {
                sets.push((set, count));
            }
            text.clear();
            count = 0;
        }
    }
    sets
}

/// A folder's name as IMAP has it.
pub(super) fn mailbox(name: &str) -> Result<Mailbox<'static>, ImapFault> {
    let name = utf7(name);
    Mailbox::try_from(name).map_err(|_| ImapFault::Character("the folder's name"))
}

/// Modified UTF-7 (RFC 3501, 5.1.3): printable ASCII as it is, `&` as `&-`, the rest as UTF-16 in a
/// base64 of its own.
fn utf7(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut shifted: Vec<u8> = Vec::new();
    for c in name.chars() {
        if matches!(c, ' '..='~') {
            unshift(&mut out, &mut shifted);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            let mut units = [0; 2];
            shifted.extend(
                c.encode_utf16(&mut units)
                    .iter()
                    .flat_map(|unit| unit.to_be_bytes()),
            );
        }
    }
    unshift(&mut out, &mut shifted);
    out
}

fn unshift(out: &mut String, shifted: &mut Vec<u8>) {
    if !shifted.is_empty() {
        let base64 = openssl::base64::encode_block(shifted);
        out.push('&');
        out.push_str(&base64.trim_end_matches('=').replace('/', ","));
        out.push('-');
        shifted.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folders_as_rfc_3501_writes_them() {
        for (name, wire) in [
            ("INBOX/Orders", "INBOX/Orders"),
            ("R&D", "R&-D"),
            (
                "~peter/mail/\u{53f0}\u{5317}/\u{65e5}\u{672c}\u{8a9e}",
                "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
            ),
            ("Auftr\u{e4}ge", "Auftr&AOQ-ge"),
            ("\u{1f4e6}", "&2D3c5g-"),
        ] {
            assert_eq!(utf7(name), wire);
        }
    }

    #[test]
    fn sets_are_short() {
        let text = |uids: &[u32]| -> Vec<(String, usize)> {
            let sets = sets(uids);
            sets.into_iter()
                .map(|(set, count)| (format!("{}", Plain(set)), count))
                .collect()
        };
        assert_eq!(text(&[]), []);
        assert_eq!(text(&[7]), [("7".to_owned(), 1)]);
        assert_eq!(
            text(&[1, 2, 3, 9, 4_000_000_000, 4_000_000_001]),
            [("1:3,9,4000000000:4000000001".to_owned(), 6)]
        );
        let odd: Vec<u32> = (0..5000).map(|n| 100_001 + 2 * n).collect();
        let split = text(&odd);
        assert!(split.len() > 5 && split.iter().all(|(set, _)| set.len() < 6100));
        assert_eq!(split.iter().map(|(_, count)| count).sum::<usize>(), 5000);
    }

    /// A set as it goes over the line.
    struct Plain(SequenceSet);

    impl std::fmt::Display for Plain {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            use io_imap::codec::{CommandCodec, encode::Encoder};
            let body = io_imap::types::command::CommandBody::ExpungeUid {
                sequence_set: self.0.clone(),
            };
            let command = body.tag("A").map_err(|_| std::fmt::Error)?;
            let line = CommandCodec::new().encode(&command).dump();
            let line = String::from_utf8_lossy(&line).into_owned();
            out.write_str(line.trim_start_matches("A UID EXPUNGE ").trim_end())
        }
    }

    proptest! {
        #[test]
        fn keys_are_read_or_refused(key in ".{0,30}", validity in 1u32.., uid in 1u32..) {
            if let Ok(place) = UidPlace::read(&key) {
                prop_assert!(place.validity > 0 && place.uid > 0);
            }
            let place = UidPlace { validity, uid };
            prop_assert_eq!(UidPlace::read(&place.key()), Ok(place));
        }

        #[test]
        fn any_folder_name_is_printable_ascii(name in ".{0,40}") {
            prop_assert!(utf7(&name).bytes().all(|b| (0x20..0x7f).contains(&b)));
        }
    }
}
