//! How answers look: one JSON document, or tables and sentences; colour only on a terminal.

use super::args::Args;
use crate::clock::Moment;
use crate::domain::text::{one_stop, or_full};
use crate::reports::layout;
use anyhow::{Context as _, bail};
use chrono_tz::Tz;
use clap::CommandFactory;
use regex::{Captures, Regex};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Wrong usage that only the command itself can see: exit 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Where an answer goes.
pub struct Out {
    /// One JSON document instead of text.
    pub json: bool,
    /// Whether what is told is only a rehearsal.
    pub dry_run: bool,
    /// How commands to be copied begin where that is more than `poms`: a configuration was named.
    pub poms: Option<String>,
    quiet: bool,
    verbose: u8,
}

/// Whether a file's name means stdout, as it does for most programs.
pub fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

/// What a rehearsal ends with.
pub const REHEARSAL: &str = "This was a rehearsal: nothing was written.";

impl Out {
    /// As the command line asks.
    pub fn new(json: bool, quiet: bool, verbose: u8) -> Out {
        Out {
            json,
            dry_run: false,
            poms: None,
            quiet,
            verbose,
        }
    }

    /// How much more than the answer is wanted.
    pub fn verbose(&self) -> u8 {
        self.verbose
    }

    /// Sends the program's own log lines to stderr, if they are wanted.
    pub fn logs(&self) {
        let level = match self.verbose {
            0 => tracing::Level::ERROR,
            1 => tracing::Level::INFO,
            _ => tracing::Level::DEBUG,
        };
        let _ = tracing_subscriber::fmt()
            .with_max_level(level)
            .with_writer(std::io::stderr)
            .with_ansi(false)
            .without_time()
            .with_target(false)
            .try_init();
    }

    /// Prints one JSON document, or what `text` makes.
    pub fn answer(&self, document: impl FnOnce() -> Value, text: impl FnOnce() -> String) {
        match self.json {
            true => self.print(&format!("{:#}\n", document())),
            false => self.text(&text()),
        }
    }

    /// A text for people whose commands work as they stand: with the configuration that was named, also
    /// where the text was broken into lines inside a command. All text that this prints goes through it.
    pub fn whole<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(poms) = &self.poms else {
            return Cow::Borrowed(text);
        };
        let names = Args::command();
        let names: Vec<&str> = names
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let Ok(command) = Regex::new(&format!(r"(^|[^\w./-])poms(\s+)({})\b", names.join("|")))
        else {
            return Cow::Borrowed(text);
        };
        command.replace_all(text, |found: &Captures| {
            format!("{}{poms}{}{}", &found[1], &found[2], &found[3])
        })
    }

    /// Prints text for people, unless only errors are wanted.
    pub fn text(&self, text: &str) {
        if !self.quiet && !self.json && !text.is_empty() {
            let text = self.whole(text);
            let end = if text.ends_with('\n') { "" } else { "\n" };
            self.print(&format!("{text}{end}"));
        }
    }

    /// Prints an answer that was made already, whatever it is.
    pub fn bytes(&self, bytes: &[u8]) {
        self.write(bytes);
    }

    /// What came of an act.
    pub fn said(&self, said: &[String]) {
        self.done(said, || json!({}));
    }

    /// What came of an act, with more about it in JSON: an object.
    pub fn done(&self, said: &[String], more: impl FnOnce() -> Value) {
        let said: Vec<String> = said
            .iter()
            .map(|line| self.whole(&one_stop(line)).into_owned())
            .collect();
        self.answer(
            || {
                let mut document = json!({"said": said, "dry_run": self.dry_run});
                if let (Some(document), Value::Object(more)) = (document.as_object_mut(), more()) {
                    document.extend(more);
                }
                document
            },
            || {
                let rehearsal = self.dry_run.then_some(REHEARSAL);
                let lines = said.iter().map(String::as_str).chain(rehearsal);
                lines.collect::<Vec<_>>().join("\n")
            },
        );
    }

    /// Writes a file that must not exist; a rehearsal only looks whether it could.
    ///
    /// # Errors
    /// When it exists, or cannot be written.
    pub fn new_file(&self, file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
        let mut options = std::fs::OpenOptions::new();
        let opened = match self.dry_run {
            true if !file.exists() => {
                self.text(REHEARSAL);
                return Ok(());
            }
            _ => options.write(true).create_new(true).open(file),
        };
        match opened {
            Err(fault) if fault.kind() == ErrorKind::AlreadyExists => bail!(
                "{} exists and is not overwritten: name another file with -o, or - for stdout",
                file.display()
            ),
            Err(fault) => Err(fault).with_context(|| format!("cannot make {}", file.display())),
            Ok(mut opened) => opened
                .write_all(bytes)
                .with_context(|| format!("cannot write {}", file.display())),
        }
    }

    fn print(&self, text: &str) {
        self.write(text.as_bytes());
    }

    fn write(&self, bytes: &[u8]) {
        let mut stdout = std::io::stdout().lock();
        if let Err(fault) = stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            // `poms order list | head` is no error
            if fault.kind() != ErrorKind::BrokenPipe {
                self.error(&format!("cannot write the answer: {fault}"));
            }
            std::process::exit(i32::from(fault.kind() != ErrorKind::BrokenPipe));
        }
    }

    /// One line for the person who must act, on stderr.
    pub fn error(&self, text: &str) {
        for line in or_full(&self.whole(text)).lines() {
            let _ = writeln!(std::io::stderr(), "poms: {line}");
        }
    }
}

/// A table with a header, as wide as the screen.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.into_iter().collect();
    layout::table(header, &rows, screen())
}

/// Columns of the screen; those of `$COLUMNS`, else 140, where the answer goes to no screen.
pub fn screen() -> usize {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let screen = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    screen.or_else(asked).unwrap_or(140).clamp(60, 400)
}

/// A moment of the ledger in the site's zone, to the minute: `2025-06-02 06:05 EDT`.
pub fn local(moment: &Moment, zone: Tz) -> String {
    let there = moment.time().with_timezone(&zone);
    there.format("%Y-%m-%d %H:%M %Z").to_string()
}

/// `poms completions`.
#[derive(clap::Args, Debug)]
pub struct Completions {
    /// Which shell
    pub shell: clap_complete::Shell,
}

/// Prints the completions for a shell.
///
/// # Errors
/// None.
pub fn completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Args::command(), "poms", &mut script);
    Out::new(false, false, 0).text(&String::from_utf8_lossy(&script));
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_the_configuration_wherever_they_stand() {
        let mut out = Out::new(false, false, 0);
        let text = "poms order show 1, `poms\n    message show 2`, \u{201c}poms po show W1\u{201d}, [poms check]";
        assert_eq!(out.whole(text), text);
        out.poms = Some("poms --config x.toml".to_owned());
        assert_eq!(
            out.whole(text),
            "poms --config x.toml order show 1, `poms --config x.toml\n    message show 2`, \u{201c}poms --config \
             x.toml po show W1\u{201d}, [poms --config x.toml check]"
        );
        for text in [
            "poms --config x.toml order show 1",
            "poms knows no parcel",
            "/var/lib/poms order",
            "poms.toml",
        ] {
            assert_eq!(out.whole(text), text);
        }
    }
}
