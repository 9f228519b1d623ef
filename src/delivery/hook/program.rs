//! Runs a program for an event: the event's JSON on its standard input, no shell, bounded time.

use super::event_id;
use crate::delivery::channel::{DeliveryOutcome, OutgoingMessage};
use crate::program::{self, Drain};
use anyhow::{Context, ensure};
use nix::unistd::{AccessFlags, access};
use std::io::Write;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

/// The most that is read of what it complains of, in bytes.
const LONGEST: u64 = 64 << 10;
/// sysexits.h, `EX_DATAERR`: it does not want this event, now or later.
const NEVER: i32 = 65;

/// Tells a program of one event.
pub(super) fn tell(
    program: &Path,
    arguments: &[String],
    timeout: Duration,
    message: &OutgoingMessage,
) -> DeliveryOutcome {
    match run(program, arguments, timeout, message) {
        Err(fault) => {
            DeliveryOutcome::deferred(format!("{} cannot be started: {fault}", program.display()))
        }
        Ok((None, _)) => DeliveryOutcome::unknown(format!(
            "{} took longer than {} s and was stopped",
            program.display(),
            timeout.as_secs()
        )),
        Ok((Some(status), said)) => ended(program, status, &said),
    }
}

fn run(
    program: &Path,
    arguments: &[String],
    timeout: Duration,
    message: &OutgoingMessage,
) -> std::io::Result<(Option<ExitStatus>, String)> {
    let (err, stderr) = program::drain(LONGEST)?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("POMS_EVENT_ID", event_id(message))
        .env_remove("CREDENTIALS_DIRECTORY")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(err)
        .process_group(0);
    let mut child = command.spawn()?;
    drop(command);
    // an event is smaller than a pipe: a program that does not read it keeps nobody waiting
    if let Some(mut input) = child.stdin.take() {
        let _ = input.write_all(&message.content);
    }
    let status = program::wait(&mut child, timeout)?;
    let said = Drain::printed(stderr).unwrap_or_default();
    Ok((status, String::from_utf8_lossy(&said).into_owned()))
}

fn ended(program: &Path, status: ExitStatus, said: &str) -> DeliveryOutcome {
    let name = program.display();
    let said = match said.trim() {
        "" => String::new(),
        said => format!(": {said}"),
    };
    match (status.code(), status.signal()) {
        (Some(0), _) => DeliveryOutcome::accepted(format!("{name} ended with 0")),
        (Some(NEVER), _) => {
            DeliveryOutcome::refused(format!("{name} does not want it (exit code 65){said}"))
        }
        (Some(code), _) => {
            DeliveryOutcome::deferred(format!("{name} ended with exit code {code}{said}"))
        }
        (None, signal) => DeliveryOutcome::unknown(format!(
            "{name} was stopped by signal {}{said}",
            signal.unwrap_or_default()
        )),
    }
}

/// Whether a program is there and may be run.
///
/// # Errors
/// What is wrong and what to do.
pub(super) fn check(program: &Path) -> anyhow::Result<String> {
    let name = program.display();
    ensure!(program.is_file(), "{name} is not there: name a program");
    access(program, AccessFlags::X_OK)
        .with_context(|| format!("{name} cannot be run by the user of poms; chmod +x it"))?;
    Ok(format!("{name} can be run; no event was made up"))
}
