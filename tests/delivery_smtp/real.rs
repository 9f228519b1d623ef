//! Real servers: smtp-sink that misbehaves on request, and a Postfix with TLS and AUTH.

use super::*;
use crate::support::postfix::{PASSWORD, Postfix, SINK, installed, sink};
use poms::delivery::smtp::Login;

#[test]
fn smtp_sink_in_its_moods() {
    if !installed(SINK) {
        return;
    }
    let cases: [(&[&str], &str, &str); 9] = [
        (&[], "accepted", "250"),
        (&["-f", "EHLO"], "accepted", "250"),
        (&["-r", "RCPT"], "deferred", "450"),
        (&["-f", "RCPT"], "refused", "500"),
        (&["-r", "."], "deferred", "450"),
        (&["-f", "."], "refused", "500"),
        (
            &["-b", "452 4.2.2 mailbox full", "-r", "RCPT"],
            "deferred",
            "452 4.2.2 mailbox full",
        ),
        (&["-q", "."], "unknown", "may have taken"),
        (&["-Q", "."], "deferred (server unreachable)", "421"),
    ];
    for (flags, word, detail) in cases {
        for pipelining in [true, false] {
            let mut flags = flags.to_vec();
            if !pipelining {
                flags.push("-p");
            }
            let (_sink, port) = sink(&flags);
            let mut channel = channel(settings(port));
            for id in 0..3 {
                let outcome = send(&mut channel, &message(id));
                assert_eq!(outcome.word(), word, "{flags:?}: {}", outcome.detail());
                assert!(
                    outcome.detail().contains(detail),
                    "{flags:?}: {}",
                    outcome.detail()
                );
            }
            channel.close();
        }
    }
}

#[test]
fn a_sink_that_stalls_after_the_dot_is_unknown() {
    if !installed(SINK) {
        return;
    }
    let (_sink, port) = sink(&["-W", ".:30"]);
    assert_eq!(
        send(&mut channel(hasty(port)), &message(1)).word(),
        "unknown"
    );
}

fn secured(postfix: &Postfix, security: Security) -> SmtpSettings {
    let port = match security {
        Security::Tls => postfix.tls_port,
        _ => postfix.port,
    };
    SmtpSettings {
        host: "localhost".to_owned(),
        security,
        ca_file: Some(postfix.ca()),
        login: Some(Login {
            user: "shop".to_owned(),
            password: PASSWORD.to_owned().into(),
        }),
        ..settings(port)
    }
}

fn to(id: i64, whom: &[&str]) -> OutgoingMessage {
    let to = whom
        .iter()
        .map(|name| format!("{name}@example.test"))
        .collect();
    OutgoingMessage { to, ..message(id) }
}

#[test]
fn postfix_takes_mail_over_starttls_and_tls_and_nothing_less() {
    let Some(postfix) = Postfix::start() else {
        return;
    };
    for security in [Security::StartTls, Security::Tls] {
        let mut channel = channel(secured(&postfix, security));
        channel.check().unwrap();
        for id in 0..3 {
            let outcome = send(&mut channel, &to(id, &["sales"]));
            assert_eq!(outcome.word(), "accepted", "{}", outcome.detail());
        }
        let outcome = send(&mut channel, &to(4, &["tempfail"]));
        assert_eq!(
            (outcome.word(), outcome.detail().contains("try later")),
            ("deferred", true)
        );
        let outcome = send(&mut channel, &to(5, &["sales", "gone"]));
        assert_eq!(
            (outcome.word(), outcome.detail().contains("no such vendor")),
            ("refused", true)
        );
        channel.prepare(&to(6, &["sales"])).unwrap();
        channel.abandon();
        assert_eq!(send(&mut channel, &to(7, &["sales"])).word(), "accepted");
        channel.close();
    }
    let mails = postfix.mails(8);
    assert_eq!(
        mails.len(),
        8,
        "the refused and the abandoned must not be there"
    );
    assert!(
        mails
            .iter()
            .all(|mail| mail.contains("\n.one\n..two\nend\n")),
        "{}",
        mails[0]
    );
    refusals(&postfix);
}

fn refusals(postfix: &Postfix) {
    let why = |settings: SmtpSettings| {
        let outcome = send(&mut channel(settings), &to(1, &["sales"]));
        assert_eq!(
            outcome.word(),
            "deferred (server unreachable)",
            "{}",
            outcome.detail()
        );
        outcome.detail().to_owned()
    };
    for security in [Security::StartTls, Security::Tls] {
        let good = || secured(postfix, security);
        let mut wrong = good();
        wrong.login = Some(Login {
            user: "shop".to_owned(),
            password: "not-this".to_owned().into(),
        });
        let text = why(wrong);
        assert!(text.contains("535") && !text.contains("not-this"), "{text}");
        let mut stranger = good();
        stranger.ca_file = Some(postfix.other_ca());
        assert!(why(stranger).contains("no TLS"));
        let mut unlisted = good();
        unlisted.ca_file = None;
        assert!(why(unlisted).contains("no TLS"));
        // the certificate is for localhost
        let mut misnamed = good();
        misnamed.host = "127.0.0.1".to_owned();
        assert!(why(misnamed).contains("no TLS"));
    }
    // AUTH is not offered in the clear
    let mut clear = secured(postfix, Security::None);
    assert!(why(clear.clone()).contains("AUTH"));
    clear.login = None;
    assert_eq!(
        send(&mut channel(clear), &to(1, &["sales"])).word(),
        "refused"
    );
    assert_eq!(postfix.mails(8).len(), 8);
}
