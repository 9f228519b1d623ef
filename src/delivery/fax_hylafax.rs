//! Faxes through a HylaFAX server: `sendfax` hands the PDF over with our reference as the job's tag,
//! `faxstat` tells what became of it. HylaFAX takes the same job twice without a word, so a job that
//! may have been handed over is looked for by its tag before anything else.

mod answer;
mod program;

use super::channel::{Channel, DeliveryOutcome, OutgoingMessage, one_line};
use super::fax::{FaxAnswer, FaxService, FoundFax, Trouble};
use super::fax_sinch::number_of;
use crate::clock;
use crate::domain::fax_pattern as pattern;
use answer::{FaxstatLine, answer, listed, lost, submitted};
use chrono::TimeDelta;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The service's word in the ledger.
pub const SERVICE: &str = "hylafax";
/// What both programs read as `~/.hylarc`: the columns that we ask `faxstat` for (number, state, pages
/// sent, calls, tag, status), and that lists and documents go over a connection that we open. Else the
/// server calls back, which a firewall drops, and from one certain port, which may be taken: then
/// hfaxd waits for minutes without a word (RFC 959, section 3.2; sendfax(1), PassiveMode).
const CLIENT: &str = "JobFmt: \"poms|%j|%a|%p|%d|%J|%s\"\nPassiveMode: yes\n";

/// Which server, which programs.
#[derive(Clone, Debug)]
pub struct HylaFaxSettings {
    /// `sendfax`.
    pub sendfax: PathBuf,
    /// `faxstat`.
    pub faxstat: PathBuf,
    /// Host name or address.
    pub host: String,
    /// TCP port of hfaxd.
    pub port: u16,
    /// Owner of the jobs.
    pub user: String,
    /// Where HylaFAX's own notes about a job go; empty for nowhere.
    pub sender: String,
    /// The modem, if the server shall not choose.
    pub modem: Option<String>,
    /// Pattern of what is dialled: `9{national}`.
    pub number: String,
    /// Further arguments of `sendfax`, such as `-m` for fine resolution.
    pub options: Vec<String>,
    /// How long one program may run.
    pub timeout: Duration,
}

/// A folder of our own that is gone when this is dropped: the PDF that `sendfax` reads and the
/// columns that `faxstat` prints.
struct FaxFolder(PathBuf);

impl FaxFolder {
    fn make() -> std::io::Result<FaxFolder> {
        let name = format!("poms-fax-{}", clock::hex(&clock::random::<12>()));
        let folder = std::env::temp_dir().join(name);
        std::fs::DirBuilder::new().mode(0o700).create(&folder)?;
        Ok(FaxFolder(folder))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> std::io::Result<PathBuf> {
        let path = self.0.join(name);
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&path)?;
        file.write_all(bytes)?;
        Ok(path)
    }
}

