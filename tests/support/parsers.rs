//! Every parser of bytes that others send, as one function each, for fuzzing (`fuzz/`) and for the
//! inputs that fuzzing kept (`tests/parsers.rs`). None may panic, hang or ask for more memory than its
//! input deserves, whatever the bytes are; what they mean is the other tests' affair.

#[path = "parsers/dialogues.rs"]
mod dialogues;
#[path = "parsers/shops.rs"]
mod shops;

use chrono::{DateTime, NaiveDate, Utc};
use poms::carriers::ups_api::{tracking, transit};
use poms::domain::address::Address;
use poms::domain::promise::Service;
use poms::domain::token::TokenKeys;
use poms::formats;
use poms::intake::cards::{self, CardWords, KnownNumbers};
use poms::intake::inbound::{self, Marks};
use poms::intake::openpgp::make::{self, KeyKind, KeyPair};
use poms::intake::openpgp::{Keyring, OpenpgpLimits, VendorKeys};
use poms::intake::{contents, mime};
use poms::invoicing::formats::{Books, DateOrder};
use poms::vendor_docs::advice::{self, Document, Mail};
use poms::vendor_docs::reply::{self, AskedLine, AskedPo};
use std::path::Path;
use std::sync::OnceLock;

/// A parser's name, and it.
pub type Parser = (&'static str, fn(&[u8]));

/// A parser's name, and the parser. The name is that of its fuzz target and of its folder of seeds.
pub const PARSERS: [Parser; 21] = [
    ("adopted", shops::adopted),
    ("advice_file", advice_file),
    ("advice_mail", advice_mail),
    ("authentication", authentication),
    ("bills", bills),
    ("cards", card_numbers),
    ("config", config),
    ("delivery_report", delivery_report),
    ("fax_answers", fax_answers),
    ("hook_answers", shops::hook_answers),
    ("imap", dialogues::imap),
    ("mail", mail),
    ("mapped", shops::mapped),
    ("openpgp", openpgp),
    ("order", order),
    ("reply", vendor_reply),
    ("shop_answers", shops::shop_answers),
    ("shop_document", shops::shop_document),
    ("smtp", dialogues::smtp),
    ("tables", tables),
    ("ups", ups),
];

/// The moment at which everything is read.
fn now() -> DateTime<Utc> {
    "2025-06-02T10:05:00Z".parse().expect("a time")
}

fn today() -> NaiveDate {
    now().date_naive()
}

/// The first byte chooses among readings of the rest.
fn chosen(data: &[u8]) -> (u8, &[u8]) {
    data.split_first()
        .map_or((0, data), |(first, rest)| (*first, rest))
}

/// Our keys, and a vendor's.
struct Keys {
    shop: KeyPair,
    ring: Keyring,
    marks: Marks,
}

fn keys() -> &'static Keys {
    static KEYS: OnceLock<Keys> = OnceLock::new();
    KEYS.get_or_init(|| {
        let made = "2025-01-01T00:00:00Z".parse().expect("a time");
        let key = |user| KeyPair::generate(user, KeyKind::Cv25519, made).expect("a key");
        let (shop, web, vendor) = (
            key("shop <s@a.example>"),
            key("web <w@a.example>"),
            key("v <v@b.example>"),
        );
        let public = |key: &KeyPair| key.public_armoured().expect("a key");
        let secret = shop.secret_armoured(None).expect("a key");
        let ring = Keyring::load(&[("shop", &secret)], &[("web", &public(&web))], &[], now());
        let marks = Marks {
            tokens: TokenKeys::new(vec![vec![b'k'; 32].into()]),
            authserv_id: Some("mx.shop.example".to_owned()),
            vendor_keys: VendorKeys::load(&[("vendor", &public(&vendor))], 7).expect("keys"),
        };
        let ring = ring.expect("keys");
        Keys { shop, ring, marks }
    })
}

