//! (being built)

use super::Context;
use super::args::Message;

/// Runs the command.
pub fn run(_context: &Context, _command: &Message) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
