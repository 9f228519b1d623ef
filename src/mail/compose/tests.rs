//! What goes in comes out of another parser, and nothing else does.

use super::*;
use chrono::TimeZone;
use mail_parser::{HeaderForm, HeaderValue as Parsed, MessageParser, MimeHeaders};
use proptest::prelude::*;

fn letter() -> Letter {
    Letter {
        from: ("Example Shop".into(), "orders@shop.example".into()),
        to: vec![("Łukasz Żółw".into(), "l@mail.example".into())],
        reply_to: Some("po+W200001-1.a8f3@shop.example".into()),
        subject: "Purchase order W200001-1 from Example Shop".into(),
        text: "Hello Łukasz,\n\n-- \nExample Shop\n".into(),
        html: Some("<p>Hello Łukasz</p>\n".into()),
        attachments: vec![Attachment {
            name: "PO-W200001-1.pdf".into(),
            mime: "application/pdf".into(),
            bytes: (0..=255u8).cycle().take(1000).collect(),
        }],
        message_id: message_id([7; 16], "shop.example"),
        date: Utc.with_ymd_and_hms(2025, 6, 2, 10, 1, 52).unwrap(),
        auto_submitted: true,
        extra_headers: vec![("X-Poms-Site".into(), "main".into())],
    }
}

#[test]
fn a_letter_as_it_is() {
    let bytes = letter().render().unwrap();
    let shown = String::from_utf8(bytes).unwrap().replace('\r', "");
    crate::golden::golden("src/mail/compose/expected/a_letter_as_it_is.txt", &shown);
}

#[test]
fn a_name_with_a_dot_is_quoted() {
    for (name, wanted) in [
        ("J.", "To: \"J.\" <l@mail.example>\r\n"),
        ("J.R.", "To: \"J.R.\" <l@mail.example>\r\n"),
        ("Jo", "To: "),
        ("", "To: "),
    ] {
        let mut one = letter();
        one.to = vec![(name.into(), "l@mail.example".into())];
        one.from.0 = name.into();
        let text = String::from_utf8(one.render().unwrap()).unwrap();
        assert!(text.contains(wanted), "{name}: {text}");
        assert_eq!(text.matches("\r\nTo: ").count(), 1, "{text}");
        let parsed = MessageParser::new().parse(text.as_bytes()).unwrap();
        let shown = parsed
            .to()
            .and_then(|to| to.first())
            .and_then(|to| to.name());
        assert_eq!(shown.unwrap_or_default(), name);
        let from = parsed
            .from()
            .and_then(|from| from.first())
            .and_then(|from| from.name());
        assert_eq!(from.unwrap_or_default(), name);
    }
    let mut several = letter();
    several.to = vec![
        ("J.".into(), "j@mail.example".into()),
        (String::new(), "k@mail.example".into()),
    ];
    let text = String::from_utf8(several.render().unwrap()).unwrap();
    assert!(
        text.contains("To: \"J.\" <j@mail.example>, k@mail.example\r\n"),
        "{text}"
    );
}

#[test]
fn a_plain_letter_has_one_part() {
    let mut plain = letter();
    (plain.html, plain.attachments, plain.reply_to) = (None, vec![], None);
    plain.text = "Hello\n".into();
    plain.auto_submitted = false;
    let text = String::from_utf8(plain.render().unwrap()).unwrap();
    assert!(
        text.ends_with("Content-Transfer-Encoding: 7bit\r\n\r\nHello\r\n"),
        "{text}"
    );
    assert!(!text.contains("Auto-Submitted") && !text.contains("multipart"));
}

#[test]
fn bodies_and_files_come_back_whole() {
    let sent = letter();
    let bytes = sent.render().unwrap();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n"), sent.text);
    assert_eq!(
        mail.body_html(0).unwrap().replace("\r\n", "\n"),
        sent.html.unwrap()
    );
    let file = mail.attachment(0).unwrap();
    assert_eq!(file.attachment_name(), Some("PO-W200001-1.pdf"));
    assert_eq!(file.contents(), sent.attachments[0].bytes);
    assert_eq!(mail.date().unwrap().to_rfc3339(), "2025-06-02T10:01:52Z");
    assert_eq!(
        mail.message_id(),
        Some("07070707070707070707070707070707@shop.example")
    );
}

