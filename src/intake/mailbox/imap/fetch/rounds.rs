//! Rounds: many messages in one round trip, and one by one where the server breaks off, falls silent
//! or refuses, so that one bad message keeps no other back.

use super::super::super::{Handle, bounded};
use super::super::fault::ImapFault;
use super::super::{Imap, connect};
use super::{Results, WantedMessage, bodies, in_parts, missing, nothing, take};

/// Most bytes of content of one round trip, as announced, and most messages.
const ROUND: u64 = 32 << 20;
const ROUND_COUNT: usize = 500;

/// What a round trip may bring beyond what was announced, in bytes: sizes are told roughly by some
/// servers. What brings more is fetched message by message, in parts.
const LEEWAY: u64 = 4 << 20;

/// So many messages in a row at which the connection breaks are the server's fault, not theirs.
const BREAKS: usize = 3;

/// At how many messages the connection broke in this batch.
#[derive(Default)]
struct Breaks {
    found: usize,
    in_a_row: usize,
}

/// A way to fetch one message.
type One = fn(&mut Imap, WantedMessage, u64, &mut Results) -> Result<(), ImapFault>;

impl Imap {
    /// Fetches a batch, in order of UID. What came before a fault is in `results`, whatever follows.
    pub(in super::super) fn fetch_all(
        &mut self,
        batch: &[Handle],
        limit: u64,
        results: &mut Results,
    ) -> Result<(), ImapFault> {
        let uids = self.uids(batch)?;
        let wanted = uids.into_iter().zip(batch).enumerate();
        let mut wanted: Vec<WantedMessage> = wanted
            .map(|(index, (uid, handle))| WantedMessage {
                index,
                uid,
                size: handle.size,
            })
            .collect();
        wanted.sort_by_key(|message| message.uid);
        let (small, large): (Vec<WantedMessage>, Vec<WantedMessage>) = wanted
            .into_iter()
            .partition(|message| message.size <= limit);
        let mut breaks = Breaks::default();
        for round in bounded(&small, ROUND_COUNT, ROUND, |message| message.size) {
            self.round(round, limit, results, &mut breaks)?;
        }
        for message in large {
            self.alone(message, limit, results, &mut breaks, Imap::one_in_parts)?;
        }
        Ok(())
    }

    /// Fetches messages in one round trip; where the server refuses, in halves, and where it breaks
    /// the connection or falls silent, one by one up to the message at which it does so again: one
    /// bad message keeps no other back.
    fn round(
        &mut self,
        round: &[WantedMessage],
        limit: u64,
        results: &mut Results,
        breaks: &mut Breaks,
    ) -> Result<(), ImapFault> {
        if let [message] = round {
            return self.alone(*message, limit, results, breaks, Imap::one_whole);
        }
        let announced: u64 = round.iter().map(|message| message.size).sum();
        let session = self.ready()?;
        match bodies(session, round, announced, LEEWAY) {
            Ok(bodies) if !bodies.confused => take(session, round, bodies.found, limit, results),
            // one of them may be under another's UID: none is believed
            Ok(_) => round.iter().try_for_each(|message| {
                self.single(*message, limit, results, breaks, Imap::one_whole)
            }),
            Err(ImapFault::Refused { .. }) => {
                let (first, second) = round.split_at(round.len() / 2);
                self.round(first, limit, results, breaks)?;
                self.round(second, limit, results, breaks)
            }
            Err(fault @ ImapFault::TooMuch { .. }) => {
                // the session is in the middle of what it sends
                self.reconnect(fault)?;
                round.iter().try_for_each(|message| {
                    self.single(*message, limit, results, breaks, Imap::one_in_parts)
                })
            }
            Err(fault) if fault.breaks() => {
                self.reconnect(fault)?;
                for (place, message) in round.iter().enumerate() {
                    let before = breaks.found;
                    self.single(*message, limit, results, breaks, Imap::one_whole)?;
                    let rest = &round[place + 1..];
                    if breaks.found > before && !rest.is_empty() {
                        return self.round(rest, limit, results, breaks);
                    }
                }
                Ok(())
            }
            Err(fault) => Err(fault),
        }
    }

    /// The same for a message that is asked for alone from the start: a connection that breaks once
    /// is nobody's fault.
    fn alone(
        &mut self,
        message: WantedMessage,
        limit: u64,
        results: &mut Results,
        breaks: &mut Breaks,
        how: One,
    ) -> Result<(), ImapFault> {
        match how(self, message, limit, results) {
            Err(fault) if fault.breaks() => {
                self.reconnect(fault)?;
                self.single(message, limit, results, breaks, how)
            }
            other => other,
        }
    }

    /// Fetches one message; where the connection breaks at it, that is the message's own fault,
    /// unless it happens at one after the other.
    fn single(
        &mut self,
        message: WantedMessage,
        limit: u64,
        results: &mut Results,
        breaks: &mut Breaks,
        how: One,
    ) -> Result<(), ImapFault> {
        if let Some(session) = &mut self.session {
            session.brief = true;
        }
        let done = how(self, message, limit, results);
        if let Some(session) = &mut self.session {
            session.brief = false;
        }
        match done {
            Err(fault) if fault.breaks() => {
                breaks.found += 1;
                breaks.in_a_row += 1;
                let last = breaks.in_a_row >= BREAKS;
                results.push((message.index, Err(fault.at(message.uid))));
                match last {
                    true => Err(fault),
                    false => self.reconnect(fault),
                }
            }
            other => {
                breaks.in_a_row = 0;
                other
            }
        }
    }

    /// A new connection after one that broke, or that is in the middle of what it sends.
    ///
    /// # Errors
    /// Why the one before broke, when there is no new one.
    fn reconnect(&mut self, why: ImapFault) -> Result<(), ImapFault> {
        self.session = None;
        match connect(&self.server, self.validity) {
            Ok(session) => {
                self.session = Some(session);
                Ok(())
            }
            Err(fault @ ImapFault::Rebuilt(_)) => Err(fault),
            Err(_) => Err(why),
        }
    }

    fn one_whole(
        &mut self,
        message: WantedMessage,
        limit: u64,
        results: &mut Results,
    ) -> Result<(), ImapFault> {
        let session = self.ready()?;
        match bodies(session, &[message], message.size, LEEWAY) {
            Ok(bodies) => take(session, &[message], bodies.found, limit, results),
            Err(fault @ ImapFault::Refused { .. }) => missing(session, message, &fault, results),
            Err(fault @ ImapFault::TooMuch { .. }) => {
                self.reconnect(fault)?;
                self.one_in_parts(message, limit, results)
            }
            Err(fault) => Err(fault),
        }
    }

    fn one_in_parts(
        &mut self,
        message: WantedMessage,
        limit: u64,
        results: &mut Results,
    ) -> Result<(), ImapFault> {
        let session = self.ready()?;
        match in_parts(session, message.uid, limit) {
            Ok(Some(fetched)) => results.push((message.index, Ok(fetched))),
            Ok(None) => missing(session, message, &nothing(message.uid), results)?,
            Err(fault @ ImapFault::Refused { .. }) => missing(session, message, &fault, results)?,
            Err(fault) => return Err(fault),
        }
        Ok(())
    }
}