/// Any mail: its parts, its sender, what it is and says, its files, and what of it is masked.
fn mail(data: &[u8]) {
    let _ = mime::find(data, &Default::default());
    let _ = contents::of(
        data,
        Some((&keys().ring, &OpenpgpLimits::default())),
        now(),
        now(),
    );
    let _ = cards::mask_mail(data, &KnownNumbers::new(), &mut CardWords::default());
    if let Ok(mail) = inbound::read(data, &keys().marks, now(), now()) {
        let _ = (mail.excerpt(), mail.words());
    }
}

/// What our mail server says of a sender, and the signature beside it.
fn authentication(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (results, signature) = (
        parts.next().unwrap_or_default(),
        parts.next().unwrap_or_default(),
    );
    let mail = [
        b"Authentication-Results: mx.shop.example; ",
        results,
        b"\r\nDKIM-Signature: ",
        signature,
        b"\r\nFrom: orders@acme.example\r\nSubject: Re: PO W1-1\r\n\r\nYes.\r\n",
    ];
    let _ = inbound::read(&mail.concat(), &keys().marks, now(), now());
}

/// A delivery report, in the standard form and in words.
fn delivery_report(data: &[u8]) {
    let (which, rest) = chosen(data);
    let mail = match which % 2 {
        0 => [
            &b"Return-Path: <>\r\nFrom: MAILER-DAEMON@b.example\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
               --b\r\n\r\nnot delivered\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"[..],
            rest,
            b"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <po-1@shop.example>\r\n--b--\r\n",
        ]
        .concat(),
        _ => [
            &b"Return-Path: <>\r\nFrom: MAILER-DAEMON@b.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\r\n"[..],
            rest,
        ]
        .concat(),
    };
    let _ = inbound::read(&mail, &keys().marks, now(), now());
}

/// An OpenPGP message, a detached signature, and the inside of a message that is encrypted to us.
fn openpgp(data: &[u8]) {
    let (which, rest) = chosen(data);
    let limits = OpenpgpLimits::default();
    let ring = &keys().ring;
    match which % 3 {
        0 => drop(ring.open(rest, now(), now(), &limits)),
        1 => drop(keys().marks.vendor_keys.signer(b"text", rest, now(), now())),
        _ => {
            let sealed = make::encrypt_packets(rest, &[&keys().shop], now()).expect("sealed");
            drop(ring.open(&sealed, now(), now(), &limits));
        }
    }
}

/// The formats of a site that describes three of its own.
fn own_formats() -> &'static formats::OrderFormats {
    static OWN: OnceLock<formats::OrderFormats> = OnceLock::new();
    OWN.get_or_init(|| {
        let texts = [
            (
                "own-csv",
                include_str!("../../fixtures/orders/own-csv/format.toml"),
            ),
            (
                "own-json",
                include_str!("../../fixtures/orders/own-json/format.toml"),
            ),
            (
                "own-text",
                include_str!("../../fixtures/orders/own-text/format.toml"),
            ),
        ];
        let own = texts.map(|(name, text)| formats::mapped::parse(name, text).expect("a mapping"));
        formats::OrderFormats::with(own.into())
    })
}

/// The decrypted part of an order, in any format; and a file that describes one.
fn order(data: &[u8]) {
    let site = own_formats();
    let document =
        mime::document(data, site).unwrap_or_else(|_| formats::OrderDocument::new(data.to_vec()));
    let found = site.find(&document).into_iter();
    for canonical in found.flat_map(|found| found.orders) {
        let Ok(mut canonical) = canonical else {
            continue;
        };
        cards::mask(&mut canonical, &KnownNumbers::new());
        let _ = formats::order(canonical);
    }
    // as if it were known as one of them
    for own in site.own() {
        let _ = own.orders(&document);
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = formats::mapped::parse("fuzzed", text);
    }
}

/// Card numbers in any text. What was masked may be masked further: what stands behind a code that was
/// masked looks like one to the next reader.
fn card_numbers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Some(masked) = cards::mask_text(&text) {
        let _ = cards::mask_text(&masked);
    }
    let _ = cards::mask_file(data, &KnownNumbers::new(), &mut CardWords::default());
}

