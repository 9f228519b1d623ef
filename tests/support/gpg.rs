//! A real GnuPG in a home of its own, its clock standing still.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// One GNUPGHOME; its agent ends with it.
pub struct Gpg {
    home: tempfile::TempDir,
    clock: String,
}

impl Gpg {
    /// An empty home at a moment such as `20250602T100000`.
    pub fn at(clock: &str) -> Gpg {
        let home = tempfile::Builder::new()
            .prefix("gpg")
            .tempdir()
            .expect("a temporary folder");
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        std::fs::set_permissions(home.path(), private).expect("modes");
        let agent = "allow-loopback-pinentry\nallow-preset-passphrase\n";
        std::fs::write(home.path().join("gpg-agent.conf"), agent).expect("agent configuration");
        Gpg {
            home,
            clock: clock.into(),
        }
    }

    /// The same home at another moment.
    pub fn set_clock(&mut self, clock: &str) {
        self.clock = clock.into();
    }

    /// Runs gpg and returns what it wrote; panics with its complaint when it fails.
    pub fn run(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let mut child = Command::new("gpg")
            .env("GNUPGHOME", self.home.path())
            .args([
                "--batch",
                "--yes",
                "--quiet",
                "--no-tty",
                "--pinentry-mode",
                "loopback",
            ])
            .args([
                "--trust-model",
                "always",
                "--faked-system-time",
                &format!("{}!", self.clock),
            ])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("gpg is installed");
        let mut stdin = child.stdin.take().expect("a pipe");
        let input = input.to_vec();
        let writer = std::thread::spawn(move || stdin.write_all(&input));
        let output = child.wait_with_output().expect("gpg ends");
        let _ = writer.join().expect("the writer ends");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "gpg {args:?}: {complaint}");
        output.stdout
    }

    /// A new key (`rsa3072`, or `ed25519` with cv25519) with an encryption subkey; its fingerprint.
    /// `expires` as gpg takes it: `never`, `1d`.
    pub fn key(&self, user: &str, algorithm: &str, expires: &str, passphrase: &str) -> String {
        let unlock = ["--passphrase", passphrase];
        let make = [
            "--quick-generate-key",
            user,
            algorithm,
            "cert,sign",
            expires,
        ];
        self.run(&[&unlock[..], &make[..]].concat(), b"");
        let fingerprint = self.fingerprint(user);
        let sub = if algorithm == "ed25519" {
            "cv25519"
        } else {
            algorithm
        };
        let add = ["--quick-add-key", &fingerprint, sub, "encr", expires];
        self.run(&[&unlock[..], &add[..]].concat(), b"");
        fingerprint
    }

    /// The fingerprint of a key.
    pub fn fingerprint(&self, user: &str) -> String {
        let listing = self.run(&["--with-colons", "--list-keys", user], b"");
        let listing = String::from_utf8(listing).expect("text");
        let line = listing
            .lines()
            .find(|line| line.starts_with("fpr:"))
            .expect("a fingerprint");
        line.split(':').nth(9).expect("its field").to_string()
    }

    /// The public half, armoured.
    pub fn public(&self, user: &str) -> Vec<u8> {
        self.run(&["--armor", "--export", user], b"")
    }

    /// The secret half, armoured, locked as it is.
    pub fn secret(&self, user: &str, passphrase: &str) -> Vec<u8> {
        self.run(
            &[
                "--passphrase",
                passphrase,
                "--armor",
                "--export-secret-keys",
                user,
            ],
            b"",
        )
    }

    /// Revokes a key with the certificate that gpg made beside it.
    pub fn revoke(&self, fingerprint: &str) {
        let file = format!("openpgp-revocs.d/{fingerprint}.rev");
        let path: PathBuf = self.home.path().join(file);
        let text = std::fs::read_to_string(path).expect("a revocation certificate");
        self.run(
            &["--import"],
            text.replace(":-----BEGIN", "-----BEGIN").as_bytes(),
        );
    }
}

impl Drop for Gpg {
    fn drop(&mut self) {
        let _ = Command::new("gpgconf")
            .env("GNUPGHOME", self.home.path())
            .args(["--kill", "all"])
            .status();
    }
}
