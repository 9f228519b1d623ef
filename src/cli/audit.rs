//! (being built)

use super::Context;
use super::args::Audit;

/// Runs the command.
pub fn run(_context: &Context, _command: &Audit) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}

/// \`poms verify\`.
pub fn verify(_context: &Context) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
