//! A real Dovecot on free loopback ports, with a certificate authority of its own, stopped when
//! dropped. Works as root and as anybody.

use crate::support::authority::Authority;
use crate::support::ports;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::{Gid, Pid, Uid, chown};
use std::fmt::Write as _;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub const USER: &str = "shop";
pub const PASSWORD: &str = "canary-pass word";

/// How it is to be.
#[derive(Clone, Copy, Default)]
pub struct Wishes {
    /// What it claims to be able to do, instead of all that it can.
    pub capabilities: Option<&'static str>,
    /// A namespace `INBOX.` with `.` as the separator.
    pub prefixed: bool,
    /// More of its configuration.
    pub more: &'static str,
}

pub struct Dovecot {
    dir: tempfile::TempDir,
    child: Child,
    /// Plain text and STARTTLS.
    pub port: u16,
    /// TLS from the start.
    pub tls_port: u16,
    owner: Option<u32>,
    pub authority: Authority,
}

impl Dovecot {
    pub fn start(wishes: Wishes) -> Dovecot {
        let dir = tempfile::tempdir().expect("a folder");
        let authority = Authority::new("localhost");
        // nobody: anything but root, which Dovecot refuses as the owner of mail
        let owner = Uid::current().is_root().then_some(65534);
        let (port, tls_port) = (ports::free(), ports::free());
        let write =
            |name: &str, text: &[u8]| std::fs::write(dir.path().join(name), text).expect("a file");
        write("cert.pem", &authority.chain);
        write("key.pem", &authority.key);
        write("users", users().as_bytes());
        write(
            "dovecot.conf",
            configuration(dir.path(), port, tls_port, owner, wishes).as_bytes(),
        );
        for name in [
            "home",
            "home/Maildir",
            "home/Maildir/new",
            "home/Maildir/cur",
            "home/Maildir/tmp",
        ] {
            let path = dir.path().join(name);
            std::fs::create_dir(&path).expect("a folder");
            own(&path, owner);
        }
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(dir.path(), open).expect("its mode");
        let child = launch(dir.path());
        let dovecot = Dovecot {
            dir,
            child,
            port,
            tls_port,
            owner,
            authority,
        };
        dovecot.wait();
        dovecot
    }

    fn wait(&self) {
        let start = Instant::now();
        while [self.port, self.tls_port]
            .iter()
            .any(|port| TcpStream::connect(("127.0.0.1", *port)).is_err())
        {
            assert!(
                start.elapsed() < Duration::from_secs(20),
                "Dovecot does not start:\n{}",
                self.log()
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The user's Maildir on disk.
    pub fn maildir(&self) -> PathBuf {
        self.dir.path().join("home/Maildir")
    }

    /// Gives a file or folder to the mail's owner.
    pub fn own(&self, path: &Path) {
        own(path, self.owner);
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }

    /// Ends every process of it at once, as a crash of the machine would.
    pub fn kill(&mut self) {
        let group = Pid::from_raw(i32::try_from(self.child.id()).expect("a process id"));
        let _ = killpg(group, Signal::SIGKILL);
        let _ = self.child.wait();
    }

    /// Starts again on the same ports and mail after [`Dovecot::kill`].
    pub fn restart(&mut self) {
        self.child = launch(self.dir.path());
        self.wait();
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.kill();
    }
}

fn launch(dir: &Path) -> Child {
    let _ = std::fs::remove_file(dir.join("run/master.pid"));
    Command::new("dovecot")
        .args(["-F", "-c"])
        .arg(dir.join("dovecot.conf"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("Dovecot: apt-get install dovecot-imapd")
}

fn own(path: &Path, owner: Option<u32>) {
    if let Some(id) = owner {
        chown(path, Some(Uid::from_raw(id)), Some(Gid::from_raw(id))).expect("chown");
    }
}

fn users() -> String {
    format!(
        "{USER}:{{PLAIN}}{PASSWORD}::::::\n\
         away:{{PLAIN}}{PASSWORD}::::::nologin=y reason=moved_to_another_server\n"
    )
}

fn configuration(
    dir: &Path,
    port: u16,
    tls_port: u16,
    owner: Option<u32>,
    wishes: Wishes,
) -> String {
    let path = dir.display();
    let mut text = format!(
        "base_dir = {path}/run\nstate_dir = {path}/state\nlog_path = {path}/log\n\
         protocols = imap\nssl = required\nssl_cert = <{path}/cert.pem\nssl_key = <{path}/key.pem\n\
         auth_failure_delay = 0\nfirst_valid_uid = 1\nmail_max_userip_connections = 100\n\
         mail_location = maildir:~/Maildir\nmail_fsync = never\n\
         passdb {{\n  driver = passwd-file\n  args = {path}/users\n}}\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    address = 127.0.0.1\n    port = {port}\n  }}\n  \
         inet_listener imaps {{\n    address = 127.0.0.1\n    port = {tls_port}\n    ssl = yes\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\n"
    );
    let (user, group) = (Uid::current().as_raw(), Gid::current().as_raw());
    let id = owner.unwrap_or(user);
    let gid = owner.unwrap_or(group);
    let mut add = |part: String| text.push_str(&part);
    add(format!(
        "userdb {{\n  driver = static\n  args = uid={id} gid={gid} home={path}/home\n}}\n"
    ));
    if owner.is_none() {
        let name = nix::unistd::User::from_uid(Uid::current()).ok().flatten();
        let name = name.map_or_else(|| user.to_string(), |user| user.name);
        let group = nix::unistd::Group::from_gid(Gid::current()).ok().flatten();
        let group = group.map_or_else(|| gid.to_string(), |group| group.name);
        add(format!(
            "default_internal_user = {name}\ndefault_internal_group = {group}\ndefault_login_user = {name}\n"
        ));
    }
    let namespace = if wishes.prefixed {
        "  prefix = INBOX.\n  separator = .\n"
    } else {
        "  separator = /\n"
    };
    let _ = write!(text, "namespace inbox {{\n  inbox = yes\n{namespace}}}\n");
    if let Some(capabilities) = wishes.capabilities {
        let _ = writeln!(
            text,
            "protocol imap {{\n  imap_capability = {capabilities}\n}}"
        );
    }
    text.push_str(wishes.more);
    text
}
