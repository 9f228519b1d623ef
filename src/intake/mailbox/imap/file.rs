//! Filing: UID MOVE (RFC 6851), else UID COPY, `\Deleted` and UID EXPUNGE (RFC 4315), else EXPUNGE
//! where it takes nothing but what was copied.

use super::super::{FilingFolder, Handle};
use super::Imap;
use super::fault::{ImapFault, words};
use super::fetch::sizes;
use super::names::{mailbox, sets};
use super::session::{Session, protocol};
use io_imap::types::command::CommandBody;
use io_imap::types::core::Vec1;
use io_imap::types::flag::{Flag, FlagNameAttribute, StoreResponse, StoreType};
use io_imap::types::mailbox::{ListMailbox, Mailbox};
use io_imap::types::response::Data;
use io_imap::types::search::SearchKey;
use io_imap::types::sequence::SequenceSet;

const SEARCH: &str = "SEARCH";

/// Most bytes of an answer to SEARCH: more than a million UIDs.
const LONGEST_SEARCH: u64 = 16 << 20;

impl Imap {
    /// Moves a batch into a folder, which is made if it is missing.
    pub(super) fn file_all(
        &mut self,
        batch: &[Handle],
        folder: FilingFolder,
    ) -> Result<(), ImapFault> {
        let mut uids = self.uids(batch)?;
        uids.sort_unstable();
        uids.dedup();
        let name = match folder {
            FilingFolder::Processed => self.processed.clone(),
            FilingFolder::Quarantine => self.quarantine.clone(),
        };
        let mut missing = false;
        loop {
            if missing {
                self.targets.remove(&name);
            }
            self.may_move()?;
            let target = self.target(&name)?;
            let session = self.ready()?;
            let moved = sets(&uids)
                .into_iter()
                .try_for_each(|(set, _)| put(session, set, &uids, &target));
            match moved {
                // somebody removed the folder since it was seen: it is made anew, once
                Err(ImapFault::Refused { code, .. }) if code == "TRYCREATE" && !missing => {
                    missing = true
                }
                Err(fault @ ImapFault::Refused { .. }) => {
                    return refused(session, &uids, fault, &target);
                }
                other => return other,
            }
        }
    }

    /// Whether all is there that filing needs; the folders are made.
    pub(super) fn ready_to_file(&mut self) -> Result<(), ImapFault> {
        self.may_move()?;
        for name in [self.processed.clone(), self.quarantine.clone()] {
            self.target(&name)?;
        }
        Ok(())
    }

    /// Refuses before anything is copied that could not be taken away afterwards.
    fn may_move(&mut self) -> Result<(), ImapFault> {
        let folder = words(&self.server.config.folder);
        let session = self.ready()?;
        let why = match (&session.standing, session.offers("MOVE")) {
            (standing, _) if standing.read_only => "the server opens it for reading only",
            (standing, false) if standing.undeletable => {
                "the server lets this user delete nothing in it"
            }
            _ => return Ok(()),
        };
        Err(ImapFault::ReadOnly { folder, why })
    }

    /// The full name of a folder that is there.
    fn target(&mut self, name: &str) -> Result<String, ImapFault> {
        if let Some(known) = self.targets.get(name) {
            return Ok(known.clone());
        }
        let session = self.ready()?;
        let full = format!("{}{name}", prefix(session)?);
        if !exists(session, &full)? {
            make(session, &full)?;
        }
        self.targets.insert(name.to_owned(), full.clone());
        Ok(full)
    }
}

/// Says what a refusal to move means; messages that are there no more need no moving.
fn refused(
    session: &mut Session,
    uids: &[u32],
    fault: ImapFault,
    target: &str,
) -> Result<(), ImapFault> {
    if sizes(session, uids)?.is_empty() {
        return Ok(());
    }
    match fault {
        ImapFault::Refused { text, code, .. } if code == "OVERQUOTA" => Err(ImapFault::OverQuota {
            folder: words(target),
            text,
        }),
        fault => Err(fault),
    }
}

fn put(
    session: &mut Session,
    set: SequenceSet,
    uids: &[u32],
    target: &str,
) -> Result<(), ImapFault> {
    let to = mailbox(target)?;
    if session.offers("MOVE") {
        let payload = uids.len() as u64 * 64;
        return session
            .command(
                CommandBody::Move {
                    sequence_set: set,
                    mailbox: to,
                    uid: true,
                },
                payload,
            )
            .map(drop);
    }
    copy(session, set, uids, to)
}

