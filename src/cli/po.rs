//! (being built)

use super::Context;
use super::args::Po;

/// Runs the command.
pub fn run(_context: &Context, _command: &Po) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
