//! A run with orders by each way in: rate, processor time, and memory at its highest, which must not grow with
//! their number.
//!
//! Method: the real binary on all cores, mails to `smtp-sink` on loopback, every commit with fsync. Everything
//! that waits is made before anything is measured; shops and the SFTP server run beside it on the same cores.

use crate::machine::{Cost, Sink, all_cores, poms};
use crate::shop::{Shop, order};
use crate::shops::{self, Kind};
use crate::stocked;
use crate::support::export;
use crate::support::sshd::Sshd;
use poms::intake::openpgp::make::KeyKind;
use rayon::prelude::*;
use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

/// Orders of a file where a file has several.
const A_FILE: usize = 100;

/// All ways, by the words that choose them.
const WAYS: [&str; 6] = [
    "mail",
    "folder",
    "sftp",
    "several",
    "shopify",
    "woocommerce",
];

/// What must live as long as a run goes on.
#[derive(Default)]
struct OtherSide {
    sshd: Option<Sshd>,
    shop: Option<shops::Server>,
}

/// Measures the ways that are named, all where none is, with each number of orders.
pub fn measure(words: &[String], numbers: &[usize]) {
    let numbers = if numbers.is_empty() {
        &[1_000, 10_000]
    } else {
        numbers
    };
    let named = |way: &&&str| words.iter().any(|word| word == **way);
    let mut ways: Vec<&&str> = WAYS.iter().filter(named).collect();
    if ways.is_empty() {
        ways = WAYS.iter().collect();
    }
    println!(
        "{:<14}{:>8}{:>10}{:>10}{:>13}{:>10}{:>9}",
        "way", "orders", "orders/s", "of mail's", "CPU ms each", "peak MiB", "grown"
    );
    // each beside mail, and its memory beside what the fewest orders of the same way take
    let mut mails: Vec<f64> = Vec::new();
    for way in ways {
        let mut fewest: Option<f64> = None;
        for (place, orders) in numbers.iter().enumerate() {
            let cost = run(way, *orders);
            let rate = *orders as f64 / cost.wall;
            if *way == "mail" {
                mails.push(rate);
            }
            let of_mail = mails.get(place).map(|mail| format!("{:.2}", rate / mail));
            let grown = cost.peak_mib / *fewest.get_or_insert(cost.peak_mib);
            println!(
                "{way:<14}{orders:>8}{rate:>10.0}{:>10}{:>13.2}{:>10.0}{grown:>9.2}",
                of_mail.unwrap_or_default(),
                cost.cpu * 1000.0 / *orders as f64,
                cost.peak_mib
            );
        }
    }
}

fn run(way: &str, orders: usize) -> Cost {
    let (shop, sink) = (stocked(KeyKind::Cv25519), Sink::start());
    let mut other = OtherSide::default();
    let source = match way {
        "mail" => {
            shop.deliver(0, orders);
            String::new()
        }
        "folder" => {
            signed(&shop, &shop.path("in"), orders);
            folder("")
        }
        "several" => {
            exports(&shop, orders);
            folder("trusted = true")
        }
        "sftp" => {
            let server = other.sshd.insert(Sshd::start(&["ed25519"], ""));
            signed(&shop, &server.files(), orders);
            sftp(server)
        }
        "shopify" => shop_table(&shop, &mut other, Kind::Shopify, orders),
        _ => shop_table(&shop, &mut other, Kind::WooCommerce, orders),
    };
    shop.configure(sink.port, &source);
    nix::unistd::sync();
    let cost = poms(&shop.path(""), &all_cores(), &["process", "-v"]);
    let all = format!("{orders} placed");
    assert!(cost.stdout.contains(&all), "{way}: {}", cost.stdout);
    cost
}

fn folder(more: &str) -> String {
    format!(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\nsettle_seconds = 0\n{more}\n"
    )
}

fn sftp(server: &Sshd) -> String {
    format!(
        "[[source]]\nname = \"files\"\nkind = \"sftp\"\nhost = \"127.0.0.1\"\nport = {}\nuser = \"{}\"\n\
         host_key = \"{}\"\nkey_file = \"{}\"\npath = \"{}\"\nsettle_seconds = 0\n",
        server.port,
        server.user,
        server.fingerprint("ed25519"),
        server.path("user").display(),
        server.files().display()
    )
}

fn shop_table(shop: &Shop, other: &mut OtherSide, kind: Kind, orders: usize) -> String {
    shop.put("keys/shop.secret", shops::SECRET.as_bytes());
    let server = other.shop.insert(shops::Server::start(kind, orders));
    server.table(kind)
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
}

fn private_folder(path: &Path) {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true).mode(0o700).create(path).unwrap();
}

/// A signed file for each order.
fn signed(shop: &Shop, to: &Path, orders: usize) {
    private_folder(to);
    (0..orders).into_par_iter().for_each(|number| {
        let text = order(number).to_string();
        let file = shop.sign(text.as_bytes());
        write(&to.join(format!("{number:08}.json.asc")), &file);
    });
}

/// Exports of the shop with several orders each, by a format that the site describes.
fn exports(shop: &Shop, orders: usize) {
    private_folder(&shop.path("formats"));
    shop.put("formats/export.toml", export::format("5.00").as_bytes());
    private_folder(&shop.path("in"));
    for first in (0..orders).step_by(A_FILE) {
        let mut csv = export::HEAD.to_owned();
        for number in first..orders.min(first + A_FILE) {
            let order = order(number);
            let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
            let head = format!(
                "{},06/02/2025,{},{},{}",
                text(&order["order_number"]),
                text(&order["customer"]["name"]),
                text(&order["customer"]["email"]),
                text(&order["ship_to"]["street1"])
            );
            for line in order["lines"].as_array().unwrap() {
                let (sku, price) = (text(&line["sku"]), text(&line["unit_price"]));
                let total = text(&order["total"]);
                csv += &format!("{head},{sku},{},{price},{total}\n", line["qty"]);
            }
        }
        write(&shop.path(&format!("in/{first:08}.csv")), csv.as_bytes());
    }
}
