//! From nothing to a server that is ready for MAIL: connect, greeting, EHLO, STARTTLS, AUTH.

use super::server::{Security, Server};
use super::wire::{Reply, Wire};
use crate::net;
use secrecy::ExposeSecret;
use std::net::SocketAddr;
use zeroize::Zeroizing;

/// What the server offers in its answer to EHLO.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Offers {
    pub starttls: bool,
    pub pipelining: bool,
    pub eight_bit: bool,
    pub utf8: bool,
    pub size: bool,
    pub dsn: bool,
    pub auth_plain: bool,
    pub auth_login: bool,
}

impl Offers {
    fn read(reply: &Reply) -> Offers {
        let mut offers = Offers::default();
        for line in reply.lines.iter().skip(1) {
            let upper = line.to_ascii_uppercase();
            let mut words = upper.split([' ', '=']).filter(|word| !word.is_empty());
            match words.next() {
                Some("STARTTLS") => offers.starttls = true,
                Some("PIPELINING") => offers.pipelining = true,
                Some("8BITMIME") => offers.eight_bit = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("SIZE") => offers.size = true,
                Some("DSN") => offers.dsn = true,
                Some("AUTH") => words.for_each(|word| match word {
                    "PLAIN" => offers.auth_plain = true,
                    "LOGIN" => offers.auth_login = true,
                    _ => {}
                }),
                _ => {}
            }
        }
        offers
    }
}

/// A connection that is greeted, secured and logged in.
pub(super) struct Session {
    pub wire: Wire,
    pub offers: Offers,
}

/// Opens a session. The error is a sentence for people: everything that fails here concerns the
/// server, not one parcel.
pub(super) fn open(server: &Server) -> Result<Session, String> {
    let limits = &server.settings.timeouts;
    let at = server.address();
    let mut wire = Wire::connect(&addresses(server)?, limits.connect).map_err(|error| {
        format!("cannot connect to {at}: {error}; is the server up, and are host and port right?")
    })?;
    if server.settings.security == Security::Tls {
        wire = secure(server, wire)?;
    }
    let greeting = wire
        .reply(limits.command)
        .map_err(|error| format!(
                "no SMTP greeting from {at}: {error}; is it an SMTP server, and does security fit its port \
                 (465: \"tls\", 587: \"starttls\")?"
            ))?;
    if greeting.code != 220 {
        let hint = match greeting.code / 100 {
            5 => "ask those who run it why it refuses this machine",
            _ => "it is tried again later; if that goes on, ask those who run it",
        };
        return Err(format!("{at} does not take mail now: {greeting}; {hint}"));
    }
    let mut offers = hello(server, &mut wire)?;
    if server.settings.security == Security::StartTls {
        if !offers.starttls {
            return Err(format!(
                "{at} does not offer STARTTLS, and nothing is sent in the clear: \
                 set security = \"tls\" if it speaks TLS from the start"
            ));
        }
        let reply = ask(server, &mut wire, b"STARTTLS\r\n", "STARTTLS")?;
        if reply.code != 220 {
            return Err(format!("{at} refuses STARTTLS: {reply}"));
        }
        wire = secure(server, wire)?;
        offers = hello(server, &mut wire)?;
    }
    log_in(server, &mut wire, &offers)?;
    Ok(Session { wire, offers })
}

fn addresses(server: &Server) -> Result<Vec<SocketAddr>, String> {
    let settings = &server.settings;
    let host = settings.host.trim_start_matches('[').trim_end_matches(']');
    let found = net::addresses(host, settings.port).map_err(|error| {
        format!("cannot find the mail server '{host}': {error}; check host and this machine's DNS")
    })?;
    if settings.security == Security::None
        && !settings.allow_plaintext
        && let Some(outside) = net::outside(&found)
    {
        return Err(format!(
            "security = \"none\" is for this machine only, and '{host}' is {}: \
             set security to \"starttls\" or \"tls\", or allow_plaintext = true",
            outside
        ));
    }
    Ok(found)
}

