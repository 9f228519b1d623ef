//! Vendors' signed mails that are sent again, changed in what their signature does not cover.

use super::*;
use poms::intake::openpgp::make;

const AUTHSERV: &str = "[intake]\nauthserv_id = \"mx.shop.example\"\n";
const ACME: &str = "orders@acme.example";
const LATE: &str = "BF63-12163 is on backorder until June 20, 2025.\n";
const YES: &str = "We confirm this purchase order. It will ship on June 4, 2025.\n";

/// A mail of ACME that its domain signed, as our own server saw.
#[derive(Clone)]
struct Signed {
    subject: String,
    answers: String,
    date: &'static str,
    id: &'static str,
    /// `h=`, and more tags; `None`: our server took the signature away.
    covers: Option<&'static str>,
    value: &'static str,
    text: &'static str,
    more: &'static str,
}

const EVERYTHING: &str = "from:subject:date:message-id:in-reply-to:references";

fn word(po: &str, text: &'static str, value: &'static str) -> Signed {
    Signed {
        subject: format!("Re: Purchase order {po}"),
        answers: String::new(),
        date: "Mon, 02 Jun 2025 09:00:00 +0000",
        id: "1",
        covers: Some(EVERYTHING),
        value,
        text,
        more: "",
    }
}

impl Signed {
    fn raw(&self) -> Vec<u8> {
        let signature = self.covers.map_or_else(String::new, |h| {
            format!(
                "DKIM-Signature: v=1; a=rsa-sha256; d=acme.example; s=s1; h={h};\n bh=eA==; b={}\n",
                self.value
            )
        });
        let answers = match self.answers.as_str() {
            "" => String::new(),
            id => format!("In-Reply-To: {id}\n"),
        };
        format!(
            "Authentication-Results: mx.shop.example; dkim=pass header.d=acme.example\n{}{signature}From: {ACME}\n\
             To: orders@shop.example\nSubject: {}\nDate: {}\nMessage-ID: <{}@acme.example>\n{answers}\n{}",
            self.more, self.subject, self.date, self.id, self.text
        )
        .into_bytes()
    }
}

/// Two purchase orders of ACME, sent.
fn two() -> TestDesk {
    let desk = placed(AUTHSERV);
    desk.order(&TestDesk::plain_order("W200002"));
    desk.run(&["process"]).ok();
    let held = exceptions(&desk);
    for row in held.iter().filter(|row| row["order"] == "W200002") {
        let id = row["id"].to_string();
        let release = [
            "exceptions",
            "resolve",
            &id,
            "--release",
            "--note",
            "two of them",
        ];
        desk.run(&release).ok();
    }
    desk.run(&["process"]).ok();
    assert_eq!(po_state(&desk, "W200002-1"), "sent");
    desk
}

fn id_of(desk: &TestDesk, po: &str) -> String {
    let mails = desk.mails();
    let mail = mails
        .iter()
        .find(|mail| mail.subject().contains(po))
        .unwrap();
    header(mail, "Message-ID")
}

/// Brings the mail; how the newest message ended, and the codes that are open.
fn bring(desk: &TestDesk, raw: &[u8]) -> (String, Vec<String>) {
    desk.raw_mail(raw);
    process(desk);
    let row = message(desk);
    (row["state"].as_str().unwrap().to_owned(), codes(desk))
}

fn answer(desk: &TestDesk, po: &str) -> String {
    po_state(desk, po)
}