/// What errors call a field, and how to set it.
type Field = (&'static str, fn(&mut Letter, String));

/// Each field of a letter that becomes a header.
fn fields() -> Vec<Field> {
    vec![
        ("from name", |l, v| l.from.0 = v),
        ("from address", |l, v| l.from.1 = v),
        ("to name", |l, v| l.to[0].0 = v),
        ("to address", |l, v| l.to[0].1 = v),
        ("reply_to address", |l, v| l.reply_to = Some(v)),
        ("subject", |l, v| l.subject = v),
        ("message_id", |l, v| l.message_id = v),
        ("attachment name", |l, v| l.attachments[0].name = v),
        ("attachment type", |l, v| l.attachments[0].mime = v),
        ("header name", |l, v| l.extra_headers[0].0 = v),
        ("X-Poms-Site", |l, v| l.extra_headers[0].1 = v),
    ]
}

#[test]
fn a_control_character_is_refused_by_the_name_of_its_field() {
    for (field, set) in fields() {
        for c in [
            '\r', '\n', '\0', '\t', '\u{7f}', '\u{85}', '\u{2028}', '\u{1b}',
        ] {
            for value in [
                format!("x{c}Bcc: evil@mail.example"),
                format!("{c}"),
                format!("x@y.z{c}"),
            ] {
                let mut bad = letter();
                set(&mut bad, value);
                let fault = bad.render().unwrap_err();
                let code = u32::from(c);
                assert_eq!(
                    fault,
                    LetterError::Control {
                        field: field.into(),
                        code
                    },
                    "{c:?}"
                );
            }
        }
    }
}

#[test]
fn what_is_no_address_is_refused() {
    let bad = [
        "",
        " ",
        "x",
        "@y.z",
        "x@",
        "a@b@c.de",
        "a b@c.de",
        "<a@b.de>",
        "a@b.de, c@d.ef",
        "\"a\"@b.de",
        "a@b.de>",
        "ü@b.de",
        "a@bücher.example",
        "a@b.de;c@d.ef",
    ];
    for address in bad {
        let mut one = letter();
        one.to[0].1 = address.into();
        let fault = one.render().unwrap_err().to_string();
        assert!(fault.starts_with("to address "), "{address}: {fault}");
    }
    let mut none = letter();
    none.to.clear();
    assert!(
        none.render()
            .unwrap_err()
            .to_string()
            .starts_with("to is empty")
    );
}

#[test]
fn no_header_comes_twice_or_under_a_bad_name() {
    for name in [
        "Bcc",
        "subject",
        "Content-Type",
        "MIME-Version",
        "X Y",
        "X:",
        "",
        "É",
        "Message-Id",
    ] {
        let mut one = letter();
        one.extra_headers = vec![(name.into(), "x".into())];
        assert!(one.render().is_err(), "{name}");
    }
}

#[test]
fn message_ids_are_ids_and_dates_are_dates() {
    for id in ["a@b", "<a>", "<@b>", "<a@b", "<a@b>>", "<a b@c>"] {
        let one = Letter {
            message_id: id.into(),
            ..letter()
        };
        assert!(one.render().is_err(), "{id}");
    }
    let one = Letter {
        date: DateTime::<Utc>::MAX_UTC,
        ..letter()
    };
    assert!(one.render().unwrap_err().to_string().starts_with("date "));
}

/// Strings that have broken mail software before.
const NAUGHTY: [&str; 16] = [
    "=?utf-8?q?Bcc=3A_evil=40mail.example?=",
    "=?utf-8?b?DQpCY2M6IGV2aWxAbWFpbC5leGFtcGxl?=",
    "\"><script>alert(1)</script>",
    "a\" <evil@mail.example>, \"b",
    "\\\"\\",
    "(comment) name",
    "name <evil@mail.example>",
    "a, b; c: d",
    "  two  spaces  ",
    "Ł",
    "👩‍👩‍👧‍👦 family",
    "المرجع 12",
    "From me",
    ".",
    "{{7*7}}",
    "%0d%0aBcc: evil@mail.example",
];

fn assert_exact(sent: &Letter) -> Result<(), TestCaseError> {
    let bytes = match sent.render() {
        Err(LetterError::TooLong { .. } | LetterError::Control { .. }) => return Ok(()),
        other => other.map_err(|fault| TestCaseError::fail(fault.to_string()))?,
    };
    prop_assert!(bytes.is_ascii());
    for line in bytes.split(|b| *b == b'\n') {
        prop_assert!(line.len() <= 200, "{:?}", String::from_utf8_lossy(line));
        prop_assert!(line.is_empty() || line.ends_with(b"\r"));
    }
    let mail = MessageParser::default().parse(&bytes).unwrap();
    let mut names: Vec<&str> = mail.headers().iter().map(|h| h.name.as_str()).collect();
    names.sort_unstable();
    let mut expected = vec![
        "Auto-Submitted",
        "Content-Type",
        "Date",
        "From",
        "MIME-Version",
        "Message-ID",
        "Reply-To",
        "Subject",
        "To",
        "X-Poms-Site",
    ];
    expected.sort_unstable();
    prop_assert_eq!(names, expected);
    let one = |address: Option<&mail_parser::Address<'_>>| {
        let all: Vec<(String, String)> = address
            .into_iter()
            .flat_map(|list| list.clone().into_list())
            .map(|a| {
                let text =
                    |t: Option<std::borrow::Cow<'_, str>>| t.unwrap_or_default().into_owned();
                (text(a.name), text(a.address))
            })
            .collect();
        all
    };
    let named = |(name, address): &NamedAddress| (name.trim().to_owned(), address.clone());
    prop_assert_eq!(one(mail.from()), vec![named(&sent.from)]);
    prop_assert_eq!(one(mail.to()), vec![named(&sent.to[0])]);
    prop_assert_eq!(mail.subject().unwrap_or_default(), sent.subject.as_str());
    let extra = mail.header_as("X-Poms-Site", HeaderForm::Text);
    let extra = extra.first().and_then(Parsed::as_text).unwrap_or_default();
    prop_assert_eq!(extra.trim(), sent.extra_headers[0].1.trim());
    Ok(())
}

