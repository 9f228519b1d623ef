//! A folder on an IMAP server (RFC 3501): listed, fetched with `BODY.PEEK[]`, filed by `UID MOVE`.
//!
//! A message's key is `UIDVALIDITY:UID`. It holds for one run: what makes a message the same one is
//! its content, which the ledger knows by hash. So a folder that was rebuilt, a connection that
//! broke or a move that failed costs another look, and neither doubles nor loses anything. Nothing
//! but moving changes a message on the server: no flag is set on one that stays.

mod connect;
mod fault;
mod fetch;
mod file;
mod login;
mod names;
mod session;

pub use fault::ImapFault;

use super::{Checked, FetchResults, FilingFolder, Handle, Mailbox, MailboxError};
use crate::config::ImapConfig;
use connect::Server;
use fault::words;
use io_imap::types::command::CommandBody;
use io_imap::types::flag::{Flag, FlagPerm};
use io_imap::types::response::{Code, Data};
use io_imap::types::search::SearchKey;
use names::UidPlace;
use session::{FolderStanding, Session, protocol};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// After so long a silence the server is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(1);

/// A folder on an IMAP server. The connection is made when first needed; one that broke is made
/// anew once between two batches, and again only after a batch went well.
pub struct Imap {
    name: String,
    server: Server,
    processed: String,
    quarantine: String,
    session: Option<Session>,
    /// The UIDVALIDITY of what was listed: a connection that was made anew must find the same.
    validity: Option<u32>,
    /// Whether a connection that broke may be made anew.
    spare: bool,
    /// Why there is no connection any more.
    last: Option<ImapFault>,
    /// The folders into which mail goes and that are known to be there, with their full names.
    targets: HashMap<String, String>,
}

impl Imap {
    /// A mailbox that is not yet connected. `processed` and `quarantine` are the names of folders
    /// in the user's own namespace; they are made when first needed.
    ///
    /// # Errors
    /// When the CA file cannot be used.
    pub fn new(
        name: &str,
        config: &ImapConfig,
        processed: &str,
        quarantine: &str,
    ) -> Result<Imap, MailboxError> {
        let server = format!("{}:{}", config.host, config.port);
        let opened = Server::new(config.clone());
        Ok(Imap {
            name: name.to_owned(),
            server: opened.map_err(|fault| MailboxError::Imap { server, fault })?,
            processed: processed.to_owned(),
            quarantine: quarantine.to_owned(),
            session: None,
            validity: None,
            spare: true,
            last: None,
            targets: HashMap::new(),
        })
    }

    /// The session, connected anew if it broke and that is still allowed.
    fn ready(&mut self) -> Result<&mut Session, ImapFault> {
        let alive = self.session.as_mut().is_some_and(|session| {
            session.heard.elapsed() < SILENCE || session.command(CommandBody::Noop, 0).is_ok()
        });
        if !alive {
            self.session = None;
            if let Some(last) = self.last.clone()
                && !std::mem::take(&mut self.spare)
            {
                return Err(last);
            }
        }
        match &mut self.session {
            Some(session) => Ok(session),
            none => Ok(none.insert(connect(&self.server, self.validity)?)),
        }
    }

    /// Notes how a batch went. After a fault that leaves the session in doubt it is given up.
    fn settle<T>(&mut self, result: Result<T, ImapFault>) -> Result<T, MailboxError> {
        match result {
            Ok(value) => {
                self.spare = true;
                Ok(value)
            }
            Err(fault) => {
                let fault = match fault {
                    ImapFault::Rebuilt(_) => ImapFault::Rebuilt(words(&self.server.config.folder)),
                    fault => fault,
                };
                if fault.is_fatal() {
                    self.session = None;
                    self.last = Some(fault.clone());
                }
                Err(self.error(fault))
            }
        }
    }

    fn error(&self, fault: ImapFault) -> MailboxError {
        let server = self.server.address();
        MailboxError::Imap { server, fault }
    }

    fn list_all(&mut self) -> Result<Vec<Handle>, ImapFault> {
        let folder = self.server.config.folder.clone();
        self.validity = None;
        let session = self.ready()?;
        // also on a session that is open: the folder may be another by now
        select(session, &folder)?;
        let validity = session.validity.unwrap_or_default();
        let uids = match session.standing.empty {
            // some servers have no answer at all to a search in an empty folder
            true => Vec::new(),
            false => file::search(session, SearchKey::Undeleted)?,
        };
        let sizes = fetch::sizes(session, &uids)?;
        let handles = uids.into_iter().map(|uid| Handle {
            key: UidPlace { validity, uid }.key(),
            // fetching says what is the matter with one whose size the server does not tell
            size: sizes.get(&uid).copied().unwrap_or(0),
        });
        self.validity = Some(validity);
        Ok(handles.collect())
    }

