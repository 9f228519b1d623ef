//! Real servers on loopback with a private configuration: `smtp-sink`, and a Postfix with STARTTLS,
//! implicit TLS and AUTH (asked of a Dovecot) that delivers into a Maildir. Postfix needs root.

mod certificates;

use super::ports;
use certificates::certificates;
use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A process group that ends with the value.
pub struct Group(Child);

impl Drop for Group {
    fn drop(&mut self) {
        let group = nix::unistd::Pid::from_raw(self.0.id() as i32);
        let _ = nix::sys::signal::killpg(group, nix::sys::signal::Signal::SIGKILL);
        let _ = self.0.wait();
    }
}

fn spawn(command: &mut Command) -> Group {
    let quiet = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    Group(quiet.process_group(0).spawn().unwrap())
}

fn wait_for(port: u16) {
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("nothing answers on port {port}");
}

/// Whether a program is there; a test that needs it says so when it is not, and ends.
pub fn installed(program: &str) -> bool {
    let there = Path::new(program).exists();
    let strict = std::env::var_os("POMS_TESTS_STRICT").is_some();
    assert!(
        there || !strict,
        "{program} is not installed: run tests/need"
    );
    if !there {
        eprintln!("SKIPPED: {program} is not installed");
    }
    there
}

pub const SINK: &str = "/usr/sbin/smtp-sink";

/// `smtp-sink FLAGS` on a free port.
pub fn sink(flags: &[&str]) -> (Group, u16) {
    let port = ports::free();
    let mut command = Command::new(SINK);
    if nix::unistd::geteuid().is_root() {
        command.args(["-u", "nobody"]);
    }
    let group = spawn(
        command
            .args(flags)
            .arg(format!("127.0.0.1:{port}"))
            .arg("100"),
    );
    wait_for(port);
    (group, port)
}

pub const MASTER: &str = "/usr/lib/postfix/sbin/master";
pub const PASSWORD: &str = "tr0ub4dor";

pub struct Postfix {
    _dovecot: Group,
    _master: Group,
    dir: tempfile::TempDir,
    /// In the clear and STARTTLS.
    pub port: u16,
    /// Implicit TLS.
    pub tls_port: u16,
}

impl Postfix {
    /// With a Maildir of its own for sales@example.test. `None` where it cannot run.
    pub fn start() -> Option<Postfix> {
        Postfix::begin(None)
    }

    /// Hands everything to these domains on to Dovecot by LMTP, a mailbox for each address.
    pub fn with_mailboxes(domains: &str) -> Option<Postfix> {
        Postfix::begin(Some(domains))
    }

    fn begin(domains: Option<&str>) -> Option<Postfix> {
        if !installed(MASTER) || !installed("/usr/sbin/dovecot") {
            return None;
        }
        if !nix::unistd::geteuid().is_root() {
            eprintln!("SKIPPED: Postfix needs root");
            return None;
        }
        let dir = tempfile::Builder::new()
            .prefix("poms-postfix")
            .tempdir()
            .unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        certificates(dir.path());
        let auth_port = ports::free();
        let lmtp = domains.map(|domains| (domains, ports::free()));
        let dovecot = dovecot(dir.path(), auth_port, lmtp.map(|(_, port)| port));
        wait_for(auth_port);
        let (port, tls_port) = (ports::free(), ports::free());
        configure(dir.path(), port, tls_port, auth_port);
        if let Some((domains, port)) = lmtp {
            wait_for(port);
            let conf = dir.path().join("conf/main.cf");
            let mut text = fs::read_to_string(&conf).unwrap();
            // of two lines for one parameter the last counts
            text.push_str(&format!(
                "virtual_mailbox_domains = {domains}\nvirtual_mailbox_maps = static:all\n\
                 virtual_transport = lmtp:inet:127.0.0.1:{port}\n"
            ));
            fs::write(conf, text).unwrap();
        }
        let conf = dir.path().join("conf");
        let master = spawn(Command::new(MASTER).arg("-c").arg(conf).arg("-d"));
        wait_for(port);
        wait_for(tls_port);
        Some(Postfix {
            _dovecot: dovecot,
            _master: master,
            dir,
            port,
            tls_port,
        })
    }

    pub fn ca(&self) -> PathBuf {
        self.dir.path().join("ca.pem")
    }

    /// An authority that has signed nothing here.
    pub fn other_ca(&self) -> PathBuf {
        self.dir.path().join("other.pem")
    }

    /// What Postfix has delivered to sales@example.test, once there are `count`.
    pub fn mails(&self, count: usize) -> Vec<String> {
        self.wait("mail/sales/new", count)
    }

    /// What Dovecot has filed for this address, once there are `count`.
    pub fn mailbox(&self, address: &str, count: usize) -> Vec<String> {
        self.wait(&format!("mail/{address}/Maildir/new"), count)
    }

