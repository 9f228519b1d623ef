//! Passwords and mail go to nobody but the server that was meant, and never in the clear.

use super::*;
use crate::support::smtp::{Act, Fake, NO_CUT};
use poms::delivery::smtp::Login;

#[test]
fn no_secret_and_no_mail_goes_in_the_clear() {
    // STARTTLS is not offered: no fall-back
    let fake = Fake::usual(&["AUTH PLAIN LOGIN"]);
    let mut secured = settings(fake.port);
    secured.security = Security::StartTls;
    secured.login = Some(login("wrong"));
    let outcome = send(&mut channel(secured), &message(1));
    assert!(
        outcome.detail().contains("does not offer STARTTLS"),
        "{}",
        outcome.detail()
    );
    assert_eq!(fake.commands(), ["EHLO poms.example"]);
    // not this machine
    let mut outside = hasty(25);
    outside.host = "192.0.2.1".to_owned();
    let outcome = send(&mut channel(outside), &message(1));
    assert!(
        outcome.detail().contains("allow_plaintext"),
        "{}",
        outcome.detail()
    );
}

#[test]
fn what_is_appended_to_the_answer_to_starttls_is_not_believed() {
    let forged = Act::Say("220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n235 welcome");
    let fake = Fake::start(&["STARTTLS"], NO_CUT, move |at| match at.name.as_str() {
        "STARTTLS" => forged.clone(),
        _ => Act::Usual,
    });
    let mut secured = hasty(fake.port);
    secured.security = Security::StartTls;
    let outcome = send(&mut channel(secured), &message(1));
    assert!(
        outcome.detail().contains("unencrypted data"),
        "{}",
        outcome.detail()
    );
}

#[test]
fn a_tls_server_that_says_nothing_does_not_hold_the_run_up() {
    let fake = Fake::start(&[], NO_CUT, |_| Act::Stall);
    let mut silent = hasty(fake.port);
    silent.security = Security::Tls;
    assert_eq!(
        send(&mut channel(silent), &message(1)).word(),
        "deferred (server unreachable)"
    );
}

fn login(password: &str) -> Login {
    Login {
        user: "shop".to_owned(),
        password: password.to_owned().into(),
    }
}

#[test]
fn passwords_are_given_in_the_form_that_is_offered_and_never_shown() {
    for (offer, expected) in [
        ("AUTH LOGIN", "c2hvcA=="),
        ("AUTH CRAM-MD5 PLAIN LOGIN", "AUTH PLAIN AHNob3AAczNjcmV0"),
    ] {
        let fake = Fake::start(&[offer], NO_CUT, |at| {
            match (at.name.as_str(), at.line.as_str()) {
                ("AUTH", "AUTH LOGIN") => Act::Say("334 VXNlcm5hbWU6"),
                ("C2HVCA==", _) => Act::Say("334 UGFzc3dvcmQ6"),
                ("AUTH" | "CZNJCMV0", _) => Act::Say("235 welcome"),
                _ => Act::Usual,
            }
        });
        let mut named = settings(fake.port);
        named.login = Some(login("s3cret"));
        assert!(!format!("{named:?}").contains("s3cret"));
        assert_eq!(send(&mut channel(named), &message(1)).word(), "accepted");
        assert!(fake.commands().iter().any(|line| line == expected));
    }
    let fake = Fake::start(&["AUTH PLAIN"], NO_CUT, |at| match at.name.as_str() {
        "AUTH" => Act::Say("535 5.7.8 no"),
        _ => Act::Usual,
    });
    let mut wrong = settings(fake.port);
    wrong.login = Some(login("s3cret"));
    let outcome = send(&mut channel(wrong), &message(1));
    assert_eq!(outcome.word(), "deferred (server unreachable)");
    assert!(outcome.detail().contains("535") && !outcome.detail().contains("s3cret"));
}
