//! Fetching: many small messages in one round trip, large ones in parts, none of them marked.

mod rounds;

use super::super::{Fetched, HEAD};
use super::fault::ImapFault;
use super::names::sets;
use super::session::{Session, protocol};
use io_imap::types::command::CommandBody;
use io_imap::types::fetch::{MacroOrMessageDataItemNames, MessageDataItem, MessageDataItemName};
use io_imap::types::response::Data;
use io_imap::types::sequence::SequenceSet;
use openssl::sha::Sha256;
use std::collections::HashMap;
use std::num::NonZeroU32;

const FETCH: &str = "FETCH";

/// Bytes of one part of a large message.
const PART: u32 = 1 << 20;

/// Bytes of framing about one message's data.
const FRAME: u64 = 512;

/// One result for each message: its index in the batch, and what came of it.
pub(super) type Results = Vec<(usize, Result<Fetched, ImapFault>)>;

/// A message to fetch.
#[derive(Clone, Copy)]
struct WantedMessage {
    index: usize,
    uid: u32,
    size: u64,
}

/// What the server answers for a message that it keeps and does not give.
fn nothing(uid: u32) -> ImapFault {
    ImapFault::Unreadable {
        uid,
        why: "it sends nothing for it".to_owned(),
    }
}

/// What a round trip brought.
struct Bodies {
    /// By UID; `None` where the server sent two that differ.
    found: HashMap<u32, Option<Vec<u8>>>,
    /// It sent two for one message, or one for a message that was not asked for: it confuses them, and any
    /// may be another's.
    confused: bool,
}

/// Sorts what a round trip brought.
fn take(
    session: &mut Session,
    round: &[WantedMessage],
    mut bodies: HashMap<u32, Option<Vec<u8>>>,
    limit: u64,
    results: &mut Results,
) -> Result<(), ImapFault> {
    let mut absent = Vec::new();
    for message in round {
        match bodies.remove(&message.uid) {
            Some(None) => {
                let fault = ImapFault::Unreadable {
                    uid: message.uid,
                    why: "it sends two different messages for it".to_owned(),
                };
                results.push((message.index, Err(fault)));
            }
            // some servers send nothing for a message that is gone (RFC 2180, 4.1.3)
            Some(Some(body)) if !body.is_empty() || message.size == 0 => {
                results.push((message.index, Ok(whole(body, limit))));
            }
            _ => absent.push(*message),
        }
    }
    for message in absent {
        missing(session, message, &nothing(message.uid), results)?;
    }
    Ok(())
}

/// Tells a message that is gone from one that the server keeps but does not give.
fn missing(
    session: &mut Session,
    message: WantedMessage,
    fault: &ImapFault,
    results: &mut Results,
) -> Result<(), ImapFault> {
    let there = sizes(session, &[message.uid])?;
    let result = match there.contains_key(&message.uid) {
        true => Err(fault.at(message.uid)),
        false => Ok(Fetched::Gone),
    };
    results.push((message.index, result));
    Ok(())
}

fn whole(body: Vec<u8>, limit: u64) -> Fetched {
    if body.len() as u64 <= limit {
        return Fetched::Message(body);
    }
    Fetched::TooLarge {
        size: body.len() as u64,
        sha256: openssl::sha::sha256(&body),
        head: body[..body.len().min(HEAD)].to_vec(),
    }
}

/// The sizes of the messages among `uids` (ascending) that are there, in bytes.
pub(super) fn sizes(session: &mut Session, uids: &[u32]) -> Result<HashMap<u32, u64>, ImapFault> {
    let mut sizes = HashMap::with_capacity(uids.len());
    for (set, count) in sets(uids) {
        let items = vec![MessageDataItemName::Uid, MessageDataItemName::Rfc822Size];
        for items in fetch(session, set, items, (count as u64 * FRAME, 0))? {
            let size = items.iter().find_map(|item| match item {
                MessageDataItem::Rfc822Size(size) => Some(u64::from(*size)),
                _ => None,
            });
            if let (Some(uid), Some(size)) = (uid(&items), size) {
                sizes.insert(uid, size);
            }
        }
    }
    Ok(sizes)
}