impl Drop for FaxFolder {
    fn drop(&mut self) {
        // what cannot be removed is readable by its owner only
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One HylaFAX server.
pub struct HylaFax {
    settings: HylaFaxSettings,
    /// What the server listed when it was first asked about a job.
    jobs: Option<Vec<FaxstatLine>>,
    prepared: Option<(i64, String, FaxFolder, PathBuf)>,
}

impl HylaFax {
    /// Runs nothing yet.
    pub fn new(settings: HylaFaxSettings) -> HylaFax {
        HylaFax {
            settings,
            jobs: None,
            prepared: None,
        }
    }

    fn server(&self, modem: bool) -> String {
        let settings = &self.settings;
        let at = match &settings.modem {
            Some(name) if modem => format!("{name}@"),
            _ => String::new(),
        };
        format!("{at}{}:{}", settings.host, settings.port)
    }

    fn arguments(&self, message: &OutgoingMessage, number: &str, file: &Path) -> Vec<String> {
        let settings = &self.settings;
        let mut all: Vec<String> = ["-n", "-N", "-h"].map(str::to_owned).to_vec();
        all.extend([self.server(true), "-i".to_owned(), tag(&message.reference)]);
        all.extend(["-o".to_owned(), settings.user.clone()]);
        if !settings.sender.is_empty() {
            all.extend(["-f".to_owned(), settings.sender.clone()]);
        }
        all.extend(settings.options.iter().cloned());
        let dialled = pattern::fill(&settings.number, number);
        all.extend(["-d".to_owned(), dialled, file.display().to_string()]);
        all
    }

    /// Every job that the server knows, waiting and done.
    ///
    /// # Errors
    /// When it is not certain that the list is whole.
    fn list(&self) -> Result<Vec<FaxstatLine>, Trouble> {
        let trouble = |why: String| Trouble(format!("HylaFAX cannot be asked: {why}"));
        let folder = FaxFolder::make().map_err(|fault| trouble(fault.to_string()))?;
        folder
            .file(".hylarc", CLIENT.as_bytes())
            .map_err(|fault| trouble(fault.to_string()))?;
        let settings = &self.settings;
        // first what waits, then what is done: a job that ends in between is in the second
        let arguments = ["-h", &self.server(false), "-s", "-d"];
        let ended = program::run(
            &settings.faxstat,
            arguments,
            &settings.user,
            &folder.0,
            settings.timeout,
        )
        .map_err(trouble)?;
        // it ends with 0 also when it reached nobody
        let whole = ended.fine
            && ended.stderr.trim().is_empty()
            && ended.stdout.contains("HylaFAX scheduler on");
        if !whole {
            let said = match (ended.too_slow, ended.stderr.trim()) {
                (true, _) => "faxstat took too long",
                (_, "") => "faxstat failed without a word",
                (_, said) => said,
            };
            return Err(trouble(one_line(&format!(
                "{said}; see delivery.fax.host and port, and whether hfaxd runs"
            ))));
        }
        Ok(ended.stdout.lines().filter_map(listed).collect())
    }

    /// Whether the server answers and `sendfax` is there.
    ///
    /// # Errors
    /// What is wrong and what to do.
    pub fn check(&mut self) -> Result<(), Trouble> {
        let program = &self.settings.sendfax;
        let path = std::env::var_os("PATH").unwrap_or_default();
        let there = match program.components().count() {
            1 => std::env::split_paths(&path).any(|folder| folder.join(program).is_file()),
            _ => program.is_file(),
        };
        if !there {
            return Err(Trouble(format!(
                "there is no program {}: install hylafax-client, or set delivery.fax.sendfax",
                program.display()
            )));
        }
        self.list().map(|_| ())
    }
}

/// The reference as a job's tag: without its angle brackets.
fn tag(reference: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || "@.-_".contains(*c);
    reference.chars().filter(plain).take(80).collect()
}

impl Channel for HylaFax {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.prepared = None;
        if tag(&message.reference).is_empty() {
            return Err(DeliveryOutcome::refused("the fax has no reference"));
        }
        let number = number_of(message)?;
        let written = FaxFolder::make().and_then(|folder| {
            folder.file(".hylarc", CLIENT.as_bytes())?;
            Ok((folder.file("fax.pdf", &message.content)?, folder))
        });
        let (file, folder) = written.map_err(|fault| {
            DeliveryOutcome::unreachable(format!("the fax cannot be put into a file: {fault}"))
        })?;
        self.prepared = Some((message.id, number, folder, file));
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let Some((_, number, folder, file)) =
            self.prepared.take().filter(|(id, ..)| *id == message.id)
        else {
            return DeliveryOutcome::deferred("the fax was not prepared; nothing was sent");
        };
        let settings = &self.settings;
        let ended = program::run(
            &settings.sendfax,
            self.arguments(message, &number, &file),
            &settings.user,
            &folder.0,
            settings.timeout,
        );
        match ended {
            Err(fault) => DeliveryOutcome::unreachable(fault),
            Ok(ended) => submitted(&ended, number),
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
    }

    fn close(&mut self) {
        self.abandon();
    }
}

impl FaxService for HylaFax {
    fn name(&self) -> &'static str {
        SERVICE
    }

    fn status(&mut self, job: &str) -> Result<FaxAnswer, Trouble> {
        let jobs = match self.jobs.take() {
            Some(jobs) => jobs,
            None => self.list()?,
        };
        let found = jobs.iter().find(|listed| listed.job == job).cloned();
        self.jobs = Some(jobs);
        Ok(found.map_or_else(lost, answer))
    }

    fn remembers(&self) -> TimeDelta {
        TimeDelta::hours(12)
    }

    fn find(&mut self, reference: &str, number: &str) -> Result<Vec<FoundFax>, Trouble> {
        let tag = tag(reference);
        let mut found = self.list()?;
        found.retain(|listed| listed.tag == tag);
        found.sort_by_key(|listed| std::cmp::Reverse(listed.job.parse::<u64>().unwrap_or(0)));
        let found = found.into_iter().map(|listed| FoundFax {
            job: listed.job,
            number: number.to_owned(),
        });
        Ok(found.collect())
    }
}

/// Takes what a program printed for each thing that it can be, and drops what it says: for tests that
/// give it anything.
pub fn of_output(printed: &str) {
    let ended = |fine| program::ProgramEnded {
        fine,
        too_slow: false,
        stdout: printed.to_owned(),
        stderr: printed.to_owned(),
    };
    for fine in [true, false] {
        drop(submitted(&ended(fine), "+12075550142".to_owned()));
    }
    for line in printed.lines() {
        drop(listed(line).map(answer));
    }
}
