//! How answers look: one JSON document, or tables and sentences; colour only on a terminal.

use super::args::Args;
use crate::clock;
use crate::domain::foreign::cut;
use chrono_tz::Tz;
use clap::CommandFactory;
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};
use std::io::{ErrorKind, IsTerminal, Write};

/// Wrong usage that only the command itself can see: exit 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Usage(pub String);

/// Where an answer goes.
pub struct Out {
    /// One JSON document instead of text.
    pub json: bool,
    quiet: bool,
    verbose: u8,
}

impl Out {
    /// As the command line asks.
    pub fn new(json: bool, quiet: bool, verbose: u8) -> Out {
        Out {
            json,
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
            .with_ansi(std::io::stderr().is_terminal())
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

    /// Prints text for people, unless only errors are wanted.
    pub fn text(&self, text: &str) {
        if !self.quiet && !self.json && !text.is_empty() {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            self.print(&format!("{text}{end}"));
        }
    }

    /// What came of an act.
    pub fn said(&self, said: &[String]) {
        self.answer(|| json!({"said": said}), || said.join("\n"));
    }

    fn print(&self, text: &str) {
        let mut stdout = std::io::stdout().lock();
        if let Err(fault) = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            // `poms order list | head` is no error
            if fault.kind() != ErrorKind::BrokenPipe {
                self.error(&format!("cannot write the answer: {fault}"));
            }
            std::process::exit(i32::from(fault.kind() != ErrorKind::BrokenPipe));
        }
    }

    /// One line for the person who must act, on stderr.
    pub fn error(&self, text: &str) {
        for line in text.lines() {
            let _ = writeln!(std::io::stderr(), "poms: {line}");
        }
    }
}

/// A table with a header, as wide as the terminal, plain where there is none.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut table = Table::new();
    let width = terminal_size::terminal_size().map_or(140, |(width, _)| width.0);
    table
        .load_style(presets::UTF8_HORIZONTAL_ONLY)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width);
    table.set_header(header.iter().map(|word| word.to_string()));
    for row in rows {
        table.add_row(row.iter().map(|cell| {
            cell.lines()
                .map(|line| cut(line, 400))
                .collect::<Vec<_>>()
                .join("\n")
        }));
    }
    table.trim_fmt()
}

/// Columns of the screen; those of `$COLUMNS`, else 140, where the answer goes to no screen.
pub fn screen() -> usize {
    let asked = || std::env::var("COLUMNS").ok()?.parse().ok();
    let screen = terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    screen.or_else(asked).unwrap_or(140).clamp(60, 400)
}

/// A moment of the ledger in the site's zone, to the minute.
pub fn local(moment: &str, zone: Tz) -> String {
    clock::parse(moment).map_or_else(
        || moment.to_owned(),
        |m| m.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
    )
}

/// How long ago, in the largest unit that fits: `5 min`, `3 h`, `2 d`.
pub fn age(moment: &str, now: chrono::DateTime<chrono::Utc>) -> String {
    let Some(then) = clock::parse(moment) else {
        return "-".to_owned();
    };
    let minutes = (now - then).num_minutes().max(0);
    match minutes {
        0..60 => format!("{minutes} min"),
        60..2880 => format!("{} h", minutes / 60),
        _ => format!("{} d", minutes / 1440),
    }
}

/// Prints the completions for a shell.
///
/// # Errors
/// None.
pub fn completions(shell: clap_complete::Shell) -> anyhow::Result<u8> {
    clap_complete::generate(shell, &mut Args::command(), "poms", &mut std::io::stdout());
    Ok(0)
}
