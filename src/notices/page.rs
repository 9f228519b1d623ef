//! What a template may cost: so many steps, and so many bytes of mail. A template of a site that never
//! comes to an end would keep every run from coming to one.

use minijinja::value::Value;
use minijinja::{Environment, Output, State, escape_formatter};
use std::cell::Cell;
use std::io::{Error, ErrorKind, Result, Write};

/// Steps of the template engine for one rendering: those of a purchase order of some 50,000 lines.
pub(super) const MOST_STEPS: u64 = 2_000_000;

/// The longest text that a template may make, in bytes: no mail server takes as much.
const LONGEST: usize = 32 << 20;

/// How much one rendering may print, in bytes: what variables and macros gather is printed into them, and
/// again where it is used.
const MOST_PRINTED: usize = 2 * LONGEST;

/// Of what stands in a template between its values, how much a block that gathers may gather, in bytes.
const MOST_GATHERED: u64 = 256 << 20;

/// Tags that gather what is printed behind them.
const GATHERING: [&str; 4] = ["set ", "macro ", "call", "filter "];

thread_local! {
    /// What the rendering on this thread has printed, in bytes.
    static PRINTED: Cell<usize> = const { Cell::new(0) };
}

/// Has each value that is printed counted, wherever it is printed to: neither the engine's steps nor the
/// length of the page know what is gathered.
pub(super) fn count(env: &mut Environment<'_>) {
    env.set_formatter(|out: &mut Output, state: &mut State, value: &Value| {
        let bytes = match value.as_str() {
            Some(text) => text.len(),
            None => value.len().unwrap_or(1) * size_of::<u64>(),
        };
        let printed = PRINTED.get().saturating_add(bytes);
        PRINTED.set(printed);
        match printed > MOST_PRINTED {
            true => Err(minijinja::ErrorKind::WriteFailure.into()),
            false => escape_formatter(out, state, value),
        }
    });
}

/// How many steps a rendering may take in which templates like these have a part: fewer, where a long piece
/// of text may be gathered at each.
pub(super) fn steps<'a>(sources: impl Iterator<Item = &'a str>) -> u64 {
    let longest = sources.filter(|source| gathers(source)).map(longest_piece);
    match longest.max() {
        Some(longest) => (MOST_GATHERED / longest.max(1)).min(MOST_STEPS),
        None => MOST_STEPS,
    }
}

fn gathers(source: &str) -> bool {
    source.split("{%").skip(1).any(|tag| {
        let words = tag.trim_start_matches(['-', '+']).trim_start();
        GATHERING.iter().any(|name| words.starts_with(name))
    })
}

/// The longest text between two tags.
fn longest_piece(source: &str) -> u64 {
    let pieces = source.split(['{', '}']).map(str::len);
    pieces.max().unwrap_or(0) as u64
}

/// The text of a mail as it is made.
#[derive(Default)]
pub(super) struct MailPage(Vec<u8>);

impl MailPage {
    /// An empty one, for a rendering that begins.
    pub fn new() -> MailPage {
        PRINTED.set(0);
        MailPage::default()
    }

    /// The whole text.
    ///
    /// # Errors
    /// Never of a template's own: it writes text.
    pub fn text(self) -> Result<String> {
        String::from_utf8(self.0).map_err(|fault| Error::new(ErrorKind::InvalidData, fault))
    }
}

impl Write for MailPage {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if bytes.len() > LONGEST - self.0.len() {
            return Err(ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// What is wrong with a template, as the engine's kind of error has it.
pub(super) fn said(kind: minijinja::ErrorKind) -> String {
    match kind {
        minijinja::ErrorKind::OutOfFuel => format!(
            "comes to no end: after {MOST_STEPS} steps (fewer where long texts are gathered in variables or macros) it still went on, \
             in a loop or a macro that calls itself"
        ),
        minijinja::ErrorKind::WriteFailure => {
            format!(
                "makes more than {} MiB of text, or gathers more than {} in variables and macros",
                LONGEST >> 20,
                MOST_PRINTED >> 20
            )
        }
        other => other.to_string(),
    }
}
