//! What the configuration takes and refuses, and what it says then.

mod example;
mod protection;
mod sources;

use super::*;
use proptest::prelude::*;

/// The contract's example, word for word where it is one.
const CONTRACT: &str = r#"[site]
name = "Example Shop"
email = "orders@shop.example"          # From of what poms sends
admin_email = ["ops@shop.example"]     # may be empty
timezone = "America/New_York"
ledger = "poms.db"

[[mailbox]]
name = "orders"
kind = "maildir"
path = "mail/orders"

[openpgp]
secret_keys = ["keys/shop.sec.asc"]    # passphrase_file = …
trusted_signers = ["keys/webshop.pub.asc"]

[delivery.email]
kind = "smtp"                          # or "maildir" with path
host = "127.0.0.1"
port = 2525
security = "none"
connections = 4

[rules]
stale_order = { severity = "hold", max_days = 14 }
order_value_limit = { severity = "off" }
"#;

/// Parses in a folder that has no files and cannot be wrong.
fn parse(text: &str) -> Result<Config, ConfigError> {
    let dir = tempfile::tempdir().unwrap();
    Config::parse(text, &dir.path().join("poms.toml"))
}

/// All that is said about the contract's example after one replacement.
fn faults(from: &str, to: &str) -> String {
    assert!(CONTRACT.contains(from), "{from}");
    match parse(&CONTRACT.replacen(from, to, 1)) {
        Ok(_) => String::new(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_contracts_example_is_read_with_its_defaults() {
    let config = parse(CONTRACT)
        .map_err(|e| e.to_string())
        .unwrap_or_else(|e| panic!("{e}"));
    let base = config.file.parent().unwrap();
    assert_eq!(config.site.ledger, base.join("poms.db"));
    assert_eq!(config.site.anchor, base.join("poms.db.anchor"));
    assert_eq!(config.site.po_number, "{order}-{n}");
    assert_eq!(config.site.currency, "USD");
    assert_eq!(config.openpgp.secret_keys, [base.join("keys/shop.sec.asc")]);
    assert_eq!(config.limits, Limits::default());
    assert_eq!(
        config.delivery.backoff,
        crate::domain::backoff::BackoffSettings::default()
    );
    let [mailbox] = config.mailboxes.as_slice() else {
        panic!("one mailbox");
    };
    assert!(mailbox.purpose == Purpose::Orders && mailbox.processed_folder == "Processed");
    assert!(
        matches!(&mailbox.kind, MailboxKind::Maildir { path } if *path == base.join("mail/orders"))
    );
    let EmailConfig::Smtp(smtp) = &config.delivery.email else {
        panic!("smtp");
    };
    assert_eq!(
        (smtp.port, smtp.security, smtp.connections),
        (2525, Security::None, 4)
    );
    assert_eq!(smtp.timeout.as_secs(), 300);
}

/// What is replaced in the contract's example, by what, and what must be said then.
type FaultCase = (&'static str, &'static str, &'static [&'static str]);

const FAULTS: &[FaultCase] = &[
    (
        "timezone =",
        "timezon =",
        &[":5: ", "site.timezon", "nearest known one is 'timezone'"],
    ),
    (
        "[rules]",
        "[ruels]",
        &[":24: ", "ruels", "nearest known one is 'rules'"],
    ),
    (
        "host =",
        "hst =",
        &[":19: ", "delivery.email.hst", "'host'"],
    ),
    (
        "ledger = \"poms.db\"",
        "ledger = 3",
        &[":6: ", "site.ledger = 3", "a number, not a text"],
    ),
    (
        "America/New_York",
        "America/NewYork",
        &[
            ":5: ",
            "\"America/NewYork\"",
            "nearest is \"America/New_York\"",
        ],
    ),
    (
        "orders@shop.example",
        "orders at shop",
        &[":3: ", "not a plain e-mail address"],
    ),
    (
        "[\"ops@shop.example\"]",
        "[\"a@b.example\", \"Ann <a@b.example>\"]",
        &[":4: ", "Ann <a@b.example>"],
    ),
    (
        "Example Shop",
        "Shop\\r\\nBcc: x",
        &[":2: ", "site.name", "no control characters"],
    ),
    (
        "name = \"Example Shop\"",
        "name = \"\"",
        &[":2: ", "is empty"],
    ),
    (
        "name = \"Example Shop\"\n",
        "",
        &[":1: ", "site.name: is missing"],
    ),
    (
        "port = 2525",
        "port = 70000",
        &[":20: ", "= 70000", "from 1 to 65535"],
    ),
    ("port = 2525", "port = \"25\"", &[":20: ", "whole number"]),
    ("connections = 4", "connections = 0", &["from 1 to 32"]),
    (
        "\"127.0.0.1\"",
        "\"mail.shop.example\"",
        &[":21: ", "allow_plaintext"],
    ),
    ("\"127.0.0.1\"", "\"smtp://x\"", &["without port or scheme"]),
    (
        "kind = \"smtp\"",
        "kind = \"sendmail\"",
        &[":18: ", "\"smtp\" or \"maildir\""],
    ),
    (
        "kind = \"maildir\"",
        "kind = \"imap\"",
        &["is for kind = \"maildir\"", "mailbox.host: is missing"],
    ),
    (
        "kind = \"maildir\"",
        "kind = \"pop3\"",
        &[":10: ", "\"maildir\" or \"imap\""],
    ),
    ("[[mailbox]]", "[mailbox]", &["two brackets"]),
    (
        "[\"keys/shop.sec.asc\"]",
        "[]",
        &["brings encrypted orders"],
    ),
    (
        "max_days = 14",
        "max_days = 0",
        &[":25: ", "rules.stale_order.max_days", "from 1"],
    ),
    (
        "order_value_limit =",
        "order_value_limits =",
        &[":26: ", "nearest is order_value_limit"],
    ),
    ("connections = 4", "user = \"me\"", &["go together"]),
    ("[site]", "[site", &[":1: ", "is not TOML"]),
    (
        "name = \"Example Shop\"",
        "name = \"x\"\nname = \"y\"",
        &[":3: ", "duplicate key"],
    ),
];

#[test]
fn faults_name_line_key_value_and_what_is_allowed() {
    for (from, to, parts) in FAULTS {
        let said = faults(from, to);
        for part in *parts {
            assert!(said.contains(part), "{to}: '{part}' is not in: {said}");
        }
    }
}

#[test]
fn all_faults_are_named_at_once() {
    let text = CONTRACT
        .replace("timezone", "timezon")
        .replace("port = 2525", "port = 0")
        .replace("max_days = 14", "max_day = 14")
        .replace("severity = \"off\"", "severity = \"of\"");
    let said = parse(&text)
        .err()
        .map(|e| e.to_string())
        .unwrap_or_default();
    // the misspelt key, the required one that is missing for it, port and both rules
    assert_eq!(said.lines().count(), 5, "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert!(
        lines
            .windows(2)
            .all(|pair| line_of(pair[0]) <= line_of(pair[1]))
    );
}

fn line_of(fault: &str) -> u64 {
    fault
        .split(':')
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(0)
}

#[test]
fn plain_text_to_another_machine_must_be_said_twice() {
    let far = CONTRACT.replace("127.0.0.1", "mail.shop.example");
    assert!(parse(&far).is_err());
    let twice = far.replace(
        "security = \"none\"",
        "security = \"none\"\nallow_plaintext = true",
    );
    assert!(parse(&twice).is_ok());
}

#[test]
fn two_mailboxes_need_two_names() {
    let second = "[[mailbox]]\nname = \"orders\"\nkind = \"maildir\"\npath = \"b\"\n\n[openpgp]";
    assert!(faults("[openpgp]", second).contains("name of another mailbox"));
    assert_eq!(
        faults("[openpgp]", &second.replace("orders", "vendors")),
        ""
    );
}

#[test]
fn po_numbers_keep_orders_apart() {
    for (pattern, fine) in [
        ("PO/{order}.{n}", true),
        ("{n}-{order}", true),
        ("{order}", false),
        ("{order}{n}", false),
        ("{order}-{n}-{vendor}", false),
        ("{order} {n}", false),
    ] {
        let line = format!("ledger = \"poms.db\"\npo_number = \"{pattern}\"");
        assert_eq!(
            faults("ledger = \"poms.db\"", &line).is_empty(),
            fine,
            "{pattern}"
        );
    }
}

#[test]
fn imap_reads_its_ways_to_a_secret() {
    let with = |more: &str| {
        let imap = "kind = \"imap\"\nhost = \"imap.shop.example\"\nuser = \"u\"\n";
        CONTRACT.replace(
            "kind = \"maildir\"\npath = \"mail/orders\"\n",
            &format!("{imap}{more}\n"),
        )
    };
    for (line, oauth2, source) in [
        ("password_file = \"keys/p\"", false, "the file /"),
        ("token_command = [\"./token\", \"x\"]", true, "/./token'"),
        (
            "password_credential = \"imap\"",
            false,
            "the credential 'imap'",
        ),
    ] {
        let config = parse(&with(line)).map_err(|e| e.to_string());
        let config = config.unwrap_or_else(|e| panic!("{e}"));
        let Some(MailboxKind::Imap(imap)) = config.mailboxes.first().map(|m| &m.kind) else {
            panic!("imap");
        };
        assert_eq!((imap.port, imap.oauth2), (993, oauth2));
        assert!(
            imap.password.describe().contains(source),
            "{}",
            imap.password.describe()
        );
    }
    for (line, part) in [
        ("", "needs password_file"),
        (
            "password_file = \"a\"\nfolder = \"Processed\"",
            "is the folder that is read",
        ),
        (
            "password_file = \"a\"\npassword_command = [\"b\"]",
            "keep one",
        ),
        ("password_file = \"a\"\ntoken_file = \"b\"", "keep one"),
        ("password_credential = \"../x\"", "plain name"),
        ("password_command = []", "must be a list"),
    ] {
        let said = parse(&with(line))
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default();
        assert!(said.contains(part), "{line}: {said}");
    }
}

#[test]
fn the_four_places_in_their_order() {
    let variable = Some(OsString::from("/b.toml"));
    let explicit = locate(Some(Path::new("/a.toml")), variable.clone());
    assert_eq!(explicit, Ok("/a.toml".into()));
    assert_eq!(locate(None, variable), Ok("/b.toml".into()));
    let missing = Config::load(Some(Path::new("/no/such/poms.toml"))).err();
    assert!(missing.is_some_and(|e| e.to_string().contains("/no/such/poms.toml")));
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = parse(&text);
    }

    #[test]
    fn any_value_in_any_key_is_taken_or_refused_by_name(
        line in 0usize..28,
        value in prop_oneof![
            Just("true".to_owned()), Just("-9223372036854775808".to_owned()), Just("[]".to_owned()),
            Just("{}".to_owned()), Just("[[1]]".to_owned()), Just("1979-05-27".to_owned()),
            Just("nan".to_owned()), Just("0xffffffffffffffffffff".to_owned()), "\"\\PC{0,20}\"", "'[^']{0,20}'",
        ],
    ) {
        let changed: Vec<String> = CONTRACT.lines().enumerate().map(|(n, text)| {
            match text.split_once(" = ") {
                Some((key, _)) if n == line => format!("{key} = {value}"),
                _ => text.to_owned(),
            }
        }).collect();
        if let Err(error) = parse(&changed.join("\n")) {
            let said = error.to_string();
            prop_assert!(said.lines().all(|l| l.contains("poms.toml:")), "{}", said);
        }
    }
}

#[test]
fn a_file_that_is_too_large_is_refused_and_many_faults_are_told_in_part() {
    let large = format!("{CONTRACT}\n{}", "# x\n".repeat(70_000));
    let said = parse(&large).err().map(|fault| fault.to_string());
    let said = said.unwrap_or_default();
    assert!(said.contains("262144 are the most"), "{said}");

    let many: String = (0..5_000).map(|n| format!("wrong{n} = 1\n")).collect();
    let said = parse(&many).err().map(|fault| fault.to_string());
    let said = said.unwrap_or_default();
    assert!(said.lines().count() <= 100, "{}", said.lines().count());
    assert!(said.contains("more like these"), "{said}");
    assert!(said.contains("poms.toml:7:"), "{said}");
}
