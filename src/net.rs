//! Connections to servers: addresses, TCP under deadlines, TLS with verified certificates.
//!
//! There is no switch that turns the verification of certificates off.

use crate::files;
use chrono::{DateTime, Utc};
use native_tls::{Certificate, Protocol, TlsConnector, TlsStream};
use openssl::asn1::Asn1Time;
use openssl::x509::{X509, X509Ref};
use std::fmt;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How a connection is secured. There is no opportunistic TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// In the clear: to this machine only, unless `allow_plaintext`.
    None,
    /// STARTTLS (RFC 3207, RFC 3501), required.
    StartTls,
    /// TLS from the first byte (RFC 8314).
    Tls,
}

/// A socket whose reads and writes fail when a moment has passed, however slowly bytes trickle, or
/// when nothing at all comes for a while.
struct Timed {
    tcp: TcpStream,
    until: Instant,
    stall: Duration,
}

impl fmt::Debug for Timed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Timed")
    }
}

impl Timed {
    fn left(&self) -> io::Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        Ok(Some(left.min(self.stall)))
    }
}

/// A signal is no reason to fail, and a socket's timeout is reported as one.
fn patiently(mut act: impl FnMut() -> io::Result<usize>) -> io::Result<usize> {
    loop {
        match act() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                return Err(ErrorKind::TimedOut.into());
            }
            other => return other,
        }
    }
}