fn secure(server: &Server, wire: Wire) -> Result<Wire, String> {
    let at = server.address();
    let Some(tls) = &server.tls else {
        return Err(format!("TLS was not set up for {at}"));
    };
    let host = server.settings.host.as_str();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    wire.secure(tls, host, server.settings.timeouts.connect)
        .map_err(|error| format!("no TLS with {at}: {error}"))
}

fn hello(server: &Server, wire: &mut Wire) -> Result<Offers, String> {
    let line = format!("EHLO {}\r\n", server.hello);
    let mut reply = ask(server, wire, line.as_bytes(), "EHLO")?;
    // a server of before 1995 (RFC 5321, 3.2): it offers nothing, so neither TLS nor a login
    if matches!(reply.code, 500 | 502) {
        let line = format!("HELO {}\r\n", server.hello);
        reply = ask(server, wire, line.as_bytes(), "HELO")?;
        reply.lines.truncate(1);
    }
    if reply.code != 250 {
        return Err(format!(
            "{} refuses EHLO: {reply}; check helo, the name that poms gives itself",
            server.address()
        ));
    }
    Ok(Offers::read(&reply))
}

/// AUTH PLAIN (RFC 4616) or, where only that is offered, LOGIN.
fn log_in(server: &Server, wire: &mut Wire, offers: &Offers) -> Result<(), String> {
    let Some(login) = &server.settings.login else {
        return Ok(());
    };
    let at = server.address();
    let password = login.password.expose_secret();
    let reply = if offers.auth_plain {
        let identity = Zeroizing::new(format!("\0{}\0{password}", login.user));
        ask(server, wire, &line_of("AUTH PLAIN ", &identity), "AUTH")?
    } else if offers.auth_login {
        let mut reply = ask(server, wire, b"AUTH LOGIN\r\n", "AUTH")?;
        for word in [login.user.as_str(), password] {
            if reply.code != 334 {
                break;
            }
            reply = ask(server, wire, &line_of("", word), "AUTH")?;
        }
        reply
    } else {
        return Err(format!(
            "{at} offers neither AUTH PLAIN nor AUTH LOGIN on this connection, but a user is set: \
             many do only under TLS (security), and a server that wants no login needs no user"
        ));
    };
    match reply.code {
        235 => Ok(()),
        _ => Err(format!(
            "{at} does not log '{}' in: {reply}; check user and password",
            login.user
        )),
    }
}

/// A line with a secret in base64; openssl's encoder puts no line breaks in.
fn line_of(command: &str, secret: &str) -> Zeroizing<Vec<u8>> {
    let encoded = Zeroizing::new(openssl::base64::encode_block(secret.as_bytes()));
    let mut line = Zeroizing::new(Vec::with_capacity(command.len() + encoded.len() + 2));
    line.extend_from_slice(command.as_bytes());
    line.extend_from_slice(encoded.as_bytes());
    line.extend_from_slice(b"\r\n");
    line
}

fn ask(server: &Server, wire: &mut Wire, line: &[u8], what: &str) -> Result<Reply, String> {
    let limit = server.settings.timeouts.command;
    wire.send(line, limit)
        .and_then(|()| wire.reply(limit))
        .map_err(|error| format!("{} did not answer {what}: {error}", server.address()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_read_in_any_case_and_in_the_old_form() {
        let lines = [
            "mx.example",
            "pipelining",
            "SIZE 1000",
            "AUTH=LOGIN PLAIN",
            "8BITMIME",
        ];
        let offers = Offers::read(&Reply {
            code: 250,
            lines: lines.map(str::to_owned).to_vec(),
        });
        assert!(offers.pipelining && offers.size && offers.eight_bit);
        assert!(offers.auth_plain && offers.auth_login);
        assert!(!offers.starttls && !offers.utf8);
    }

    #[test]
    fn the_servers_own_name_offers_nothing() {
        let offers = Offers::read(&Reply {
            code: 250,
            lines: vec!["STARTTLS".to_owned()],
        });
        assert_eq!(offers, Offers::default());
    }
}
