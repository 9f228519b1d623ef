//! What a template may cost: so many steps, and so many bytes of mail. A template of a site that never
//! comes to an end would keep every run from coming to one.

use std::io::{Error, ErrorKind, Result, Write};

/// Steps of the template engine for one rendering: those of a purchase order of some 50,000 lines.
pub(super) const MOST_STEPS: u64 = 2_000_000;

/// The longest text that a template may make, in bytes: no mail server takes as much.
const LONGEST: usize = 32 << 20;

/// The text of a mail as it is made.
#[derive(Default)]
pub(super) struct Page(Vec<u8>);

impl Page {
    /// The whole text.
    ///
    /// # Errors
    /// Never of a template's own: it writes text.
    pub fn text(self) -> Result<String> {
        String::from_utf8(self.0).map_err(|fault| Error::new(ErrorKind::InvalidData, fault))
    }
}

impl Write for Page {
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
            "comes to no end: after {MOST_STEPS} steps it still went on, in a loop or a macro that calls itself"
        ),
        minijinja::ErrorKind::WriteFailure => {
            format!("makes more than {} MiB of text", LONGEST >> 20)
        }
        other => other.to_string(),
    }
}
