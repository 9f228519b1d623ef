//! The connection to an SFTP server: its key is compared before poms says who it is.

use super::super::SourceFailure;
use crate::config::safety::{self, Need};
use crate::config::{SftpLogin, SftpServer};
use crate::net;
use openssl::base64::encode_block;
use openssl::sha::sha256;
use secrecy::ExposeSecret;
use ssh2::{Error, ErrorCode, HostKeyType, MethodType, Session, Sftp};
use std::net::TcpStream;

/// The largest private key that is read, in bytes.
const LONGEST_KEY: u64 = 64 << 10;

/// Kinds of server keys that are asked for, the best first. Signatures by SHA-1 (`ssh-rsa`) are not taken.
const KEY_KINDS: [&str; 3] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521",
    "rsa-sha2-512,rsa-sha2-256",
];

/// An open connection.
pub struct Connection {
    /// Files of the server.
    pub sftp: Sftp,
    // the files' session lives as long as this
    _session: Session,
}

/// Connects, compares the server's key, logs in and opens its files.
///
/// # Errors
/// What failed, and what to do.
pub fn connect(config: &SftpServer) -> Result<Connection, SourceFailure> {
    let (mut seen, mut last) = (Vec::new(), None);
    for kinds in KEY_KINDS {
        let session = match greet(config, kinds) {
            Ok(session) => session,
            // it has no key of these kinds, or is not there at all
            Err(Greeting::NoKey(failure)) => {
                last = Some(failure);
                continue;
            }
            Err(Greeting::Failed(failure)) => return Err(failure),
        };
        let Some((kind, digest)) = fingerprint(&session) else {
            continue;
        };
        if digest == config.host_key {
            log_in(config, &session)?;
            session.set_timeout(milliseconds(config));
            let sftp = session
                .sftp()
                .map_err(|fault| failed(config, "gives no files by SFTP", &fault))?;
            return Ok(Connection {
                sftp,
                _session: session,
            });
        }
        seen.push(format!("SHA256:{digest} ({kind})"));
    }
    match (seen.is_empty(), last) {
        (true, Some(failure)) => Err(failure),
        _ => Err(other_key(config, &seen)),
    }
}

/// The server has another key: nothing was said to it.
fn other_key(config: &SftpServer, seen: &[String]) -> SourceFailure {
    let what = format!(
        "the SFTP server {}:{} proves itself by {}, and host_key is SHA256:{}: somebody may stand between, and nothing was \
         said to it",
        config.host,
        config.port,
        match seen {
            [] => "no key that poms takes".to_owned(),
            seen => seen.join(" or "),
        },
        config.host_key
    );
    SourceFailure::lasting(
        what,
        "ask whoever runs the server what `ssh-keygen -lf` prints of its keys, by another way than this one, and correct \
         host_key only if it is theirs",
    )
}

enum Greeting {
    /// The two found no kind of key that both have.
    NoKey(SourceFailure),
    Failed(SourceFailure),
}

/// A session that is encrypted, with a server whose key was not looked at yet.
fn greet(config: &SftpServer, kinds: &str) -> Result<Session, Greeting> {
    let address = format!("{}:{}", config.host, config.port);
    let unreachable = |fault: &dyn std::fmt::Display| {
        Greeting::Failed(SourceFailure::passing(
            format!("the SFTP server {address} cannot be reached: {fault}"),
            "see whether it runs, and whether host and port are right",
        ))
    };
    let stream = tcp(config).map_err(|fault| unreachable(&fault))?;
    let mut session = Session::new().map_err(|fault| unreachable(&fault))?;
    session.set_timeout(milliseconds(config));
    session.set_tcp_stream(stream);
    let prefer = session.method_pref(MethodType::HostKey, kinds);
    prefer.map_err(|fault| unreachable(&fault))?;
    session.handshake().map_err(|fault| {
        // whoever finds no kind of key in common ends the connection; LIBSSH2_ERROR_TIMEOUT, _SOCKET_TIMEOUT
        let no_key = !matches!(fault.code(), ErrorCode::Session(-9 | -30));
        let failure = SourceFailure::passing(
            format!("the SFTP server {address} and poms cannot agree on how to talk: {fault}"),
            "see whether host and port are right, and whether it has a key of a kind that is still safe (ed25519, ecdsa, or \
             rsa with SHA-2)",
        );
        match no_key {
            true => Greeting::NoKey(failure),
            false => Greeting::Failed(failure),
        }
    })?;
    Ok(session)
}

