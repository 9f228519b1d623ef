//! (being built)
use super::Context;
use super::args::Init;
/// `poms init`.
pub fn run(_context: &Context, _args: &Init) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
