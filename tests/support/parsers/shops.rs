//! What shops and hooks answer, documents of shops' formats, formats that a site describes itself, and files of
//! what is under way elsewhere.

use super::{chosen, keys, now};
use poms::app::App;
use poms::clock::Clock;
use poms::config::{Config, HookAddress, HookConfig, HookWay, SecretSource};
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::hook::HookChannel;
use poms::formats::{self, FORMATS, OrderDocument};
use poms::http::{Endpoint, Hosts, SettingNames};
use poms::intake::cards::{self, KnownNumbers};
use poms::intake::source::{Budget, Source};
use poms::ledger::{Ledger, LedgerError, Mode};
use poms::shops::shopify::{API_VERSION, ShopifyOrders, ShopifySettings, ShopifyTold};
use poms::shops::told::{
    ClosingStanding, ShopStanding, ToldClosing, ToldLine, ToldParcel, ToldShipment, ToldShop,
};
use poms::shops::woocommerce::{
    WooCommerceOrders, WooCommerceSettings, WooCommerceTold, WooCommerceWay,
};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long an answer is waited for.
const SOON: Duration = Duration::from_secs(2);

/// Reads a request and gives its path.
fn asked(stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let (mut first, mut length) = (String::new(), 0);
    reader.read_line(&mut first).ok()?;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        match line.trim_end().to_lowercase().split_once(": ") {
            Some(("content-length", bytes)) => length = bytes.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    reader.take(length).read_to_end(&mut Vec::new()).ok()?;
    first.split(' ').nth(1).map(str::to_owned)
}

/// A piece as an answer: `!503 ` before it is its status.
fn answer(piece: &[u8]) -> Vec<u8> {
    let marked = piece.first() == Some(&b'!') && piece.get(4) == Some(&b' ');
    let (status, body) = match std::str::from_utf8(piece.get(1..4).unwrap_or_default()) {
        Ok(status) if marked && status.parse().is_ok_and(|n: u16| n >= 200) => {
            (status, &piece[5..])
        }
        _ => ("200", piece),
    };
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

/// Talks to a server whose answers are the pieces of the data between zero bytes, one after another; then it
/// hangs up. A token is given to whoever asks for one.
fn with_server(data: &[u8], made: fn(&[u8]) -> Vec<u8>, talk: impl FnOnce(u16)) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("its number").port();
    let pieces: Vec<Vec<u8>> = data.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect();
    let closed = Arc::new(AtomicBool::new(false));
    let ends = Arc::clone(&closed);
    let served = std::thread::spawn(move || {
        let mut pieces = pieces.into_iter();
        for mut stream in listener.incoming().flatten() {
            if ends.load(Ordering::SeqCst) {
                return;
            }
            let _ = stream.set_read_timeout(Some(SOON));
            let said = match asked(&stream) {
                Some(path) if path.ends_with("/access_token") => {
                    Some(answer(b"{\"access_token\":\"t\",\"expires_in\":86399}"))
                }
                Some(_) => pieces.next().map(|piece| made(&piece)),
                None => None,
            };
            let _ = stream.write_all(&said.unwrap_or_default());
            let _ = stream.shutdown(Shutdown::Both);
        }
    });
    talk(port);
    closed.store(true, Ordering::SeqCst);
    let _ = TcpStream::connect(("127.0.0.1", port));
    served.join().expect("the server does not panic");
}

fn endpoint(port: u16) -> Endpoint {
    let url = format!("http://127.0.0.1:{port}");
    Endpoint {
        base: url.parse().expect("an address"),
        hosts: Hosts::Public,
        allow_plaintext: false,
        ca_file: None,
        settings: SettingNames {
            base: "source.url",
            hosts: "source.allow_private",
        },
    }
}

fn shopify(port: u16) -> ShopifySettings {
    let token = format!("poms-fuzz-token-{}", std::process::id());
    ShopifySettings {
        shop: "west-goods.myshopify.com".to_owned(),
        endpoint: endpoint(port),
        client_id: "client".to_owned(),
        client_secret: Arc::new(|| Ok("secret".to_owned().into())),
        api_version: API_VERSION.to_owned(),
        since: now(),
        token_file: std::env::temp_dir().join(token),
        timeout: SOON,
        deadline: None,
        fulfils: true,
        closes: true,
    }
}

fn woocommerce(port: u16) -> WooCommerceSettings {
    WooCommerceSettings {
        shop: "shop.example".to_owned(),
        endpoint: endpoint(port),
        consumer_key: "ck_1".to_owned(),
        consumer_secret: Arc::new(|| Ok("secret".to_owned().into())),
        since: now(),
        timeout: SOON,
        deadline: None,
    }
}

/// Two pages; what came is within the bounds that were set.
fn polled(source: &mut dyn Source) {
    let budget = Budget {
        documents: 5,
        bytes: 1 << 20,
        largest: 1 << 16,
        now: now(),
    };
    let mut cursor = None;
    for _ in 0..2 {
        let Ok(page) = source.poll(cursor.as_ref(), &budget) else {
            return;
        };
        assert!(page.documents.len() <= budget.documents, "too many");
        if !page.more {
            return;
        }
        cursor = page.after.or(cursor);
    }
}

/// What a shop says is open, and that it took a shipment: only of its own answers.
fn told(shop: &mut dyn ToldShop) {
    let shipment = ToldShipment {
        shop: "webshop".to_owned(),
        order_id: "1".to_owned(),
        order_number: "#1".to_owned(),
        reference: "poms-shipment-7".to_owned(),
        left: "2025-06-02".to_owned(),
        parcels: vec![ToldParcel {
            carrier: "ups".to_owned(),
            carrier_name: "UPS".to_owned(),
            number: "1Z9".to_owned(),
            url: String::new(),
        }],
        lines: vec![ToldLine {
            id: "gid://shopify/LineItem/11".to_owned(),
            sku: "MUG-1".to_owned(),
            qty: 2,
        }],
        notify: false,
        closes: true,
    };
    match shop.look(&shipment) {
        Ok(ShopStanding::HasNot) => drop(shop.tell(&shipment)),
        Ok(_) => {
            let closing = ToldClosing {
                shop: shipment.shop.clone(),
                order_id: shipment.order_id.clone(),
                order_number: shipment.order_number.clone(),
            };
            if shop.look_closed(&closing) == Ok(ClosingStanding::Open) {
                drop(shop.close(&closing));
            }
        }
        Err(_) => {}
    }
}

/// What shops answer to questions after orders, and when they are told of a shipment.
pub fn shop_answers(data: &[u8]) {
    let (which, rest) = chosen(data);
    let ways = [
        WooCommerceWay::Note,
        WooCommerceWay::ShipmentTracking,
        WooCommerceWay::Fulfillments,
    ];
    with_server(rest, answer, |port| match which % 6 {
        0 => polled(&mut ShopifyOrders::new("webshop", shopify(port))),
        1 => told(&mut ShopifyTold::new(shopify(port), now())),
        2 => polled(&mut WooCommerceOrders::new("webshop", woocommerce(port))),
        way => told(&mut WooCommerceTold::new(
            woocommerce(port),
            ways[usize::from(way - 3)],
        )),
    });
    let _ = std::fs::remove_file(shopify(0).token_file);
}

/// What a service answers that an event is posted to, from its first byte on. Taken is only what it says it took.
pub fn hook_answers(data: &[u8]) {
    with_server(data, <[u8]>::to_vec, |port| {
        let url = format!("http://127.0.0.1:{port}/in");
        let hook = HookConfig {
            name: "erp".to_owned(),
            events: vec!["po.sent"],
            way: HookWay::Post(Box::new(HookAddress {
                url: url.parse().expect("an address"),
                secret: SecretSource::Inline("whsec_MfKQ9r8GKYqrTwjU".to_owned().into()),
                allow_plaintext: false,
                allow_private: false,
                ca_file: None,
            })),
            timeout: SOON,
            repeats: true,
        };
        let message = OutgoingMessage {
            id: 1,
            reference: "evt_1".to_owned(),
            from: String::new(),
            to: vec!["erp".to_owned()],
            subject: "po.sent".to_owned(),
            content: b"{\"id\":\"evt_1\"}".to_vec(),
        };
        let mut channel = HookChannel::new(vec![hook], now());
        channel.prepare(&message).expect("prepared");
        if let DeliveryOutcome::Accepted { .. } = channel.complete(&message) {
            let said = data.windows(2).any(|two| two == b" 2");
            assert!(said, "taken without a word of it");
        }
    });
}

/// A document of each of poms' own formats, known as such or not.
pub fn shop_document(data: &[u8]) {
    let (which, rest) = chosen(data);
    let format = &FORMATS[usize::from(which) % FORMATS.len()];
    let document = OrderDocument::new(rest.to_vec());
    let _ = (format.claims)(&document);
    for canonical in (format.read)(&document).into_iter().flatten().flatten() {
        let mut canonical = canonical;
        cards::mask(&mut canonical, &KnownNumbers::new());
        let _ = formats::order(canonical);
    }
}

/// A format that a site describes, and behind a zero byte a document of it.
pub fn mapped(data: &[u8]) {
    let mut parts = data.splitn(2, |byte| *byte == 0);
    let (mapping, document) = (parts.next(), parts.next());
    let Ok(text) = std::str::from_utf8(mapping.unwrap_or_default()) else {
        return;
    };
    let Ok(format) = formats::mapped::parse("fuzzed", text) else {
        return;
    };
    let document = OrderDocument::new(document.unwrap_or_default().to_vec());
    let _ = (format.claims(&document), format.nearly(&document));
    for canonical in format.read(&document).into_iter().flatten().flatten() {
        let _ = formats::order(canonical);
    }
    let _ = format.orders(&document);
}

/// A site with a vendor and its goods, whose ledger is in memory.
fn desk() -> (App, Ledger) {
    let folder = std::env::temp_dir().join(format!("poms-fuzz-site-{}", std::process::id()));
    let mut private = std::fs::DirBuilder::new();
    private.recursive(true).mode(0o700);
    private.create(&folder).expect("a folder");
    let write = |name: &str, bytes: &[u8]| {
        let mut file = std::fs::OpenOptions::new();
        let file = file.write(true).create(true).truncate(true).mode(0o600);
        let mut file = file.open(folder.join(name)).expect("a file");
        file.write_all(bytes).expect("written");
    };
    let secret = keys().shop.secret_armoured(None).expect("a key");
    let public = keys().shop.public_armoured().expect("a key");
    write("s.asc", &secret);
    write("p.asc", &public);
    let text = "[site]\nname = \"S\"\nemail = \"o@s.example\"\nadmin_email = []\ntimezone = \"America/New_York\"\n\
                ledger = \"poms.db\"\n[[mailbox]]\nname = \"orders\"\nkind = \"maildir\"\npath = \"m\"\n[openpgp]\n\
                secret_keys = [\"s.asc\"]\ntrusted_signers = [\"p.asc\"]\n[delivery.email]\nkind = \"maildir\"\n\
                path = \"out\"\n";
    write("poms.toml", text.as_bytes());
    let config = Config::read(&folder.join("poms.toml")).expect("a configuration");
    let site = App::open(config, Clock::Frozen(now()), "fuzz".to_owned()).expect("a site");
    let nowhere = Path::new("/nowhere/poms.db");
    let mut ledger = Ledger::open(nowhere, Mode::Rehearse, "fuzz").expect("a ledger");
    let vendors =
        b"id,name,email,fax,channel,zip\nACME,Acme Home Goods,orders@acme.example,,email,04101\n";
    let offers =
        b"sku,description,category,vendor_id,vendor_sku,cost,retail_price,weight,status,priority\n\
                   BF63-12163,Brass Lamp,Lighting,ACME,AC-12163,61.50,108.23,9.5,active,1\n";
    let vendors = poms::site::import::read_vendors(vendors).expect("vendors");
    let offers = poms::site::import::read_catalogue(offers).expect("offers");
    let filled = ledger.write(now(), |tx| {
        for row in &vendors {
            tx.put_vendor(&row.vendor, &row.extra)?;
        }
        for row in &offers {
            tx.put_offer(&row.offer, &row.extra)?;
        }
        Ok::<(), LedgerError>(())
    });
    filled.expect("filled");
    let _ = std::fs::remove_dir_all(&folder);
    (site, ledger)
}

/// What is under way in another system, taken over into a ledger that forgets it again. It is taken, or refused
/// in words.
pub fn adopted(data: &[u8]) {
    thread_local! {
        static DESK: RefCell<(App, Ledger)> = RefCell::new(desk());
    }
    DESK.with_borrow_mut(|(site, ledger)| {
        let undone = ledger.write(now(), |tx| {
            match poms::desk::adopt::adopt(tx, site, data, None, "from before") {
                Ok(_) | Err(LedgerError::Refused(_)) => {}
                Err(fault) => panic!("neither taken nor refused: {fault}"),
            }
            Err::<(), LedgerError>(LedgerError::NotFound("nothing is kept".to_owned()))
        });
        assert!(undone.is_err(), "something was kept");
    });
}