/// A vendor's file: an advice, or a table of answers.
fn advice_file(data: &[u8]) {
    if let Ok(content) = poms::shipping::apply::files::read(data, today()) {
        let _ = (content.said(), content.names_one());
    }
}

/// A vendor's or carrier's mail about goods that left.
fn advice_mail(data: &[u8]) {
    const FROM: [&str; 5] = [
        "sales@vendor.example",
        "mcinfo@ups.com",
        "TrackingUpdates@fedex.com",
        "auto-reply@usps.com",
        "noreply@dhl.com",
    ];
    let (which, rest) = chosen(data);
    let words = String::from_utf8_lossy(rest);
    let (subject, body) = words.split_once('\n').unwrap_or_default();
    let rich = which >= 128;
    let mail = Mail {
        from: FROM[usize::from(which) % FROM.len()],
        subject,
        text: (!rich).then_some(body),
        html: rich.then_some(body),
    };
    let _ = advice::read(&Document::Mail(mail), today());
}

/// A vendor's answer in words.
fn vendor_reply(data: &[u8]) {
    let (which, rest) = chosen(data);
    let words = String::from_utf8_lossy(rest);
    let line = |line: i64, sku: &str, vendor_sku: &str| AskedLine {
        line,
        sku: sku.to_owned(),
        vendor_sku: vendor_sku.to_owned(),
        description: "Brass Floor Lamp".to_owned(),
        ordered: 2,
        open: 0,
        unit_cost: None,
    };
    let lines = [line(1, "BF63-12163", "AC-12163"), line(2, "KT10-00010", "")];
    let asked = AskedPo {
        po_number: "W200001-1",
        lines: &lines,
        vendor: None,
    };
    let (text, rich) = match which % 2 {
        0 => (Some(&*words), None),
        _ => (None, Some(&*words)),
    };
    let _ = reply::read(text, rich, asked, today());
    let own = reply::own_words(text, rich);
    let _ = reply::taken_back(&own, true);
}

/// A file of bills.
fn bills(data: &[u8]) {
    let (which, rest) = chosen(data);
    let dates = [None, Some(DateOrder::MonthFirst), Some(DateOrder::DayFirst)];
    let books = Books {
        currency: "USD",
        dates: dates[usize::from(which) % 3],
    };
    let _ = poms::invoicing::formats::read(rest, &books);
}

/// A catalogue and a list of vendors.
fn tables(data: &[u8]) {
    let (which, rest) = chosen(data);
    match which % 3 {
        0 => drop(poms::site::import::read_catalogue(rest)),
        1 => drop(poms::site::import::read_vendors(rest)),
        _ => drop(poms::vendor_docs::stock::read_stock(
            rest,
            &Default::default(),
        )),
    }
}

/// What UPS answers.
fn ups(data: &[u8]) {
    let (which, rest) = chosen(data);
    if which % 2 == 0 {
        let _ = tracking::of_body("1Z023E2X0214323462", rest);
        return;
    }
    let at = |zip: &str| Address {
        zip: zip.to_owned(),
        city: "Portland".to_owned(),
        ..Address::default()
    };
    let question = transit::Question {
        origin: at("04101"),
        destination: at("65367"),
        service: Service::Ground,
        ship_day: today(),
    };
    let _ = transit::of_body(&question, rest);
}

/// What fax services answer: Sinch's JSON, HylaFAX's lines.
fn fax_answers(data: &[u8]) {
    poms::delivery::fax_sinch::of_body(data);
    poms::delivery::fax_hylafax::of_output(&String::from_utf8_lossy(data));
}

/// A configuration, as it stands in a file.
fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Err(fault) = poms::config::Config::parse(text, Path::new("/nowhere/poms.toml")) {
        let _ = fault.to_string();
    }
}