#[test]
fn naughty_strings_stay_where_they_belong() {
    for text in NAUGHTY {
        let mut one = letter();
        one.from.0 = text.into();
        one.to[0].0 = text.repeat(4);
        one.subject = text.into();
        one.text = format!("{text}\r\n.\r\n--=_m_07070707070707070707070707070707--\n");
        one.html = Some(text.into());
        assert_exact(&one).unwrap();
    }
}

/// RFC 5322, section 2.3: CR and LF come together or not at all.
#[test]
fn no_line_end_comes_alone() {
    for text in ["a\r\r\nb\r\n", "a\rb\n", "a\n\nb\n", "\r\n\r", "ü\r\r\nb\n"] {
        let sent = Letter {
            text: text.into(),
            ..letter()
        };
        let bytes = sent.render().unwrap();
        let whole = String::from_utf8(bytes).unwrap();
        let rest = whole.replace("\r\n", "");
        assert!(!rest.contains(['\r', '\n']), "{text:?}");
    }
}

proptest! {
    #[test]
    fn exactly_the_intended_headers(name in "\\PC{0,60}", subject in "[^\\p{Cc}\u{2028}\u{2029}]{1,200}", extra in "[ -~]{1,120}", body: String) {
        let mut one = letter();
        one.to[0].0 = name.clone();
        one.from.0 = name;
        one.subject = subject;
        one.extra_headers[0].1 = extra;
        one.text = body.clone();
        one.html = Some(body);
        assert_exact(&one)?;
    }

    #[test]
    fn any_text_comes_back(body in "[^\r]{0,400}") {
        let sent = Letter { text: body.clone(), html: None, ..letter() };
        let bytes = sent.render().unwrap();
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let got = mail.body_text(0).unwrap_or_default().replace("\r\n", "\n");
        prop_assert_eq!(got.trim_end_matches('\n'), body.trim_end_matches('\n'));
    }
}