impl Read for Timed {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        patiently(|| {
            self.tcp.set_read_timeout(self.left()?)?;
            self.tcp.read(bytes)
        })
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        patiently(|| {
            self.tcp.set_write_timeout(self.left()?)?;
            self.tcp.write(bytes)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

enum PlainOrTls {
    Plain(Timed),
    Tls(Box<TlsStream<Timed>>),
}

/// A connection, in the clear or under TLS.
pub struct Stream {
    way: PlainOrTls,
}

impl Stream {
    /// Connects to the first of the addresses that answers; they share `limit`.
    ///
    /// # Errors
    /// The last address's.
    pub fn connect(addresses: &[SocketAddr], limit: Duration) -> io::Result<Stream> {
        let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
        let mut last = io::Error::new(ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpStream::connect_timeout(address, share.max(Duration::from_millis(1))) {
                Ok(tcp) => {
                    // a command must not wait for the other side's delayed ACK
                    tcp.set_nodelay(true)?;
                    let until = Instant::now() + limit;
                    let stall = limit;
                    let way = PlainOrTls::Plain(Timed { tcp, until, stall });
                    return Ok(Stream { way });
                }
                Err(error) => last = error,
            }
        }
        Err(last)
    }

    /// Goes on under TLS, with the certificate verified for `host`, within `limit`.
    ///
    /// # Errors
    /// What the handshake or the certificate lacks.
    pub fn secure(self, tls: &TlsConnector, host: &str, limit: Duration) -> io::Result<Stream> {
        let PlainOrTls::Plain(mut timed) = self.way else {
            return Err(io::Error::other("the connection is under TLS already"));
        };
        timed.until = Instant::now() + limit;
        timed.stall = limit;
        let stream = tls
            .connect(host, timed)
            .map_err(|error| io::Error::other(explained(&error.to_string())))?;
        let way = PlainOrTls::Tls(Box::new(stream));
        Ok(Stream { way })
    }

    /// The moment at which the server's certificate ends; `None` in the clear.
    pub fn certificate_ends(&self) -> Option<DateTime<Utc>> {
        let PlainOrTls::Tls(tls) = &self.way else {
            return None;
        };
        let der = tls.peer_certificate().ok()??.to_der().ok()?;
        not_after(&*X509::from_der(&der).ok()?)
    }

    /// From now on reads and writes fail after `total`, or when one of them waits for `stall`.
    pub fn deadline(&mut self, total: Duration, stall: Duration) {
        let timed = match &mut self.way {
            PlainOrTls::Plain(timed) => timed,
            PlainOrTls::Tls(tls) => tls.get_mut(),
        };
        timed.until = Instant::now() + total;
        timed.stall = stall;
    }
}

impl Read for Stream {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        match &mut self.way {
            PlainOrTls::Plain(timed) => timed.read(bytes),
            PlainOrTls::Tls(tls) => tls.read(bytes),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.way {
            PlainOrTls::Plain(timed) => timed.write(bytes),
            PlainOrTls::Tls(tls) => tls.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.way {
            PlainOrTls::Plain(timed) => timed.flush(),
            PlainOrTls::Tls(tls) => tls.flush(),
        }
    }
}

/// What a client said of a failure, with what to do where it is about the server's certificate.
pub fn explained_of_certificate(error: &str) -> String {
    match error.contains("certificate verify failed") {
        true => explained(error),
        false => error.to_owned(),
    }
}

/// What keeps TLS from being, with what to do. OpenSSL puts its verdict on a certificate (X509_V_ERR…)
/// into parentheses at the end.
fn explained(error: &str) -> String {
    let verdict = error
        .rsplit_once('(')
        .map(|(_, rest)| rest.trim_end_matches(')'));
    let Some(verdict) = verdict.filter(|_| error.contains("certificate verify failed")) else {
        return format!(
            "{error}; does security fit the port, and does the server speak TLS 1.2 or later?"
        );
    };
    let hint = if verdict.contains("expired") {
        "have it renewed; until then nothing is sent or fetched there"
    } else if verdict.contains("not yet valid") {
        "is this machine's clock right?"
    } else if verdict.contains("mismatch") {
        "host must be a name that stands in it"
    } else {
        "if its authority is not a public one, name that in ca_file"
    };
    format!("the server's certificate is not to be trusted ({verdict}): {hint}")
}

/// When a certificate ends.
pub fn not_after(certificate: &X509Ref) -> Option<DateTime<Utc>> {
    let epoch = Asn1Time::from_unix(0).ok()?;
    let since = epoch.diff(certificate.not_after()).ok()?;
    DateTime::from_timestamp(i64::from(since.days) * 86_400 + i64::from(since.secs), 0)
}

/// The addresses of a server, by the system's resolver.
///
/// # Errors
/// When the name is unknown or the resolver does not answer.
pub fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

/// The first address that is not this machine's, to which plain text may not go.
pub fn outside(addresses: &[SocketAddr]) -> Option<IpAddr> {
    let mut ips = addresses.iter().map(SocketAddr::ip);
    ips.find(|ip| !ip.to_canonical().is_loopback())
}

/// Whether an address is one that no public service has (RFC 1918, 3927, 4193, 4291, 6598, 6890).
pub fn inside(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => {
            let [first, second, ..] = ip.octets();
            ip.is_private()
                || ip.is_loopback()
                || ip.is_link_local()
                || ip.is_unspecified()
                || ip.is_broadcast()
                || ip.is_multicast()
                || first == 0
                || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(ip) => {
            ip.is_loopback()
                || ip.is_unspecified()
                || ip.is_multicast()
                || ip.is_unique_local()
                || ip.is_unicast_link_local()
        }
    }
}

/// Why TLS cannot be set up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// The file of certificate authorities.
    #[error("cannot use the CA file {path}: {reason}; ca_file must name certificates in PEM form")]
    CaFile {
        /// Its path.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// TLS itself.
    #[error("TLS cannot be set up: {0}")]
    Tls(String),
}

/// TLS 1.2 or later that trusts the authorities in `ca_file` (PEM) **instead of** the system's.
///
/// # Errors
/// When the file cannot be read or holds no certificates.
pub fn connector(ca_file: Option<&Path>) -> Result<TlsConnector, TrustError> {
    let mut builder = TlsConnector::builder();
    builder.min_protocol_version(Some(Protocol::Tlsv12));
    if let Some(path) = ca_file {
        let path = path.to_owned();
        let wrong = |reason: String| TrustError::CaFile {
            path: path.clone(),
            reason,
        };
        let pem =
            files::read(&path, files::LARGEST_KEY).map_err(|error| wrong(error.to_string()))?;
        let certificates =
            Certificate::stack_from_pem(&pem).map_err(|error| wrong(error.to_string()))?;
        if certificates.is_empty() {
            return Err(wrong("it holds no certificate in PEM form".to_owned()));
        }
        builder.disable_built_in_roots(true);
        for certificate in certificates {
            builder.add_root_certificate(certificate);
        }
    }
    let built = builder.build();
    built.map_err(|error| TrustError::Tls(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_refused_is_explained() {
        let openssl = |verdict: &str| {
            explained(&format!(
                "error:0A000086:SSL routines::certificate verify failed:x.c:1: ({verdict})"
            ))
        };
        for (verdict, advice) in [
            ("certificate has expired", "have it renewed"),
            ("certificate is not yet valid", "clock"),
            ("hostname mismatch", "host must be"),
            ("self-signed certificate", "ca_file"),
            ("unable to get local issuer certificate", "ca_file"),
        ] {
            let said = openssl(verdict);
            assert!(said.contains(verdict) && said.contains(advice), "{said}");
            assert!(!said.contains("error:"), "{said}");
        }
        assert!(explained("wrong version number").contains("does security fit the port"));
    }

    #[test]
    fn addresses_inside_are_told_from_those_outside() {
        for (ip, is_inside) in [
            ("10.1.2.3", true),
            ("127.0.0.1", true),
            ("169.254.169.254", true),
            ("192.168.0.1", true),
            ("100.64.0.1", true),
            ("0.0.0.0", true),
            ("0.1.2.3", true),
            ("::1", true),
            ("fd00::1", true),
            ("fe80::1", true),
            ("::ffff:10.0.0.1", true),
            ("8.8.8.8", false),
            ("100.128.0.1", false),
            ("2606:4700::1", false),
        ] {
            assert_eq!(inside(ip.parse().unwrap()), is_inside, "{ip}");
        }
    }
}