#[test]
fn the_same_signed_mail_does_nothing_twice() {
    let desk = two();
    let late = word("W200001-1", LATE, "QUJD");
    assert_eq!(bring(&desk, &late.raw()).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "backordered");
    let yes = Signed {
        id: "2",
        date: "Mon, 02 Jun 2025 10:00:00 +0000",
        ..word("W200001-1", YES, "REVG")
    };
    assert_eq!(bring(&desk, &yes.raw()).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    let open = codes(&desk);
    // what any server adds on the way, and what anyone can write anew
    for more in [
        "Received: from a by b; Mon, 2 Jun 2025 11:00:00 +0000\n",
        "X-Spam: no\n",
    ] {
        let again = Signed {
            more,
            ..late.clone()
        };
        assert_eq!(
            bring(&desk, &again.raw()),
            ("duplicate".to_owned(), open.clone())
        );
    }
    for (n, (subject, text)) in [
        ("Re: Purchase order W200002-1", LATE),
        ("Re: Purchase order W200001-1 URGENT", LATE),
    ]
    .into_iter()
    .enumerate()
    {
        let again = Signed {
            subject: subject.to_owned(),
            text,
            ..late.clone()
        };
        let (state, codes) = bring(&desk, &again.raw());
        assert_eq!(state, "held");
        assert_eq!(
            codes.iter().filter(|code| *code == "replayed_mail").count(),
            n + 1
        );
    }
    let told = exceptions(&desk);
    let told = told
        .iter()
        .find(|row| row["code"] == "replayed_mail")
        .unwrap();
    let text = told["message"].to_string();
    assert!(text.contains("came before as message"), "{text}");
    assert!(
        text.contains("Subject was 'Re: Purchase order W200001-1'"),
        "{text}"
    );
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    assert_eq!(answer(&desk, "W200002-1"), "sent");
}

#[test]
fn without_its_signature_it_is_known_by_its_message_id_and_its_words() {
    let desk = two();
    let late = Signed {
        covers: None,
        ..word("W200001-1", LATE, "")
    };
    assert_eq!(bring(&desk, &late.raw()).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "backordered");
    let other = id_of(&desk, "W200002-1");
    for (id, text) in [
        ("1", LATE),
        ("9", LATE),
        ("1", "BF63-12163 is on  backorder until June 20, 2025. \n\n"),
    ] {
        let again = Signed {
            answers: other.clone(),
            id,
            text,
            ..late.clone()
        };
        assert_eq!(bring(&desk, &again.raw()).0, "held", "{id} {text}");
        assert_eq!(answer(&desk, "W200002-1"), "sent");
    }
}

/// Many mail systems do not sign `In-Reply-To`: whoever has a rejection of one purchase order could make
/// it answer another one.
#[test]
fn without_its_signature_no_answered_mail_names_the_purchase_order() {
    let desk = two();
    let no = "We cannot deliver this purchase order. It is discontinued.\n";
    let mail = Signed {
        covers: None,
        subject: "Re: your purchase order".to_owned(),
        answers: id_of(&desk, "W200002-1"),
        ..word("", no, "")
    };
    let (state, open) = bring(&desk, &mail.raw());
    assert_eq!(
        (state.as_str(), open),
        ("held", vec!["vendor_mail".to_owned()])
    );
    assert_eq!(answer(&desk, "W200002-1"), "sent");
}

#[test]
fn a_purchase_order_is_known_only_by_what_is_signed() {
    let desk = two();
    let answers = id_of(&desk, "W200002-1");
    let silent = Signed {
        subject: "Re: your order".to_owned(),
        answers,
        ..word(
            "",
            "We cannot deliver this purchase order. It is discontinued.\n",
            "QUJD",
        )
    };
    for (n, covers) in [
        "from:subject:date",
        "from:date:message-id:references",
        // the subject is not signed, and could name any
        "from:date",
    ]
    .into_iter()
    .enumerate()
    {
        let values = ["QUFB", "QkJC", "Q0ND"];
        let mail = Signed {
            covers: Some(covers),
            value: values[n],
            subject: match covers {
                "from:date" => "Re: Purchase order W200002-1".to_owned(),
                _ => silent.subject.clone(),
            },
            ..silent.clone()
        };
        let (state, open) = bring(&desk, &mail.raw());
        assert_eq!(state, "held", "{covers}");
        assert!(
            open.contains(&"vendor_mail".to_owned()),
            "{covers}: {open:?}"
        );
        assert_eq!(answer(&desk, "W200002-1"), "sent", "{covers}");
    }
    let mail = Signed {
        covers: Some("from:subject:in-reply-to"),
        value: "RUVF",
        text: LATE,
        ..silent
    };
    let (state, open) = bring(&desk, &mail.raw());
    assert_eq!(state, "accepted", "{open:?} {:#}", message(&desk));
    assert_eq!(answer(&desk, "W200002-1"), "backordered");
}

#[test]
fn a_signature_of_a_part_proves_nobody() {
    let desk = two();
    let silent = word("W200002-1", LATE, "QUJD");
    // part of the text, From: or nothing that can be read
    for covers in ["from:subject; l=9", "subject:date", "from; h=subject"] {
        let mail = Signed {
            covers: Some(covers),
            value: "RERE",
            ..silent.clone()
        };
        let (state, open) = bring(&desk, &mail.raw());
        assert_eq!(state, "held");
        assert!(
            open.contains(&"untrusted_sender".to_owned()),
            "{covers}: {open:?}"
        );
    }
    assert_eq!(answer(&desk, "W200002-1"), "sent");
}

#[test]
fn an_older_word_never_overrides_a_newer_one() {
    let desk = two();
    let yes = Signed {
        date: "Mon, 02 Jun 2025 10:00:00 +0000",
        ..word("W200001-1", YES, "QUJD")
    };
    bring(&desk, &yes.raw());
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    let late = Signed {
        id: "2",
        ..word("W200001-1", LATE, "REVG")
    };
    let (state, open) = bring(&desk, &late.raw());
    assert_eq!(
        (state.as_str(), open),
        ("held", vec!["vendor_mail".to_owned()])
    );
    let text = exceptions(&desk)[0]["message"].to_string();
    assert!(
        text.contains("2025-06-02 09:00 UTC") && text.contains("2025-06-02 10:00 UTC"),
        "{text}"
    );
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    // an older one that says the same is no news, and a newer one counts
    let same = Signed {
        id: "3",
        ..word("W200001-1", YES, "R0hJ")
    };
    assert_eq!(bring(&desk, &same.raw()).0, "accepted");
    let newer = Signed {
        id: "4",
        date: "Mon, 02 Jun 2025 10:04:00 +0000",
        ..word("W200001-1", LATE, "SktM")
    };
    assert_eq!(bring(&desk, &newer.raw()).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "backordered");
}

#[test]
fn the_address_of_the_purchase_order_needs_no_signature_and_its_copy_is_known() {
    let desk = two();
    let late = word("W200001-1", LATE, "QUJD");
    let mails = desk.mails_to(ACME);
    let ours = mails
        .iter()
        .find(|mail| mail.subject().contains("W200001-1"));
    let to = header(ours.unwrap(), "Reply-To");
    let raw = String::from_utf8(late.raw()).unwrap();
    let direct = raw.replace("To: orders@shop.example", &format!("To: {to}"));
    assert_eq!(bring(&desk, direct.as_bytes()).0, "accepted");
    assert_eq!(bring(&desk, raw.as_bytes()).0, "duplicate");
}

/// A key of ACME, which its row and the configuration name.
fn with_key(desk: &TestDesk) -> make::KeyPair {
    let made = "2025-01-01T00:00:00Z".parse().unwrap();
    let key = make::KeyPair::generate("Acme <orders@acme.example>", make::KeyKind::Cv25519, made);
    let key = key.unwrap();
    desk.file("keys/acme.pub.asc", &key.public_armoured().unwrap());
    let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let keys = "[openpgp]\nvendor_keys = [\"keys/acme.pub.asc\"]";
    desk.file("poms.toml", text.replace("[openpgp]", keys).as_bytes());
    let csv = format!(
        "id,name,email,fax,channel,zip,openpgp_fingerprint\nACME,Acme Home Goods,{ACME},,email,04101,{}\n",
        key.fingerprint()
    );
    desk.file("v.csv", csv.as_bytes());
    desk.run(&["vendors", "import", "v.csv"]).ok();
    key
}

/// A mail about W200001-1 that the key signed at this hour, with these headers around it.
fn sealed(key: &make::KeyPair, text: &str, hour: &str, head: &str) -> Vec<u8> {
    let entity =
        format!("Content-Type: text/plain; charset=utf-8\n\nPurchase order W200001-1: {text}");
    let at = format!("2025-06-02T{hour}:00:00Z").parse().unwrap();
    let signature = make::sign(entity.replace('\n', "\r\n").as_bytes(), key, at).unwrap();
    let signature = String::from_utf8(signature).unwrap().replace('\r', "");
    format!(
        "From: x@home.example\nTo: orders@shop.example\n{head}\nMIME-Version: 1.0\n\
         Content-Type: multipart/signed; micalg=pgp-sha512; protocol=\"application/pgp-signature\"; boundary=\"s\"\n\n\
         --s\n{entity}\n--s\nContent-Type: application/pgp-signature\n\n{signature}\n--s--\n"
    )
    .into_bytes()
}

#[test]
fn openpgp_mails_are_known_again_whatever_stands_around_them() {
    let desk = two();
    let key = with_key(&desk);
    let late = sealed(&key, LATE, "09", "Subject: Re: x\nMessage-ID: <1@v>");
    assert_eq!(bring(&desk, &late).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "backordered");
    let yes = sealed(&key, YES, "10", "Subject: Re: y\nMessage-ID: <2@v>");
    assert_eq!(bring(&desk, &yes).0, "accepted");
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    let head = "Subject: Re: x\nMessage-ID: <3@v>";
    assert_eq!(bring(&desk, &sealed(&key, LATE, "09", head)).0, "duplicate");
    let other = id_of(&desk, "W200002-1");
    let head = format!("Subject: Re: W200002-1\nIn-Reply-To: {other}");
    assert_eq!(bring(&desk, &sealed(&key, LATE, "09", &head)).0, "held");
    // an older one that is new here: its date is signed
    let no = "we cannot deliver this. It is discontinued.\n";
    assert_eq!(
        bring(&desk, &sealed(&key, no, "08", "Subject: z")).0,
        "held"
    );
    assert_eq!(answer(&desk, "W200001-1"), "acknowledged");
    assert_eq!(answer(&desk, "W200002-1"), "sent");
}
