//! Ways in that a server refuses, bends or breaks: STARTTLS, passwords, tokens.

use super::lies::{fake, fault, impatient, lie};
use super::ways::{client, config};
use crate::support::imap_fake::Fake;
use poms::config::{ImapConfig, SecretSource};
use poms::delivery::smtp::Security;
use poms::intake::mailbox::Mailbox;
use poms::intake::mailbox::imap::ImapFault;

const TOKEN: &str = "canary-token";

fn list(config: &ImapConfig) -> ImapFault {
    fault(client(config).list())
}

/// Nothing that the server was told is a secret.
fn nothing_told(fake: &Fake) {
    let told = fake.state().commands.join("\n");
    assert!(
        !told.contains("AUTHENTICATE") && !told.contains("LOGIN"),
        "{told}"
    );
}

#[test]
fn starttls_is_never_optional() {
    let starttls = |port| ImapConfig {
        security: Security::StartTls,
        ..impatient(port)
    };
    let refuses = fake(|_| {});
    let said = list(&starttls(refuses.port));
    assert!(matches!(said, ImapFault::NoStartTls(_)), "{said}");
    nothing_told(&refuses);
    let injects =
        fake(|state| state.lies = vec![lie("STARTTLS", "{tag} OK go\r\n* PREAUTH hello\r\n")]);
    assert_eq!(list(&starttls(injects.port)), ImapFault::Injected);
    nothing_told(&injects);
    let pretends = fake(|state| state.greeting = "* PREAUTH come in\r\n");
    assert_eq!(list(&starttls(pretends.port)), ImapFault::PreAuth);
    nothing_told(&pretends);
}

#[test]
fn a_login_that_the_server_does_not_want_is_not_tried() {
    let disabled = fake(|state| state.capabilities = "IMAP4rev1 LOGINDISABLED STARTTLS");
    let said = list(&config(disabled.port));
    assert!(
        matches!(&said, ImapFault::NoLogin { offers, .. } if offers == "LOGINDISABLED"),
        "{said}"
    );
    nothing_told(&disabled);
    let plain = fake(|state| state.capabilities = "IMAP4rev1");
    assert_eq!(client(&config(plain.port)).list().expect("a list").len(), 4);
    assert!(
        plain
            .state()
            .commands
            .iter()
            .any(|line| line == "LOGIN shop \"canary-pass word\"")
    );
    let token = ImapConfig {
        oauth2: true,
        ..config(plain.port)
    };
    assert!(matches!(
        list(&token),
        ImapFault::NoLogin {
            wanted: "token",
            ..
        }
    ));
}

#[test]
fn a_challenge_is_waited_for_where_there_is_no_initial_response() {
    let fake = fake(|state| {
        state.capabilities = "IMAP4rev1 AUTH=PLAIN";
        state.lies = vec![lie("AUTHENTICATE PLAIN", "+ \r\n")];
        state.verdict = "OK in";
    });
    assert_eq!(client(&config(fake.port)).list().expect("a list").len(), 4);
    let told = openssl::base64::encode_block(b"\0shop\0canary-pass word");
    assert!(fake.state().commands.contains(&told));
}

fn token(port: u16) -> ImapConfig {
    let words = ["printf", "%s\n", TOKEN].map(str::to_owned);
    let password = SecretSource::Command(words.to_vec());
    ImapConfig {
        oauth2: true,
        user: "a,b=c@x.example".to_owned(),
        password,
        ..config(port)
    }
}

#[test]
fn tokens_go_by_oauthbearer_or_xoauth2() {
    for (capabilities, mechanism, response) in [
        (
            "IMAP4rev1 SASL-IR AUTH=XOAUTH2 AUTH=OAUTHBEARER",
            "OAUTHBEARER",
            "n,a=a=2Cb=3Dc@x.example,\x01host=localhost\x01port=PORT\x01auth=Bearer canary-token\x01\x01",
        ),
        (
            "IMAP4rev1 SASL-IR AUTH=XOAUTH2",
            "XOAUTH2",
            "user=a,b=c@x.example\x01auth=Bearer canary-token\x01\x01",
        ),
    ] {
        let fake = fake(|state| state.capabilities = capabilities);
        assert_eq!(client(&token(fake.port)).list().expect("a list").len(), 4);
        let response = response.replace("PORT", &fake.port.to_string());
        let encoded = openssl::base64::encode_block(response.as_bytes());
        let wanted = format!("AUTHENTICATE {mechanism} {encoded}");
        assert!(fake.state().commands.contains(&wanted), "{wanted}");
    }
}

#[test]
fn a_refused_token_is_explained_in_words() {
    let json = r#"{"status":"invalid_token","scope":"https://mail.example/"}"#;
    let challenge = format!("+ {}\r\n", openssl::base64::encode_block(json.as_bytes()));
    for (mechanism, end) in [("AUTH=OAUTHBEARER", "AQ=="), ("AUTH=XOAUTH2", "")] {
        let capabilities: &'static str = match mechanism {
            "AUTH=XOAUTH2" => "IMAP4rev1 SASL-IR AUTH=XOAUTH2",
            _ => "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER",
        };
        let fake = fake(|state| {
            state.capabilities = capabilities;
            state.lies = vec![("AUTHENTICATE", challenge.clone().into_bytes())];
            state.verdict = "NO [AUTHENTICATIONFAILED] no";
        });
        let said = list(&token(fake.port)).to_string();
        assert!(
            said.contains("status invalid_token, the scope wanted is https://mail.example/"),
            "{said}"
        );
        assert!(
            said.contains("not expired") && !said.contains("canary"),
            "{said}"
        );
        assert_eq!(fake.state().commands.last().map(String::as_str), Some(end));
    }
}