    fn wait(&self, folder: &str, count: usize) -> Vec<String> {
        let new = self.dir.path().join(folder);
        for _ in 0..400 {
            let found: Vec<PathBuf> = fs::read_dir(&new)
                .map(|entries| entries.map(|entry| entry.unwrap().path()).collect())
                .unwrap_or_default();
            if found.len() >= count {
                return found
                    .iter()
                    .map(|path| fs::read_to_string(path).unwrap())
                    .collect();
            }
            std::thread::sleep(Duration::from_millis(25));
        }
        let log = fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        panic!("no {count} mails in {}:\n{log}", new.display());
    }
}

fn user(name: &str) -> (u32, u32) {
    let user = nix::unistd::User::from_name(name).unwrap().unwrap();
    (user.uid.as_raw(), user.gid.as_raw())
}

fn folder(path: &Path, owner: Option<(u32, u32)>, mode: u32) {
    fs::create_dir_all(path).unwrap();
    if let Some((uid, gid)) = owner {
        chown(path, Some(uid), Some(gid)).unwrap();
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn configure(dir: &Path, port: u16, tls_port: u16, auth_port: u16) {
    let (postfix, nobody) = (user("postfix"), user("nobody"));
    let postdrop = nix::unistd::Group::from_name("postdrop")
        .unwrap()
        .unwrap()
        .gid
        .as_raw();
    folder(&dir.join("queue"), None, 0o755);
    for name in [
        "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
        "saved", "trace",
    ] {
        folder(&dir.join("queue").join(name), Some(postfix), 0o700);
    }
    folder(
        &dir.join("queue/maildrop"),
        Some((postfix.0, postdrop)),
        0o730,
    );
    folder(
        &dir.join("queue/public"),
        Some((postfix.0, postdrop)),
        0o710,
    );
    folder(&dir.join("queue/pid"), None, 0o755);
    folder(&dir.join("data"), Some(postfix), 0o700);
    folder(&dir.join("mail"), Some(nobody), 0o755);
    folder(&dir.join("conf"), None, 0o755);
    fs::write(dir.join("conf/main.cf"), main_cf(dir, auth_port)).unwrap();
    fs::write(dir.join("conf/master.cf"), master_cf(port, tls_port)).unwrap();
}

fn main_cf(dir: &Path, auth_port: u16) -> String {
    let (uid, gid) = user("nobody");
    let at = dir.display();
    format!(
        "compatibility_level = 3.6
queue_directory = {at}/queue
data_directory = {at}/data
maillog_file = {at}/log
maillog_file_prefixes = {at}
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
default_transport = error:no-internet
virtual_mailbox_domains = example.test
virtual_mailbox_base = {at}/mail
virtual_mailbox_maps = inline:{{ {{ sales@example.test = sales/ }} {{ gone@example.test = gone/ }} {{ tempfail@example.test = t/ }} }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_cert_file = {at}/server.pem
smtpd_tls_key_file = {at}/server.key
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_error_sleep_time = 0
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ tempfail@example.test = 451 4.3.0 try later }} {{ gone@example.test = 550 5.1.1 no such vendor }} }}, permit_sasl_authenticated, reject
"
    )
}

fn master_cf(port: u16, tls_port: u16) -> String {
    let mut master = format!(
        "{port} inet n - n - - smtpd
{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
anvil unix - - n - 1 anvil
virtual unix - n n - - virtual
lmtp unix - - n - - lmtp
"
    );
    for (service, program) in [
        ("bounce", "bounce"),
        ("defer", "bounce"),
        ("trace", "bounce"),
        ("error", "error"),
        ("retry", "error"),
    ] {
        master.push_str(&format!("{service} unix - - n - 0 {program}\n"));
    }
    master
}

/// A Dovecot that answers who may log in and, if there is a port for it, files mail by LMTP.
fn dovecot(dir: &Path, port: u16, lmtp: Option<u16>) -> Group {
    let at = dir.display();
    let mut conf = format!(
        "base_dir = {at}/dovecot
state_dir = {at}/dovecot
log_path = {at}/dovecot.log
protocols =
ssl = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = user=shop password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={at}/mail/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"
    );
    if let Some(port) = lmtp {
        conf.push_str(&format!(
            "protocols = lmtp
first_valid_uid = 1
mail_location = maildir:~/Maildir
postmaster_address = postmaster@example.test
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {port}
  }}
}}
"
        ));
    }
    fs::write(dir.join("dovecot.conf"), conf).unwrap();
    spawn(
        Command::new("/usr/sbin/dovecot")
            .arg("-F")
            .arg("-c")
            .arg(dir.join("dovecot.conf")),
    )
}
