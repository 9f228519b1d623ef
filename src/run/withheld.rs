//! Messages that a mailbox keeps and does not give: they keep no other back, are asked for three
//! times, and are then a person's; once a day poms tries again.

use super::Run;
use crate::domain::codes::{Code, Severity};
use crate::intake::mailbox::Handle;
use crate::intake::receive::KeptBack;
use crate::ledger::LedgerError;
use crate::ledger::exceptions::Subject;
use crate::ledger::withheld::{TRIES, Withheld, entity};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet};

/// The exception's code.
const CODE: Code = Code::MessageWithheld;

/// So many messages are named in the sentence.
const NAMED: usize = 10;

/// What is fetched, in two parts.
pub(super) struct WantedHandles {
    /// What never failed, in order of arrival.
    pub sound: Vec<Handle>,
    /// What failed before and is tried again: one by one, behind all others.
    pub suspect: Vec<Handle>,
}

impl Run<'_> {
    /// Sorts what a mailbox lists; what it kept back and lists no more is forgotten.
    pub(super) fn set_apart(
        &mut self,
        name: &str,
        handles: Vec<Handle>,
    ) -> anyhow::Result<WantedHandles> {
        let now = self.site.clock.now();
        let known = self.ledger.read().withheld(name)?;
        let listed: HashSet<&str> = handles.iter().map(|handle| &*handle.key).collect();
        let gone = known.iter().map(|row| &*row.source);
        let gone: Vec<&str> = gone.filter(|source| !listed.contains(source)).collect();
        if !gone.is_empty() {
            self.ledger.write(now, |tx| {
                gone.iter()
                    .try_for_each(|source| tx.no_longer_withheld(name, source, false))
            })?;
        }
        Ok(sort(handles, &known, now))
    }

    /// What was kept back, on stderr: the first three times, one line each.
    pub(super) fn say_kept_back(&mut self, name: &str, kept: &[KeptBack]) {
        let told = kept.iter().filter(|one| one.tries <= TRIES);
        let named = told.map(|one| format!("mailbox {name}: {}", one.sentence));
        self.report.add_failures(named);
    }

    /// Puts on the list what was asked for often enough, and takes it off again.
    pub(super) fn tell_withheld(&mut self, name: &str) -> anyhow::Result<()> {
        let about = entity(name);
        let view = self.ledger.read();
        let stuck: Vec<Withheld> = view
            .withheld(name)?
            .into_iter()
            .filter(|row| row.is_stuck() && !row.seen)
            .collect();
        let open = view.open_exceptions_of_entity(&about)?;
        if stuck.is_empty() && open.is_empty() {
            return Ok(());
        }
        let now = self.site.clock.now();
        let severity = self.site.config.rules.severity(CODE);
        let opened = self.ledger.write(now, |tx| {
            if stuck.is_empty() || severity == Severity::Off {
                for row in &open {
                    tx.resolve_exception(
                        row,
                        "cleared",
                        "the mailbox keeps nothing back any more",
                    )?;
                }
                return Ok(false);
            }
            let text = sentence(name, &stuck);
            tx.open_exception(CODE, severity, &about, Subject::default(), &text)?;
            Ok::<_, LedgerError>(open.is_empty())
        })?;
        if opened {
            self.report.exceptions.opened += 1;
        }
        Ok(())
    }
}

fn sort(handles: Vec<Handle>, known: &[Withheld], now: DateTime<Utc>) -> WantedHandles {
    let (mut sound, mut suspect) = (Vec::with_capacity(handles.len()), Vec::new());
    let known: HashMap<&str, &Withheld> = known.iter().map(|row| (&*row.source, row)).collect();
    for handle in handles {
        match known.get(&*handle.key) {
            None => sound.push(handle),
            Some(row) if row.is_due(now) => suspect.push(handle),
            Some(_) => {}
        }
    }
    WantedHandles { sound, suspect }
}

/// What a person reads of them.
pub fn sentence(mailbox: &str, stuck: &[Withheld]) -> String {
    let named: Vec<String> = stuck
        .iter()
        .take(NAMED)
        .map(|row| format!("{} (since {})", row.why, row.since))
        .collect();
    let more = match stuck.len().saturating_sub(NAMED) {
        0 => String::new(),
        count => format!("; and {count} more"),
    };
    format!(
        "mailbox {mailbox} keeps {} of its messages back: {}{more}",
        stuck.len(),
        named.join("; ")
    )
}
