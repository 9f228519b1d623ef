//! (being built)
use super::Context;
/// `poms check`.
pub fn run(_context: &Context) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
