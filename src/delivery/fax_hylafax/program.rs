//! Runs one of HylaFAX's programs: arguments as they are, no shell, bounded time and output.

use std::ffi::OsStr;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The most that is read of what a program prints, in bytes.
const LONGEST: u64 = 4 << 20;

/// What a program did.
pub struct Ended {
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
) -> Result<Ended, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .env("FAXUSER", user)
        .env("HOME", home)
        .env_remove("FAXSERVER")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(|fault| format!("{} cannot be started: {fault}", program.display()))?;
    let stdout = child.stdout.take().map(drain);
    let stderr = child.stderr.take().map(drain);
    let (fine, too_slow) = wait(&mut child, timeout);
    let text = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        let bytes = reader.and_then(|reader| reader.join().ok());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    };
    Ok(Ended {
        fine,
        too_slow,
        stdout: text(stdout),
        stderr: text(stderr),
    })
}

fn drain(pipe: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // what could be read is what there is
        let _ = pipe.take(LONGEST).read_to_end(&mut bytes);
        bytes
    })
}

fn wait(child: &mut Child, timeout: Duration) -> (bool, bool) {
    let start = Instant::now();
    let mut fine = false;
    let mut too_slow = true;
    while start.elapsed() < timeout {
        match child.try_wait() {
            Ok(Some(status)) => {
                fine = status.success();
                too_slow = false;
                break;
            }
            Ok(None) => std::thread::sleep(Duration::from_millis(5)),
            Err(_) => break,
        }
    }
    if let Ok(id) = i32::try_from(child.id()) {
        // also what it left running, which would keep the pipes open; it may be gone already
        let group = nix::unistd::Pid::from_raw(id);
        let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
    }
    let _ = child.wait();
    (fine, too_slow)
}
