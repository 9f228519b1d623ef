//! Runs one of HylaFAX's programs: arguments as they are, no shell, bounded time and output.

use crate::program;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The most that is read of what a program prints, in bytes.
const LONGEST: u64 = 4 << 20;

/// What a program did.
pub struct ProgramEnded {
    /// Whether it ended with exit code 0, in time.
    pub fine: bool,
    /// Whether it had to be stopped.
    pub too_slow: bool,
    /// What it printed.
    pub stdout: String,
    /// What it complained of.
    pub stderr: String,
}

/// Runs the program in a process group of its own, with `user` and `home` in its environment.
///
/// # Errors
/// When it cannot be started: then nothing has happened.
pub fn run<S: AsRef<OsStr>>(
    program: &Path,
    arguments: impl IntoIterator<Item = S>,
    user: &str,
    home: &Path,
    timeout: Duration,
) -> Result<ProgramEnded, String> {
    let not_started =
        |fault: std::io::Error| format!("{} cannot be started: {fault}", program.display());
    let (out, stdout) = program::drain(LONGEST).map_err(not_started)?;
    let (err, stderr) = program::drain(LONGEST).map_err(not_started)?;
    let mut child = Command::new(program)
        .args(arguments)
        .env("FAXUSER", user)
        .env("HOME", home)
        .env_remove("FAXSERVER")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .process_group(0)
        .spawn()
        .map_err(not_started)?;
    let ended = program::wait(&mut child, timeout);
    let text = |drain: program::Drain| {
        // what could not be read is as if it had not been said
        let bytes = drain.printed().unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    Ok(ProgramEnded {
        fine: matches!(&ended, Ok(Some(status)) if status.success()),
        too_slow: !matches!(ended, Ok(Some(_))),
        stdout: text(stdout),
        stderr: text(stderr),
    })
}
