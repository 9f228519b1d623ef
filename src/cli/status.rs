//! (being built)

use super::Context;
use super::args::Backup;

/// `poms status`.
pub fn run(_context: &Context) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}

/// `poms backup`.
pub fn backup(_context: &Context, _args: &Backup) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