fn copy(
    session: &mut Session,
    set: SequenceSet,
    uids: &[u32],
    to: Mailbox<'static>,
) -> Result<(), ImapFault> {
    let payload = uids.len() as u64 * 64;
    let sequence_set = set.clone();
    session.command(
        CommandBody::Copy {
            sequence_set,
            mailbox: to,
            uid: true,
        },
        payload,
    )?;
    let mark = CommandBody::Store {
        sequence_set: set.clone(),
        kind: StoreType::Add,
        response: StoreResponse::Silent,
        flags: vec![Flag::Deleted],
        uid: true,
        modifiers: Vec::new(),
    };
    session.command(mark, payload)?;
    if session.offers("UIDPLUS") {
        return session
            .command(CommandBody::ExpungeUid { sequence_set: set }, payload)
            .map(drop);
    }
    let deleted = search(session, SearchKey::Deleted)?;
    // EXPUNGE takes all of them: those that a person has marked stay, and ours with them, unseen
    match deleted.iter().all(|uid| uids.binary_search(uid).is_ok()) {
        true => session.command(CommandBody::Expunge, payload).map(drop),
        false => Ok(()),
    }
}

/// The UIDs of the messages that match, ascending.
pub(super) fn search(
    session: &mut Session,
    key: SearchKey<'static>,
) -> Result<Vec<u32>, ImapFault> {
    let body = CommandBody::Search {
        charset: None,
        criteria: Vec1::from(key),
        uid: true,
    };
    let answer = session.command(body, LONGEST_SEARCH)?;
    let found = answer.data.into_iter().filter_map(|data| match data {
        Data::Search(uids, _) => Some(uids),
        _ => None,
    });
    let mut found = found.peekable();
    if found.peek().is_none() {
        return Err(protocol(SEARCH, "it has no result"));
    }
    let mut uids: Vec<u32> = found.flatten().map(|uid| uid.get()).collect();
    uids.sort_unstable();
    uids.dedup();
    Ok(uids)
}

/// What the names of the user's own folders begin with, such as `INBOX.` (RFC 2342).
fn prefix(session: &mut Session) -> Result<String, ImapFault> {
    if !session.offers("NAMESPACE") {
        return Ok(String::new());
    }
    let answer = session.command(CommandBody::Namespace, 0)?;
    let own = answer.data.into_iter().find_map(|data| match data {
        Data::Namespace { personal, .. } => personal.into_iter().next(),
        _ => None,
    });
    let Some(own) = own else {
        return Ok(String::new());
    };
    let mut prefix = String::from_utf8_lossy(own.prefix.as_ref()).into_owned();
    if let Some(separator) = own.delimiter.map(|delimiter| delimiter.inner())
        && !prefix.is_empty()
        && !prefix.ends_with(separator)
    {
        prefix.push(separator);
    }
    Ok(prefix)
}

fn exists(session: &mut Session, name: &str) -> Result<bool, ImapFault> {
    let list = CommandBody::List {
        reference: mailbox("")?,
        mailbox_wildcard: ListMailbox::try_from(name.to_owned())
            .map_err(|_| ImapFault::Character("the folder's name"))?,
    };
    let answer = session.command(list, 0)?;
    let usable = |items: &[FlagNameAttribute<'_>]| {
        !items.iter().any(|item| {
            let word = item.to_string().to_ascii_lowercase();
            word == "\\noselect" || word == "\\nonexistent"
        })
    };
    Ok(answer
        .data
        .iter()
        .any(|data| matches!(data, Data::List { items, .. } if usable(items))))
}

fn make(session: &mut Session, name: &str) -> Result<(), ImapFault> {
    match session.command(
        CommandBody::Create {
            mailbox: mailbox(name)?,
        },
        0,
    ) {
        Ok(_) => {}
        // another client was faster
        Err(ImapFault::Refused { code, .. }) if code == "ALREADYEXISTS" => return Ok(()),
        Err(ImapFault::Refused { text, .. }) => {
            return Err(ImapFault::Folder {
                folder: words(name),
                action: "made",
                text,
                hint: "make it with a mail client, or set processed_folder and quarantine_folder",
            });
        }
        Err(fault) => return Err(fault),
    }
    match session.command(
        CommandBody::Subscribe {
            mailbox: mailbox(name)?,
        },
        0,
    ) {
        // mail clients may not show it then; mail can be filed into it all the same
        Ok(_) | Err(ImapFault::Refused { .. }) => Ok(()),
        Err(fault) => Err(fault),
    }
}