fn tcp(config: &SftpServer) -> std::io::Result<TcpStream> {
    let addresses = net::addresses(&config.host, config.port)?;
    let share = config.timeout / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut last = std::io::Error::other("the name has no address");
    for address in addresses {
        match TcpStream::connect_timeout(&address, share) {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(config.timeout))?;
                stream.set_write_timeout(Some(config.timeout))?;
                return Ok(stream);
            }
            Err(fault) => last = fault,
        }
    }
    Err(last)
}

/// The kind of the server's key, and its SHA-256 as `ssh-keygen` prints it.
fn fingerprint(session: &Session) -> Option<(&'static str, String)> {
    let (key, kind) = session.host_key()?;
    let kind = match kind {
        HostKeyType::Rsa => "RSA",
        HostKeyType::Ed25519 => "ED25519",
        HostKeyType::Ecdsa256 | HostKeyType::Ecdsa384 | HostKeyType::Ecdsa521 => "ECDSA",
        _ => "another kind",
    };
    let digest = encode_block(&sha256(key));
    Some((kind, digest.trim_end_matches('=').to_owned()))
}

fn log_in(config: &SftpServer, session: &Session) -> Result<(), SourceFailure> {
    let secret = |what: &str, fault: &dyn std::fmt::Display| {
        let what = format!("the {what} of {} cannot be had: {fault}", config.user);
        SourceFailure::lasting(what, "correct it in the configuration")
    };
    let (way, done) = match &config.login {
        SftpLogin::Key(path, passphrase) => {
            let key = safety::read(path, Need::Private, LONGEST_KEY);
            let key = key.map_err(|fault| secret("key", &fault))?;
            let key = std::str::from_utf8(&key).map_err(|_| {
                secret(
                    "key",
                    &format!("{} is no private key in text", path.display()),
                )
            })?;
            let passphrase = passphrase.as_ref().map(|source| source.read()).transpose();
            let passphrase = passphrase.map_err(|fault| secret("passphrase", &fault))?;
            let passphrase = passphrase.as_ref().map(|secret| secret.expose_secret());
            let done = session.userauth_pubkey_memory(&config.user, None, key, passphrase);
            (format!("the key {}", path.display()), done)
        }
        SftpLogin::Password(source) => {
            let password = source.read().map_err(|fault| secret("password", &fault))?;
            let done = session.userauth_password(&config.user, password.expose_secret());
            ("the password".to_owned(), done)
        }
    };
    done.map_err(|fault| refused(config, session, &way, &fault))
}

/// The server did not let poms in, or was lost meanwhile.
fn refused(config: &SftpServer, session: &Session, way: &str, fault: &Error) -> SourceFailure {
    let address = format!("{}:{}", config.host, config.port);
    if is_lost(fault) {
        return failed(config, "was lost while poms logged in", fault);
    }
    let takes = session.auth_methods(&config.user).unwrap_or_default();
    let takes = match takes.is_empty() {
        true => String::new(),
        false => format!("; it takes {takes}"),
    };
    SourceFailure::lasting(
        format!(
            "the SFTP server {address} does not let {} in by {way}: {}{takes}",
            config.user,
            fault.message()
        ),
        "have its owner add the public key to the user's authorized_keys, or correct user, key or password (and the key's \
         passphrase)",
    )
}

fn milliseconds(config: &SftpServer) -> u32 {
    u32::try_from(config.timeout.as_millis()).unwrap_or(u32::MAX)
}

/// Whether the connection itself is gone.
pub fn is_lost(fault: &Error) -> bool {
    // sockets, time-outs, and a session that was ended (libssh2.h)
    matches!(
        fault.code(),
        ErrorCode::Session(-4..=-1 | -7 | -9 | -13 | -27 | -30 | -37 | -43)
            | ErrorCode::SFTP(6 | 7)
    )
}

/// A failure of the server as a whole.
pub fn failed(config: &SftpServer, what: &str, fault: &Error) -> SourceFailure {
    SourceFailure::passing(
        format!(
            "the SFTP server {}:{} {what}: {}",
            config.host,
            config.port,
            fault.message()
        ),
        "the next run tries again; see its log if it stays",
    )
}
