//! (being built)

use super::Context;
use super::args::Outbox;

/// Runs the command.
pub fn run(_context: &Context, _command: &Outbox) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
