//! (being built)
use super::Context;
use super::args::Folder;
/// `poms demo`.
pub fn run(_context: &Context, _args: &Folder) -> anyhow::Result<u8> {
    anyhow::bail!("being built")
}
