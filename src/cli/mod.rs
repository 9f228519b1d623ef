//! One file per command group: arguments in, tables and JSON out, nothing decided here.

mod advices;
pub mod args;
mod audit;
mod blanks;
mod books;
mod check;
mod demo;
mod exceptions;
mod fax;
mod format;
mod import;
mod init;
mod invoice;
mod message;
mod notices;
mod order;
mod outbox;
pub mod output;
mod po;
mod process;
mod recover;
mod report;
mod returns;
mod shipment;
mod source;
mod status;
mod stock;
mod story;

use crate::actor;
use crate::app::{App, Unusable};
use crate::clock::Clock;
use crate::config::{self, Config, ConfigError};
use crate::invoicing::match_context::MatchContext;
use crate::ledger::{Ledger, Mode, anchor};
use crate::reports::layout::{View, quoted};
use crate::run::lock::LockError;
use crate::run::time;
use args::{Args, Command};
use clap::Parser;
use output::{Out, Usage};
use std::io::Write;
use std::process::ExitCode;

/// Exit codes of the contract.
mod exit {
    pub const DONE: u8 = 0;
    pub const FAILED: u8 = 1;
    pub const USAGE: u8 = 2;
    pub const LOCKED: u8 = 75;
}

/// What every command works with. Each opens only what it needs.
pub struct Context {
    /// The command line's general part.
    pub args: Args,
    /// Where the answer goes.
    pub out: Out,
}

impl Context {
    /// The configuration, read and checked whole.
    ///
    /// # Errors
    /// Exit 2: every fault with file and line.
    pub fn config(&self) -> anyhow::Result<Config> {
        Ok(Config::load(self.args.config.as_deref())?)
    }

    /// Where "now" comes from.
    ///
    /// # Errors
    /// Exit 2: when `POMS_NOW` is no time.
    pub fn clock(&self) -> anyhow::Result<Clock> {
        Clock::from_env().map_err(|said| Usage(said).into())
    }

    /// The ledger for looking: nothing else is opened, no key, no template.
    ///
    /// # Errors
    /// When there is none, or it is of another version.
    pub fn read_ledger(&self) -> anyhow::Result<Ledger> {
        Ok(self.look()?.1)
    }

    /// Configuration and ledger for looking: nothing else is opened.
    ///
    /// # Errors
    /// When there is none, or it is of another version.
    pub fn look(&self) -> anyhow::Result<(Config, Ledger)> {
        let config = self.config()?;
        anchor::refuse_if_lost(&config.site.ledger, &config.site.anchor)?;
        let ledger = Ledger::open(&config.site.ledger, Mode::Read, &actor::name())?;
        self.doubt(&config, &ledger);
        Ok((config, ledger))
    }

    /// Says what acts are refused for: whoever looks at an older copy must not take it for the newest.
    /// A look goes on, and its exit code stays.
    fn doubt(&self, config: &Config, ledger: &Ledger) {
        // it says so itself, in its own place
        if matches!(self.args.command, Command::Status | Command::Check) {
            return;
        }
        if let Err(fault) = ledger.check_anchor(&config.site.anchor) {
            self.out.error(&format!(
                "what is shown may not be the newest state, and nothing can be changed: {fault}"
            ));
        }
    }

