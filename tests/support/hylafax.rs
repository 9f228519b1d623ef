//! A real HylaFAX on a free loopback port with a spool of its own and no modem (packages
//! hylafax-server and hylafax-client; root).

use crate::support::ports;
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

pub struct HylaFax {
    pub port: u16,
    spool: PathBuf,
    _folder: tempfile::TempDir,
    servers: Vec<Child>,
}

fn shell(program: &str, arguments: &[&str]) {
    let done = Command::new(program).args(arguments).status();
    assert!(
        done.is_ok_and(|status| status.success()),
        "{program} {arguments:?}"
    );
}

fn server(program: &str, arguments: &[&str]) -> Child {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap_or_else(|fault| panic!("{program} (package hylafax-server): {fault}"))
}

impl HylaFax {
    pub fn start() -> HylaFax {
        let folder = tempfile::Builder::new()
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .tempdir()
            .expect("a folder");
        let spool = folder.path().join("spool");
        let at = spool.to_str().expect("a path");
        shell("cp", &["-a", "/var/spool/hylafax", at]);
        for queue in ["sendq", "doneq", "docq"] {
            let jobs = fs::read_dir(spool.join(queue)).expect("a queue");
            for job in jobs.flatten().filter(|job| job.path().is_file()) {
                fs::remove_file(job.path()).expect("an empty queue");
            }
        }
        let etc = spool.join("etc");
        let _ = fs::remove_dir_all(&etc);
        let _ = fs::remove_file(&etc);
        shell(
            "cp",
            &["-aL", "/etc/hylafax", etc.to_str().expect("a path")],
        );
        let cache = fs::read_to_string("/etc/hylafax/setup.cache").expect("setup.cache");
        let lines = cache.lines().map(|line| match line.starts_with("SPOOL=") {
            true => format!("SPOOL='{at}'"),
            false => line.to_owned(),
        });
        let cache: Vec<String> = lines.collect();
        write(&etc.join("setup.cache"), &cache.join("\n"), "644");
        write(
            &etc.join("hosts.hfaxd"),
            "localhost:::\n127.0.0.1:::\n",
            "600",
        );
        let fifo = spool.join("FIFO");
        let _ = fs::remove_file(&fifo);
        shell("mkfifo", &["-m", "600", fifo.to_str().expect("a path")]);
        shell("chown", &["uucp:uucp", at, fifo.to_str().expect("a path")]);
        shell("chown", &["-R", "uucp", etc.to_str().expect("a path")]);
        let port = ports::free();
        let mut fax = HylaFax {
            port,
            spool,
            _folder: folder,
            servers: Vec::new(),
        };
        fax.boot();
        fax
    }

    /// Starts both servers.
    pub fn boot(&mut self) {
        let at = self.spool.to_str().expect("a path").to_owned();
        let port = self.port.to_string();
        self.servers
            .push(server("/usr/sbin/faxq", &["-D", "-q", &at]));
        let listen = ["-d", "-q", &at, "-l", "127.0.0.1", "-i", &port];
        self.servers.push(server("/usr/sbin/hfaxd", &listen));
        for _ in 0..400 {
            // the scheduler reads its FIFO once it is up; before that no job is taken
            let flags = nix::fcntl::OFlag::O_WRONLY | nix::fcntl::OFlag::O_NONBLOCK;
            let fifo = self.spool.join("FIFO");
            let scheduler = nix::fcntl::open(&fifo, flags, nix::sys::stat::Mode::empty());
            let listens = std::net::TcpStream::connect(("127.0.0.1", self.port));
            if scheduler.is_ok() && listens.is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("hfaxd does not answer");
    }

    /// Kills both servers.
    pub fn halt(&mut self) {
        for mut child in self.servers.drain(..) {
            let group = nix::unistd::Pid::from_raw(child.id() as i32);
            let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
            let _ = child.wait();
        }
    }

    /// The lines of every job, waiting and done.
    pub fn jobs(&self) -> Vec<String> {
        let mut all = Vec::new();
        for queue in ["sendq", "doneq"] {
            let jobs = fs::read_dir(self.spool.join(queue)).expect("a queue");
            for job in jobs.flatten() {
                if job.file_name().to_string_lossy().starts_with('q') {
                    all.push(fs::read_to_string(job.path()).expect("a job"));
                }
            }
        }
        all
    }

    /// Ends a job as the modem's work would: moves it to the jobs that are done.
    pub fn end(&mut self, job: &str, state: &str, status: &str) {
        self.halt();
        let from = self.spool.join("sendq").join(format!("q{job}"));
        let text = fs::read_to_string(&from).expect("the job");
        let keep = |line: &&str| {
            !["state:", "status:", "npages:", "totdials:"]
                .iter()
                .any(|key| line.starts_with(key))
        };
        let mut lines: Vec<String> = text.lines().filter(keep).map(str::to_owned).collect();
        lines.extend([
            format!("state:{state}"),
            format!("status:{status}"),
            "npages:2".to_owned(),
            "totdials:3".to_owned(),
        ]);
        fs::remove_file(&from).expect("taken from the queue");
        let to = self.spool.join("doneq").join(format!("q{job}"));
        write(&to, &(lines.join("\n") + "\n"), "600");
        shell("chown", &["uucp", to.to_str().expect("a path")]);
        self.boot();
    }
}

fn write(path: &Path, text: &str, mode: &str) {
    let _ = fs::remove_file(path);
    fs::write(path, text).expect("written");
    shell("chmod", &[mode, path.to_str().expect("a path")]);
}

impl Drop for HylaFax {
    fn drop(&mut self) {
        self.halt();
    }
}
