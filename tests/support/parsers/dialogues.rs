//! Servers in this process that say what they are told, whatever they are asked.

use poms::config::{ImapConfig, SecretSource};
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::smtp::{Security, Server, SmtpChannel, SmtpSettings, Timeouts};
use poms::intake::mailbox::imap::Imap;
use poms::intake::mailbox::{FilingFolder, Mailbox};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// The data is cut at zero bytes: a piece is the greeting, and each other one the answer to the next
/// thing that is said. When they are at their end, the server hangs up.
fn serve(pieces: &[Vec<u8>], stream: TcpStream, tagged: bool) -> Option<()> {
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    let mut tag = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if at > 0 {
            let mut line = Vec::new();
            lines
                .by_ref()
                .take(64 << 10)
                .read_until(b'\n', &mut line)
                .ok()?;
            if line.is_empty() {
                return None;
            }
            let word = line.split(|byte| *byte == b' ').next().unwrap_or_default();
            tag = word.to_vec();
        }
        match tagged {
            true => out.write_all(&with_tag(piece, &tag)).ok()?,
            false => out.write_all(piece).ok()?,
        }
    }
    let _ = out.shutdown(Shutdown::Write);
    // the client hangs up, or is told off
    let _ = lines.take(1 << 20).read_to_end(&mut Vec::new());
    Some(())
}

/// `%` stands for the tag of the command that is answered.
fn with_tag(piece: &[u8], tag: &[u8]) -> Vec<u8> {
    let mut said = Vec::with_capacity(piece.len());
    for byte in piece {
        match byte {
            b'%' => said.extend_from_slice(tag),
            byte => said.push(*byte),
        }
    }
    said
}

/// Talks to a server that says this, once for each connection and at most twice.
fn with_server(data: &[u8], tagged: bool, talk: impl FnOnce(u16)) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let pieces: Vec<Vec<u8>> = data.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    let served = std::thread::spawn(move || {
        for stream in listener.incoming().flatten().take(2) {
            let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
            let _ = stream.set_nodelay(true);
            if stream.peer_addr().is_ok_and(|peer| peer.port() == 0) {
                return;
            }
            serve(&pieces, stream, tagged);
        }
    });
    talk(port);
    // ends the thread if it waits for a connection still
    for _ in 0..2 {
        let _ =
            TcpStream::connect(("127.0.0.1", port)).map(|stream| stream.shutdown(Shutdown::Both));
    }
    served.join().expect("the server does not panic");
}

/// A mail server's answers. What is said to be accepted must have been: two positive answers at least
/// came.
pub fn smtp(data: &[u8]) {
    with_server(data, false, |port| {
        let soon = Duration::from_millis(500);
        let settings = SmtpSettings {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            allow_plaintext: false,
            ca_file: None,
            login: None,
            hello: Some("poms.example".to_owned()),
            timeouts: Timeouts {
                connect: soon,
                command: soon,
                final_dot: soon,
            },
        };
        let server = Server::new(settings).expect("settings");
        let mut channel = SmtpChannel::new(Arc::new(server));
        let message = OutgoingMessage {
            id: 1,
            reference: "<po-1@shop.example>".to_owned(),
            from: "orders@shop.example".to_owned(),
            to: vec!["sales@vendor.example".to_owned()],
            subject: "PO 1".to_owned(),
            content: b"Subject: PO 1\r\n\r\nend\r\n".to_vec(),
        };
        let outcome = match channel.prepare(&message) {
            Ok(()) => channel.complete(&message),
            Err(outcome) => outcome,
        };
        if let DeliveryOutcome::Accepted { .. } = outcome {
            let found = data.windows(2).filter(|two| two[0] == b'2').count();
            assert!(found >= 2, "accepted without a word of it");
        }
        channel.close();
    });
}

/// A mailbox server's answers to a list, a fetch and the filing of one mail.
pub fn imap(data: &[u8]) {
    with_server(data, true, |port| {
        let config = ImapConfig {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            user: "shop".to_owned(),
            password: SecretSource::Inline("secret".to_owned().into()),
            oauth2: false,
            allow_plaintext: false,
            folder: "INBOX".to_owned(),
            ca_file: None,
            timeout: Duration::from_millis(500),
        };
        let mut mailbox = Imap::new("m", &config, "Processed", "Quarantine").expect("a mailbox");
        let Ok(handles) = mailbox.list() else {
            return;
        };
        let few = &handles[..handles.len().min(3)];
        let _ = mailbox.fetch(few, 4_000);
        let _ = mailbox.file(few, FilingFolder::Processed);
    });
}