    /// The ledger for acts, whatever its anchor says. With --dry-run all that is written to it is
    /// forgotten in the end: every command that acts gets its ledger here, so that each can be
    /// rehearsed.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn open_ledger(&self, config: &Config) -> anyhow::Result<Ledger> {
        let mode = match self.args.dry_run {
            true => Mode::Rehearse,
            false => Mode::Write,
        };
        let ledger = Ledger::open(&config.site.ledger, mode, &actor::name())?;
        Ok(ledger.under(&self.clock()?)?)
    }

    /// Configuration and ledger for saying what is wrong with it, whatever its schema.
    ///
    /// # Errors
    /// When there is none, or it is no ledger at all.
    pub fn examine(&self) -> anyhow::Result<(Config, Ledger)> {
        let config = self.config()?;
        anchor::refuse_if_lost(&config.site.ledger, &config.site.anchor)?;
        let ledger = Ledger::open(&config.site.ledger, Mode::Examine, &actor::name())?;
        Ok((config, ledger))
    }

    /// The ledger for acts that need no keys and no templates.
    ///
    /// # Errors
    /// When it cannot be used, is older than its last anchor, or the clock cannot be right.
    pub fn write_ledger(&self, config: &Config) -> anyhow::Result<Ledger> {
        anchor::refuse_if_lost(&config.site.ledger, &config.site.anchor)?;
        let ledger = self.open_ledger(config)?;
        ledger.check_anchor(&config.site.anchor)?;
        time::check(&ledger, self.clock()?.now(), config.limits.longest_pause)?;
        Ok(ledger)
    }

    /// The site in working order and its ledger, for acting.
    ///
    /// # Errors
    /// When a key, a template or the ledger cannot be used.
    pub fn site(&self) -> anyhow::Result<(App, Ledger)> {
        let config = self.config()?;
        let site = App::open(config, self.clock()?, actor::name())?;
        let ledger = self.write_ledger(&site.config)?;
        Ok((site, ledger))
    }

    /// How the books are kept, for what needs no keys and no templates.
    pub fn match_context<'a>(&self, config: &'a Config) -> MatchContext<'a> {
        MatchContext {
            config: &config.invoicing.settings,
            rules: &config.rules,
            zone: config.site.timezone,
        }
    }

    /// What a report's text is made for: this screen, the site's zone, the present moment.
    ///
    /// # Errors
    /// Exit 2: every fault with file and line.
    pub fn view(&self, config: &Config) -> anyhow::Result<View> {
        Ok(View {
            width: output::screen(),
            zone: config.site.timezone,
            now: self.clock()?.now(),
            poms: self.poms(),
        })
    }

    /// How commands to be copied begin: `poms`, with `--config` if it was named on this one.
    pub fn poms(&self) -> String {
        match &self.args.config {
            Some(file) => format!("poms --config {}", quoted(&file.to_string_lossy())),
            None => "poms".to_owned(),
        }
    }

    /// Does one act in one transaction, anchors it, and prints what came of it.
    ///
    /// # Errors
    /// The act's own; then nothing was changed.
    pub fn act(
        &self,
        act: impl FnOnce(
            &crate::ledger::Tx,
            &App,
        ) -> Result<crate::desk::Said, crate::ledger::LedgerError>,
    ) -> anyhow::Result<u8> {
        let (site, mut ledger) = self.site()?;
        let now = site.clock.now();
        let said = ledger.write(now, |tx| act(tx, &site))?;
        ledger.anchor(&site.config.site.anchor, now)?;
        self.out.said(&said);
        Ok(exit::DONE)
    }
}

/// What a panic prints: where, never what, for the message may hold an order in the clear.
fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(|at| format!("{}:{}", at.file(), at.line()))
            .unwrap_or_default();
        let _ = writeln!(
            std::io::stderr(),
            "poms: a fault inside poms at {place}; please report this line"
        );
    }));
}

/// Runs the command line; the process's exit code is the contract's.
pub fn main() -> ExitCode {
    quiet_panics();
    let args = Args::parse();
    let mut out = Out::new(args.json, args.quiet, args.verbose);
    out.dry_run = args.dry_run;
    out.logs();
    if let Err(fault) = config::harden() {
        out.error(&format!(
            "the process cannot be protected ({fault}); it goes on"
        ));
    }
    let mut context = Context { args, out };
    context.out.poms = context.args.config.is_some().then(|| context.poms());
    let code = match dispatch(&context) {
        Ok(code) => ExitCode::from(code),
        Err(fault) => {
            context.out.error(&format!("{fault:#}"));
            ExitCode::from(code_of(&fault))
        }
    };
    #[cfg(debug_assertions)]
    crate::ledger::work::tell();
    code
}

