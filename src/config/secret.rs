//! Where secrets come from: a file, a command, a systemd credential, or a configuration that only
//! its owner can read. The secret itself is read when it is needed, and never shown.

use super::safety::{self, Need};
use crate::program;
use secrecy::SecretString;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a `…_command` may take.
pub const COMMAND_TIMEOUT: Duration = Duration::from_secs(20);

/// The longest secret that is read, in bytes: OAuth2 tokens are the longest.
const LONGEST: u64 = 64 * 1024;

/// Where a secret comes from. It has no `Debug`, so that none can slip into a log.
#[derive(Clone)]
pub enum SecretSource {
    /// The first line of a file that only its owner can read.
    File(PathBuf),
    /// The first line that a program prints; arguments as they are, no shell.
    Command(Vec<String>),
    /// A file in `$CREDENTIALS_DIRECTORY` (systemd.exec(5), `LoadCredential=`).
    Credential(String),
    /// Written in the configuration, which must then be 0600.
    Inline(SecretString),
}

/// Why a secret could not be had. Never contains the secret or what a program printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SecretError {
    /// The file could not be read, or others can read it too.
    #[error("{0}")]
    File(String),
    /// systemd gave no credentials to this process.
    #[error("the credential '{0}' was not given: run poms under systemd with LoadCredential={0}:…")]
    NoCredentials(String),
    /// The program could not be started, failed, or took too long.
    #[error("the command '{program}' {fault}")]
    Command {
        /// The program, without its arguments.
        program: String,
        /// What happened.
        fault: String,
    },
    /// There was nothing in it.
    #[error("{0} gave an empty first line: the secret must stand there")]
    Empty(String),
    /// Bytes that are no text.
    #[error("{0} gave bytes that are not UTF-8 text")]
    NotText(String),
}

impl SecretSource {
    /// Reads the secret: the first line, without its line end.
    ///
    /// # Errors
    /// When the source cannot be read, is not protected, or is empty.
    pub fn read(&self) -> Result<SecretString, SecretError> {
        match self {
            SecretSource::Inline(secret) => Ok(secret.clone()),
            SecretSource::File(path) => read_file(path, Need::Private),
            SecretSource::Credential(name) => match std::env::var_os("CREDENTIALS_DIRECTORY") {
                // systemd may grant a service's user by ACL, which shows as group bits
                Some(dir) => read_file(&PathBuf::from(dir).join(name), Need::Credential),
                None => Err(SecretError::NoCredentials(name.clone())),
            },
            SecretSource::Command(words) => run(words, COMMAND_TIMEOUT),
        }
    }

    /// Where it comes from, in words for `poms check`; never the secret.
    pub fn describe(&self) -> String {
        match self {
            SecretSource::File(path) => format!("the file {}", path.display()),
            SecretSource::Command(words) => {
                let program = words.first().map_or("", String::as_str);
                format!("the command '{program}'")
            }
            SecretSource::Credential(name) => format!("the credential '{name}'"),
            SecretSource::Inline(_) => "the configuration".to_owned(),
        }
    }
}

fn read_file(path: &Path, need: Need) -> Result<SecretString, SecretError> {
    let bytes = safety::read(path, need, LONGEST).map_err(|fault| {
        SecretError::File(match path.exists() {
            true => fault,
            false => format!("{fault}; write the secret into it as its first line, and chmod 600"),
        })
    })?;
    first_line(bytes, &path.display().to_string())
}

fn first_line(bytes: Zeroizing<Vec<u8>>, source: &str) -> Result<SecretString, SecretError> {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.is_empty() {
        return Err(SecretError::Empty(source.to_owned()));
    }
    match std::str::from_utf8(line) {
        Ok(text) => Ok(text.to_owned().into()),
        Err(_) => Err(SecretError::NotText(source.to_owned())),
    }
}

/// Runs the program in a process group of its own, so that nothing of it outlives the time-out.
fn run(words: &[String], timeout: Duration) -> Result<SecretString, SecretError> {
    let name = words.first().cloned().unwrap_or_default();
    let failed = |fault: String| SecretError::Command {
        program: name.clone(),
        fault,
    };
    let (stdout, drain) = program::drain(LONGEST)
        .map_err(|error| failed(format!("could not be read from: {error}")))?;
    let mut child = Command::new(&name)
        .args(words.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .map_err(|error| failed(format!("could not be started: {error}")))?;
    let status = match program::wait(&mut child, timeout) {
        Ok(Some(status)) => status,
        Ok(None) => return Err(failed(format!("took longer than {} s", timeout.as_secs()))),
        Err(error) => return Err(failed(format!("could not be waited for: {error}"))),
    };
    if !status.success() {
        return Err(failed(format!(
            "failed ({status}); run it by hand to see why"
        )));
    }
    match drain.printed() {
        Some(bytes) => first_line(bytes, &format!("the command '{name}'")),
        None => Err(failed("could not be read from".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;

    fn shell(script: &str, timeout: Duration) -> Result<SecretString, SecretError> {
        run(&["sh".into(), "-c".into(), script.into()], timeout)
    }

    #[test]
    fn a_command_gives_its_first_line() {
        let secret = shell("printf 'pa ss\\r\\nnoise\\n'", COMMAND_TIMEOUT);
        assert_eq!(
            secret.map(|s| s.expose_secret().to_owned()),
            Ok("pa ss".into())
        );
    }

    #[test]
    fn arguments_reach_the_program_as_they_are() {
        let source = SecretSource::Command(vec!["echo".into(), "$HOME; `id`".into()]);
        let secret = source.read().map(|s| s.expose_secret().to_owned());
        assert_eq!(secret, Ok("$HOME; `id`".into()));
    }

    #[test]
    fn failures_are_named_without_what_was_printed() {
        for (script, word) in [
            ("echo SECRET; exit 3", "exit status: 3"),
            ("true", "empty first line"),
            ("printf '\\377\\n'", "not UTF-8"),
        ] {
            let fault = shell(script, COMMAND_TIMEOUT).err().map(|e| e.to_string());
            let fault = fault.unwrap_or_default();
            assert!(fault.contains(word), "{fault}");
            assert!(!fault.contains("SECRET"), "{fault}");
        }
        let missing = run(&["/no/such/program".into()], COMMAND_TIMEOUT);
        assert!(missing.is_err_and(|e| e.to_string().contains("could not be started")));
    }

    #[test]
    fn a_command_that_hangs_is_stopped_with_its_children() {
        let fault = shell("sleep 600 & sleep 600", Duration::from_millis(50)).err();
        assert!(fault.is_some_and(|e| e.to_string().contains("took longer")));
        // a child that keeps the pipe open does not keep poms
        let secret = shell("echo word; sleep 600 &", COMMAND_TIMEOUT);
        assert_eq!(
            secret.map(|s| s.expose_secret().to_owned()),
            Ok("word".into())
        );
    }

    #[test]
    fn a_file_is_read_only_when_nobody_else_can() -> std::io::Result<()> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("password");
        std::fs::write(&path, "hunter2\nsecond\n")?;
        for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
            let secret = SecretSource::File(path.clone()).read();
            assert_eq!(secret.is_ok(), fine, "{mode:o}");
            if let Err(error) = secret {
                assert!(error.to_string().contains("chmod 600"), "{error}");
            }
        }
        Ok(())
    }
}
