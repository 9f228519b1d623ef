//! Running another program: what it prints is read as it comes, its time is bounded, and nothing
//! that it started outlives it.

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use std::io::{PipeWriter, Read};
use std::process::{Child, ExitStatus};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use zeroize::Zeroizing;

/// Reads a pipe to its end on a thread of its own, so that no program waits for a reader.
pub struct Drain(JoinHandle<std::io::Result<Zeroizing<Vec<u8>>>>);

/// Begins to read what will be printed, `longest` bytes of it at most, before the program starts:
/// where no thread can be had, nothing has happened yet.
///
/// # Errors
/// When the system gives no pipe or no thread.
pub fn drain(longest: u64) -> std::io::Result<(PipeWriter, Drain)> {
    let (reader, writer) = std::io::pipe()?;
    let read = move || {
        let mut bytes = Zeroizing::new(Vec::new());
        reader.take(longest).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let thread = std::thread::Builder::new().name("program".to_owned());
    Ok((writer, Drain(thread.spawn(read)?)))
}

impl Drain {
    /// All that was printed, once every end to write to is closed: after [`wait`], and when the
    /// `Command` is gone. `None` when it could not be read.
    pub fn printed(self) -> Option<Zeroizing<Vec<u8>>> {
        self.0.join().ok()?.ok()
    }
}

/// Waits for a program that was started in a process group of its own, then kills what is left of
/// the group, which would keep its pipes open. `None`: it took longer than `timeout`, and was
/// stopped.
///
/// # Errors
/// When it cannot be waited for; it was stopped then too.
pub fn wait(child: &mut Child, timeout: Duration) -> std::io::Result<Option<ExitStatus>> {
    let start = Instant::now();
    let ended = loop {
        match child.try_wait() {
            Ok(None) if start.elapsed() <= timeout => {
                std::thread::sleep(Duration::from_millis(5));
            }
            ended => break ended,
        }
    };
    if let Ok(id) = i32::try_from(child.id()) {
        // it may be gone already, which is what is wanted
        let _ = killpg(Pid::from_raw(id), Signal::SIGKILL);
    }
    if !matches!(ended, Ok(Some(_))) {
        let _ = child.wait();
    }
    ended
}