fn code_of(fault: &anyhow::Error) -> u8 {
    if fault.downcast_ref::<ConfigError>().is_some()
        || fault.downcast_ref::<output::Usage>().is_some()
        || fault.downcast_ref::<Unusable>().is_some()
    {
        return exit::USAGE;
    }
    match fault.downcast_ref::<LockError>() {
        Some(LockError::Held { .. }) => exit::LOCKED,
        _ => exit::FAILED,
    }
}

/// Whether a command only makes files, so that there is nothing of it to rehearse. No `_`: whoever
/// adds a command decides.
fn only_makes_files(command: &Command) -> Option<&'static str> {
    match command {
        Command::Demo(_) => Some("`poms demo` only fills a folder of its own"),
        Command::Init(_) => Some("`poms init` only makes files that are not there"),
        Command::Backup(_) => Some("`poms backup` only writes a file that is not there"),
        Command::Check
        | Command::Process
        | Command::Stop(_)
        | Command::Recover(_)
        | Command::Catalogue(_)
        | Command::Vendors(_)
        | Command::Stock(_)
        | Command::ImportAdvices(_)
        | Command::ImportInvoices(_)
        | Command::Invoice(_)
        | Command::Report(_)
        | Command::Export(_)
        | Command::Exceptions(_)
        | Command::Order(_)
        | Command::Format(_)
        | Command::Source(_)
        | Command::Po(_)
        | Command::Return(_)
        | Command::Shipment(_)
        | Command::Notices(_)
        | Command::Outbox(_)
        | Command::Fax(_)
        | Command::Message(_)
        | Command::Audit(_)
        | Command::Verify(_)
        | Command::Status
        | Command::Completions(_) => None,
    }
}

fn dispatch(context: &Context) -> anyhow::Result<u8> {
    if let Some(why) = only_makes_files(&context.args.command).filter(|_| context.args.dry_run) {
        let fault = format!("{why}, and cannot be rehearsed: leave --dry-run away");
        return Err(output::Usage(fault).into());
    }
    let words = std::env::args_os().skip(1);
    let words = words.map(|word| word.to_string_lossy().into_owned());
    blanks::refuse(&context.args.command, words)?;
    match &context.args.command {
        Command::Demo(args) => demo::run(context, args),
        Command::Init(args) => init::run(context, args),
        Command::Check => check::run(context),
        Command::Process => process::run(context),
        Command::Stop(command) => process::stop(context, command),
        Command::Recover(args) => recover::recover(context, args),
        Command::Catalogue(command) => import::catalogue(context, command),
        Command::Vendors(command) => import::vendors(context, command),
        Command::Stock(command) => stock::run(context, command),
        Command::ImportAdvices(args) => advices::run(context, args),
        Command::ImportInvoices(args) => books::import(context, args),
        Command::Invoice(command) => invoice::run(context, command),
        Command::Report(command) => report::run(context, command),
        Command::Export(command) => books::export(context, command),
        Command::Exceptions(command) => exceptions::run(context, command),
        Command::Order(command) => order::run(context, command),
        Command::Format(command) => format::run(context, command),
        Command::Source(command) => source::run(context, command),
        Command::Po(command) => po::run(context, command),
        Command::Return(command) => returns::run(context, command),
        Command::Shipment(command) => shipment::run(context, command),
        Command::Notices(command) => notices::run(context, command),
        Command::Outbox(command) => outbox::run(context, command),
        Command::Fax(command) => fax::run(context, command),
        Command::Message(command) => message::run(context, command),
        Command::Audit(command) => audit::run(context, command),
        Command::Verify(args) => audit::verify(context, args),
        Command::Status => status::run(context),
        Command::Backup(args) => status::backup(context, args),
        Command::Completions(args) => output::completions(args.shell),
    }
}
