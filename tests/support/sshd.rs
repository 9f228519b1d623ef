//! A real OpenSSH server on a free loopback port, with keys and a folder of its own, stopped when dropped. It
//! runs as whoever runs the tests, and lets that user in by one key.

use crate::support::ports;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Pid, Uid, User};
use std::net::TcpStream;
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const SSHD: &str = "/usr/sbin/sshd";

pub struct Sshd {
    dir: tempfile::TempDir,
    child: Child,
    pub port: u16,
    /// Who is let in.
    pub user: String,
}

impl Sshd {
    /// With host keys of these kinds, such as `ed25519`; `more` of its configuration.
    pub fn start(kinds: &[&str], more: &str) -> Sshd {
        let dir = tempfile::tempdir().expect("a folder");
        let at = |name: &str| dir.path().join(name);
        for kind in kinds {
            keygen(&at(&format!("host_{kind}")), kind, "");
        }
        keygen(&at("user"), "ed25519", "");
        keygen(&at("locked"), "ed25519", "open sesame");
        keygen(&at("stranger"), "ed25519", "");
        let mut private = std::fs::DirBuilder::new();
        private.mode(0o700).create(at("files")).expect("a folder");
        let public = |name: &str| std::fs::read_to_string(at(name)).expect("a public key");
        let allowed = public("user.pub") + &public("locked.pub");
        std::fs::write(at("authorized"), allowed).expect("a file");
        let port = ports::free();
        let hosts: String = kinds
            .iter()
            .map(|kind| format!("HostKey {}\n", at(&format!("host_{kind}")).display()))
            .collect();
        let text = format!(
            "Port {port}\nListenAddress 127.0.0.1\n{hosts}PidFile none\nUsePAM no\nStrictModes no\n\
             AuthorizedKeysFile {}\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\nLogLevel VERBOSE\nMaxStartups 100\n{more}\nSubsystem sftp internal-sftp\n",
            at("authorized").display()
        );
        std::fs::write(at("sshd_config"), text).expect("a file");
        if Uid::current().is_root() {
            // where it wants to be without rights
            let _ = std::fs::create_dir_all("/run/sshd");
        }
        let child = launch(dir.path());
        let user = User::from_uid(Uid::current())
            .expect("a user")
            .expect("known");
        let server = Sshd {
            dir,
            child,
            port,
            user: user.name,
        };
        server.wait();
        server
    }

    /// A file of its folder: keys are `user`, `locked` (by "open sesame") and `stranger`, who is not let in.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The folder that it serves.
    pub fn files(&self) -> PathBuf {
        self.path("files")
    }

    /// `SHA256:…` of a host key, as `ssh-keygen` prints it.
    pub fn fingerprint(&self, kind: &str) -> String {
        let done = Command::new("ssh-keygen")
            .arg("-lf")
            .arg(self.path(&format!("host_{kind}.pub")))
            .output()
            .expect("ssh-keygen runs");
        let said = String::from_utf8(done.stdout).expect("text");
        said.split(' ').nth(1).expect("a fingerprint").to_owned()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        let group = Pid::from_raw(i32::try_from(self.child.id()).expect("a process id"));
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.wait();
    }

    /// Starts again on the same port after [`Sshd::kill`].
    pub fn restart(&mut self) {
        self.child = launch(self.dir.path());
        self.wait();
    }

    fn wait(&self) {
        let start = Instant::now();
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let late = start.elapsed() > Duration::from_secs(20);
            assert!(!late, "sshd does not start: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.kill();
    }
}

fn keygen(path: &Path, kind: &str, passphrase: &str) {
    let done = Command::new("ssh-keygen")
        .args(["-q", "-t", kind, "-N", passphrase, "-C", "test", "-f"])
        .arg(path)
        .stdin(Stdio::null())
        .status();
    assert!(done.expect("ssh-keygen runs").success());
}

fn launch(dir: &Path) -> Child {
    Command::new(SSHD)
        .args(["-D", "-f"])
        .arg(dir.join("sshd_config"))
        .arg("-E")
        .arg(dir.join("log"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("sshd runs: tests/need installs openssh-server")
}
