//! Running the program on some of the cores, and a sink for its mail.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// What one run of the program cost.
pub struct Cost {
    /// Wall time, seconds.
    pub wall: f64,
    /// Processor time of all its threads, user and system, seconds.
    pub cpu: f64,
    /// The most memory it held at a time, MiB.
    pub peak_mib: f64,
    /// What it printed on stdout.
    pub stdout: String,
    /// What it printed on stderr.
    pub stderr: String,
}

/// Runs `poms` with a site's configuration on the given cores (`taskset` list), and measures it.
///
/// # Panics
/// When the program fails: a figure of a failed run is none.
pub fn poms(site: &Path, cores: &str, args: &[&str]) -> Cost {
    let (begun, before) = (Instant::now(), children());
    let mut command = Command::new("taskset");
    command
        .args(["-c", cores, env!("CARGO_BIN_EXE_poms"), "--config"])
        .arg(site.join("poms.toml"))
        .args(args);
    command
        .env("POMS_NOW", "2025-06-02T12:00:00Z")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let child = command.spawn().expect("taskset (util-linux) runs poms");
    let id = child.id();
    let watch = std::thread::spawn(move || peak(id));
    let output = child.wait_with_output().unwrap();
    let (wall, cpu) = (begun.elapsed().as_secs_f64(), children() - before);
    let (stdout, stderr) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    assert!(output.status.success(), "poms {args:?} failed: {stderr}");
    Cost {
        wall,
        cpu,
        peak_mib: watch.join().unwrap_or(0.0),
        stdout,
        stderr,
    }
}

/// Keeps the calling thread on the first core, as `taskset -c 0` keeps a program: beside other work a
/// thread that may move would be ahead of a program that may not.
pub fn on_first_core() {
    let thread = nix::unistd::gettid().to_string();
    let mut command = Command::new("taskset");
    command
        .args(["-p", "-c", "0", &thread])
        .stdout(Stdio::null());
    assert!(command.status().expect("taskset (util-linux)").success());
}

/// Processor time of all children that ended, seconds.
fn children() -> f64 {
    let usage =
        nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_CHILDREN).unwrap();
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// The high-water mark of a process's memory while it lives (`VmHWM` of proc(5)), MiB.
fn peak(id: u32) -> f64 {
    let mut most = 0.0;
    while let Ok(status) = std::fs::read_to_string(format!("/proc/{id}/status")) {
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let Some(kib) = line.and_then(|line| line.trim().split(' ').next()?.parse::<f64>().ok())
        else {
            break;
        };
        most = f64::max(most, kib / 1024.0);
        std::thread::sleep(Duration::from_millis(5));
    }
    most
}

/// All cores of this machine, as `taskset` names them.
pub fn all_cores() -> String {
    format!(
        "0-{}",
        std::thread::available_parallelism().map_or(0, |n| n.get() - 1)
    )
}

/// Postfix's `smtp-sink`, stopped when it is dropped.
pub struct Sink {
    child: Child,
    /// Where it listens.
    pub port: u16,
}

impl Sink {
    /// Starts it on a free port.
    pub fn start() -> Sink {
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let mut command = Command::new("smtp-sink");
        if nix::unistd::Uid::current().is_root() {
            command.args(["-u", "postfix"]);
        }
        let address = format!("127.0.0.1:{port}");
        let child = command
            .args([&address, "200"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.expect("smtp-sink is there: apt-get install postfix");
        while TcpStream::connect(&address).is_err() {
            std::thread::sleep(Duration::from_millis(10));
        }
        Sink { child, port }
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
