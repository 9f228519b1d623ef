//! (being built)

use super::Context;
use super::args::Exceptions;

/// Runs the command.
pub fn run(_context: &Context, _command: &Exceptions) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