/// The bodies of a round, as far as the server gives them. `announced` are their bytes as the server
/// told them, and it may send `leeway` more.
fn bodies(
    session: &mut Session,
    round: &[WantedMessage],
    announced: u64,
    leeway: u64,
) -> Result<Bodies, ImapFault> {
    let uids: Vec<u32> = round.iter().map(|message| message.uid).collect();
    let mut bodies = Bodies {
        found: HashMap::with_capacity(round.len()),
        confused: false,
    };
    for (set, count) in sets(&uids) {
        let items = vec![MessageDataItemName::Uid, body_item(None)];
        let payload = announced.saturating_add(count as u64 * FRAME);
        for items in fetch(session, set, items, (payload, leeway))? {
            let Some(uid) = uid(&items) else {
                continue;
            };
            let Some(body) = body(items) else {
                continue;
            };
            bodies.confused |= !uids.contains(&uid);
            match bodies.found.get_mut(&uid) {
                None => {
                    bodies.found.insert(uid, Some(body));
                }
                Some(known) if known.as_ref() == Some(&body) => {}
                Some(known) => {
                    *known = None;
                    bodies.confused = true;
                }
            }
        }
    }
    Ok(bodies)
}

/// Reads a message part by part, and keeps it while it is within `limit`, else only its head; the
/// digest is of all of it. `None`: the server gives nothing.
fn in_parts(session: &mut Session, message: u32, limit: u64) -> Result<Option<Fetched>, ImapFault> {
    let set = || SequenceSet::try_from(message).map_err(|_| nothing(message));
    let mut hash = Sha256::new();
    let mut kept: Vec<u8> = Vec::new();
    let mut size: u64 = 0;
    loop {
        let Ok(offset) = u32::try_from(size) else {
            return Err(protocol(
                FETCH,
                "the message has more than 4 GiB, which IMAP cannot carry",
            ));
        };
        let items = vec![MessageDataItemName::Uid, body_item(Some(offset))];
        let answers = fetch(session, set()?, items, (u64::from(PART) + FRAME, 0))?;
        let mut parts = answers
            .into_iter()
            .filter(|items| uid(items) == Some(message));
        let part = match parts.find_map(body) {
            None if size == 0 => return Ok(None),
            None => break,
            Some(part) if part.is_empty() => break,
            Some(part) => part,
        };
        if part.len() > PART as usize {
            return Err(protocol(FETCH, "the part is larger than was asked for"));
        }
        hash.update(&part);
        size += part.len() as u64;
        let room = if size <= limit {
            part.len()
        } else {
            HEAD.saturating_sub(kept.len())
        };
        kept.extend_from_slice(&part[..room.min(part.len())]);
    }
    if size <= limit {
        return Ok(Some(Fetched::Message(kept)));
    }
    kept.truncate(HEAD);
    kept.shrink_to_fit();
    let sha256 = hash.finish();
    Ok(Some(Fetched::TooLarge {
        size,
        head: kept,
        sha256,
    }))
}

/// `BODY.PEEK[]`, or a part of it from an offset on.
fn body_item(offset: Option<u32>) -> MessageDataItemName<'static> {
    let part = NonZeroU32::new(PART).unwrap_or(NonZeroU32::MIN);
    MessageDataItemName::BodyExt {
        section: None,
        partial: offset.map(|offset| (offset, part)),
        peek: true,
    }
}

/// UID FETCH: the items of each message that the server tells of. The answer has so many bytes of content
/// as far as is known, and may have so many more.
fn fetch(
    session: &mut Session,
    sequence_set: SequenceSet,
    items: Vec<MessageDataItemName<'static>>,
    (payload, leeway): (u64, u64),
) -> Result<Vec<Vec<MessageDataItem<'static>>>, ImapFault> {
    let body = CommandBody::Fetch {
        sequence_set,
        macro_or_item_names: MacroOrMessageDataItemNames::MessageDataItemNames(items),
        uid: true,
        modifiers: Vec::new(),
    };
    let answer = session.command_within(body, payload, leeway)?;
    let fetched = answer.data.into_iter().filter_map(|data| match data {
        Data::Fetch { items, .. } => Some(items.into_inner()),
        _ => None,
    });
    Ok(fetched.collect())
}

fn uid(items: &[MessageDataItem<'_>]) -> Option<u32> {
    items.iter().find_map(|item| match item {
        MessageDataItem::Uid(uid) => Some(uid.get()),
        _ => None,
    })
}

fn body(items: Vec<MessageDataItem<'static>>) -> Option<Vec<u8>> {
    items.into_iter().find_map(|item| match item {
        MessageDataItem::BodyExt {
            section: None,
            data,
            ..
        }
        // some servers call it by its older name (RFC 3501, 6.4.5)
        | MessageDataItem::Rfc822(data) => data.into_option().map(|body| body.into_owned()),
        _ => None,
    })
}
