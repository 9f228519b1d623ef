//! A site that was made once and is copied for each trial, so that a hundred trials begin alike.

use super::desk::{Output, TestDesk};
use rusqlite::{Connection, OpenFlags};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One copy; gone when it is dropped.
pub struct Scene {
    // before the folder that it is mounted on
    disk: Option<Disk>,
    temp: tempfile::TempDir,
}

/// A small file system in memory; taken down when it is dropped.
struct Disk(PathBuf);

impl Drop for Disk {
    fn drop(&mut self) {
        mount("umount", &["-l"], &self.0);
    }
}

/// Whether `mount` or `umount` did what it was told.
fn mount(program: &str, args: &[&str], at: &Path) -> bool {
    let mut command = Command::new(program);
    let done = command.args(args).arg(at).stderr(Stdio::null()).status();
    done.is_ok_and(|status| status.success())
}

/// Copies files and folders with their modes; links are copied as links.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let mode = fs::metadata(from).unwrap().permissions();
    fs::set_permissions(to, mode).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy(&entry.path(), &target),
            kind if kind.is_symlink() => {
                let link = fs::read_link(entry.path()).unwrap();
                std::os::unix::fs::symlink(link, target).unwrap();
            }
            _ => drop(fs::copy(entry.path(), target).unwrap()),
        }
    }
}

/// `poms.toml` of a site whose mail leaves by SMTP in the clear on this machine.
pub fn smtp_config(port: u16, connections: usize, more: &str) -> String {
    config(
        &format!(
            "kind = \"smtp\"\nhost = \"127.0.0.1\"\nport = {port}\nsecurity = \"none\"\n\
             connections = {connections}\nhelo = \"poms.example\"\ntimeout_seconds = 5\n\
             data_timeout_seconds = 5\nconnect_timeout_seconds = 5"
        ),
        more,
    )
}

/// The same where mail is taken in two by two: the first documents leave while what is behind is decided on.
pub fn two_by_two(config: &str) -> String {
    config.replacen("[limits]\n", "[limits]\nbatch = 2\n", 1)
}

/// `poms.toml` with this `[delivery.email]`.
pub fn config(email: &str, more: &str) -> String {
    format!(
        "[site]\nname = \"Example Shop\"\nemail = \"orders@shop.example\"\n\
         admin_email = [\"ops@shop.example\"]\ntimezone = \"America/New_York\"\nledger = \"poms.db\"\n\
         [[mailbox]]\nname = \"orders\"\nkind = \"maildir\"\npath = \"mail/orders\"\n\
         [openpgp]\nsecret_keys = [\"keys/shop.sec.asc\"]\ntrusted_signers = [\"keys/webshop.pub.asc\"]\n\
         [limits]\nfree_disk_mib = 1\n[delivery.email]\n{email}\n{more}\n"
    )
}

impl Scene {
    /// A copy of what the desk holds now.
    pub fn of(desk: &TestDesk) -> Scene {
        Scene::from(&desk.path(""))
    }

    /// A copy of a folder.
    pub fn from(folder: &Path) -> Scene {
        let temp = tempfile::tempdir().unwrap();
        copy(folder, temp.path());
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(temp.path(), private).unwrap();
        Scene { temp, disk: None }
    }

    /// A copy of a folder on a disk of its own with so many KiB; `None` where mounting is forbidden.
    pub fn on_disk(folder: &Path, kib: usize) -> Option<Scene> {
        let temp = tempfile::tempdir().unwrap();
        let options = format!("size={kib}k,mode=700");
        if !mount(
            "mount",
            &["-t", "tmpfs", "-o", &options, "poms-test"],
            temp.path(),
        ) {
            return None;
        }
        let disk = Some(Disk(temp.path().to_owned()));
        copy(folder, temp.path());
        let private = fs::Permissions::from_mode(0o700);
        fs::set_permissions(temp.path(), private).unwrap();
        Some(Scene { temp, disk })
    }

    /// Changes the disk of [`Scene::on_disk`]: `size=64m`, `ro`, `rw`.
    pub fn remount(&self, option: &str) {
        assert!(self.disk.is_some(), "no disk of its own");
        let option = format!("remount,{option}");
        assert!(
            mount("mount", &["-o", &option], self.temp.path()),
            "{option}"
        );
    }

    /// A copy of this copy.
    pub fn again(&self) -> Scene {
        Scene::from(self.temp.path())
    }

    /// A file of the site.
    pub fn path(&self, name: &str) -> PathBuf {
        self.temp.path().join(name)
    }

    /// Writes the configuration.
    pub fn configure(&self, text: &str) {
        let path = self.path("poms.toml");
        fs::write(&path, text).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }

    /// `program ARGS…` in this site at this moment, ready to be started.
    pub fn command(&self, program: &str, args: &[&str], now: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.temp.path())
            .env("POMS_CONFIG", self.path("poms.toml"))
            .env("POMS_NOW", now)
            .env("SHLVL", "1")
            .env_remove("SUDO_USER")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .args(args);
        command
    }

    /// Runs poms to its end.
    pub fn run(&self, args: &[&str], now: &str) -> Output {
        output(self.command(POMS, args, now))
    }

    /// The ledger, to be looked at and not touched.
    pub fn ledger(&self) -> Connection {
        open(&self.path("poms.db"))
    }

    /// One number out of the ledger.
    pub fn count(&self, sql: &str) -> i64 {
        self.ledger().query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// What does not hold in the ledger.
    pub fn problems(&self) -> Vec<String> {
        problems(&self.path("poms.db"))
    }
}

/// What does not hold in a ledger: SQLite's structure, the chain, the seals, the sums, the anchor
/// beside it.
pub fn problems(ledger: &Path) -> Vec<String> {
    use poms::ledger::{Ledger, Mode};
    let anchor = PathBuf::from(format!("{}.anchor", ledger.display()));
    let ledger = Ledger::open(ledger, Mode::Examine, "test").unwrap();
    let report = ledger.verify(&anchor, &[]).unwrap();
    assert!(report.audit_rows > 0);
    report.problems
}

/// The binary under test.
pub const POMS: &str = env!("CARGO_BIN_EXE_poms");

/// A ledger, to be looked at and not touched.
pub fn open(path: &Path) -> Connection {
    Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
}

/// Runs a command to its end.
pub fn output(mut command: Command) -> Output {
    let done = command.output().expect("it runs");
    Output {
        code: done.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&done.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&done.stderr).into_owned(),
        bytes: done.stdout,
    }
}

/// All files below a folder with their contents, by path.
pub fn snapshot(folder: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    let mut found = std::collections::BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.insert(path.clone(), b"a folder".to_vec());
                folders.push(path);
            } else {
                found.insert(path.clone(), fs::read(&path).unwrap());
            }
        }
    }
    found
}