    /// The UIDs of a batch, in its order, as long as the folder is still the one that was listed.
    fn uids(&mut self, batch: &[Handle]) -> Result<Vec<u32>, ImapFault> {
        let validity = self.ready()?.validity;
        let place = |handle: &Handle| {
            let place = UidPlace::read(&handle.key)?;
            match Some(place.validity) == validity {
                true => Ok(place.uid),
                false => Err(ImapFault::Rebuilt(String::new())),
            }
        };
        self.validity = validity;
        batch.iter().map(place).collect()
    }
}

impl Mailbox for Imap {
    fn name(&self) -> &str {
        &self.name
    }

    fn list(&mut self) -> Result<Vec<Handle>, MailboxError> {
        self.spare = true;
        let listed = self.list_all();
        self.settle(listed)
    }

    fn check(&mut self) -> Result<Checked, MailboxError> {
        let waiting = self.list()?.len();
        let ready = self.ready_to_file();
        self.settle(ready)?;
        let session = self.session.as_ref();
        Ok(Checked {
            waiting,
            certificate_ends: session.and_then(Session::certificate_ends),
        })
    }

    fn fetch(&mut self, batch: &[Handle], limit: u64) -> Result<FetchResults, MailboxError> {
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let mut results = fetch::Results::with_capacity(batch.len());
        let fetched = self.fetch_all(batch, limit, &mut results);
        let had = results.iter().any(|(_, result)| result.is_ok());
        match self.settle(fetched) {
            Err(fault) if !had => return Err(fault),
            // what came whole is taken; of the rest it is said once
            Err(MailboxError::Imap { fault, .. }) => {
                let known: HashSet<usize> = results.iter().map(|(index, _)| *index).collect();
                let rest = (0..batch.len()).filter(|index| !known.contains(index));
                results.extend(rest.map(|index| (index, Err(fault.clone()))));
            }
            _ => {}
        }
        let results = results.into_iter();
        let results =
            results.map(|(index, result)| (index, result.map_err(|fault| self.error(fault))));
        Ok(results.collect())
    }

    fn file(&mut self, batch: &[Handle], folder: FilingFolder) -> Vec<Result<(), MailboxError>> {
        if batch.is_empty() {
            return Vec::new();
        }
        let filed = self.file_all(batch, folder);
        let filed = self.settle(filed);
        batch.iter().map(|_| filed.clone()).collect()
    }
}

/// A session that has the folder open: the one that was known, if any was.
fn connect(server: &Server, known: Option<u32>) -> Result<Session, ImapFault> {
    let mut session = server.open()?;
    select(&mut session, &server.config.folder)?;
    match known.is_none() || session.validity == known {
        true => Ok(session),
        false => Err(ImapFault::Rebuilt(String::new())),
    }
}

/// Opens the folder for reading and moving (RFC 3501, 6.3.1).
fn select(session: &mut Session, folder: &str) -> Result<(), ImapFault> {
    const SELECT: &str = "SELECT";
    session.validity = None;
    let body = CommandBody::Select {
        mailbox: names::mailbox(folder)?,
        parameters: Vec::new(),
    };
    let answer = session.command(body, 0).map_err(|fault| match fault {
        ImapFault::Refused { text, .. } => ImapFault::Folder {
            folder: words(folder),
            action: "opened",
            text,
            hint: "correct folder, or make it with a mail client",
        },
        fault => fault,
    })?;
    session.standing = FolderStanding::default();
    for data in &answer.data {
        if let Data::Exists(count) = data {
            session.standing.empty = *count == 0;
        }
    }
    let codes = answer.notes.iter().filter_map(|note| note.code.as_ref());
    let mut validity = None;
    for code in codes.chain(answer.code.as_ref()) {
        match code {
            Code::UidValidity(found) => validity = Some(found.get()),
            Code::ReadOnly => session.standing.read_only = true,
            Code::PermanentFlags(flags) => {
                let deleted = FlagPerm::Flag(Flag::Deleted);
                session.standing.undeletable = !flags.contains(&deleted);
            }
            _ => {}
        }
    }
    session.validity = validity;
    match validity {
        Some(_) => Ok(()),
        None => Err(protocol(
            SELECT,
            "it names no UIDVALIDITY, without which messages cannot be told apart",
        )),
    }
}
