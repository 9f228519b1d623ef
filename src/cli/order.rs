//! (being built)

use super::Context;
use super::args::Order;

/// Runs the command.
pub fn run(_context: &Context, _command: &Order) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
