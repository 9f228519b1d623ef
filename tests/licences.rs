//! What poms is made of: licences, one crypto stack, one version of what is pinned, nothing from
//! outside the registry. Asked of `cargo metadata`, for the machine that the tests run on.

use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// As in `deny.toml`.
const ALLOWED: [&str; 10] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-3-Clause",
    "BSL-1.0",
    "bzip2-1.0.6",
    "MIT",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Crates with a licence of their own.
const EXCEPTIONS: [(&str, &str); 2] = [
    ("buffered-reader", "LGPL-2.0-or-later"),
    ("sequoia-openpgp", "LGPL-2.0-or-later"),
];

/// Second stacks for TLS and cryptography.
const BANNED: [&str; 7] = [
    "ring",
    "rustls",
    "aws-lc-sys",
    "boring-sys",
    "mbedtls",
    "nettle",
    "rsa",
];

/// Of these two versions at once would be two stacks or two ledgers.
const ONCE: [&str; 8] = [
    "chrono",
    "lettre",
    "libsqlite3-sys",
    "mail-parser",
    "native-tls",
    "openssl",
    "openssl-sys",
    "rusqlite",
];

fn run(program: &str, args: &[&str]) -> Vec<u8> {
    let output = Command::new(program)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap_or_else(|fault| panic!("{program}: {fault}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {complaint}");
    output.stdout
}

/// The packages that are built here, and the manifest of poms.
fn packages() -> (Vec<Value>, Value) {
    let version = String::from_utf8(run("rustc", &["-vV"])).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let args = [
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--filter-platform",
        host.unwrap(),
    ];
    let document: Value = serde_json::from_slice(&run(env!("CARGO"), &args)).unwrap();
    let nodes = document["resolve"]["nodes"].as_array().unwrap();
    let built: BTreeSet<&str> = nodes.iter().filter_map(|n| n["id"].as_str()).collect();
    let all = document["packages"].as_array().unwrap();
    let built = |package: &&Value| built.contains(package["id"].as_str().unwrap());
    let (ours, others): (Vec<Value>, Vec<Value>) = all
        .iter()
        .filter(built)
        .cloned()
        .partition(|package| package["source"].is_null());
    assert!(others.len() > 100, "{} packages", others.len());
    let names: BTreeSet<&str> = ours.iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names, BTreeSet::from(["poms", "poms-ground"]));
    let poms = ours.iter().find(|package| package["name"] == "poms");
    (others, poms.unwrap().clone())
}

/// Whether one may use something under this SPDX expression.
fn may_use(name: &str, expression: &str) -> bool {
    let one = |licence: &str| {
        let licence = licence.trim().trim_matches(['(', ')']);
        ALLOWED.contains(&licence) || EXCEPTIONS.contains(&(name, licence))
    };
    let expression = expression.replace('/', " OR ");
    let mut all = expression.split(" AND ");
    all.all(|part| part.split(" OR ").any(one))
}

#[test]
fn licences_are_read_as_spdx_has_them() {
    for fine in [
        "MIT",
        "MIT/Apache-2.0",
        "GPL-3.0 OR MIT",
        "(MIT OR Apache-2.0) AND Unicode-3.0",
    ] {
        assert!(may_use("x", fine), "{fine}");
    }
    for not in ["GPL-3.0-only", "MIT AND GPL-3.0", "LGPL-2.0-or-later", ""] {
        assert!(!may_use("x", not), "{not}");
    }
    assert!(may_use("sequoia-openpgp", "LGPL-2.0-or-later"));
}

#[test]
fn every_crate_may_be_used_and_there_is_one_crypto_stack() {
    let (packages, poms) = packages();
    let mut versions = BTreeMap::<&str, usize>::new();
    for package in &packages {
        let name = package["name"].as_str().unwrap();
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(may_use(name, licence), "{name} is under '{licence}'");
        assert!(!BANNED.contains(&name), "{name} is a second crypto stack");
        let source = package["source"].as_str().unwrap_or("a path");
        assert!(source.starts_with("registry+"), "{name} is from {source}");
        *versions.entry(name).or_default() += 1;
    }
    let dependencies = poms["dependencies"].as_array().unwrap();
    let pinned = dependencies
        .iter()
        .filter(|d| d["req"].as_str().unwrap().starts_with('='))
        .map(|d| d["name"].as_str().unwrap());
    let pinned: Vec<&str> = pinned.collect();
    assert!(pinned.contains(&"sequoia-openpgp"), "{pinned:?}");
    for name in pinned.into_iter().chain(ONCE) {
        assert_eq!(versions.get(name), Some(&1), "{name}");
    }
}

#[test]
fn deny_toml_says_the_same() {
    let text = include_str!("../deny.toml");
    let deny: toml::Table = text.parse().unwrap();
    let strings = |value: &toml::Value, key: Option<&str>| -> BTreeSet<String> {
        let list = value.as_array().unwrap().iter();
        let text = |item: &toml::Value| match key {
            Some(key) => item[key].as_str().unwrap().to_owned(),
            None => item.as_str().unwrap().to_owned(),
        };
        list.map(text).collect()
    };
    let ours = |names: &[&str]| -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    };
    let licences = &deny["licenses"];
    assert_eq!(strings(&licences["allow"], None), ours(&ALLOWED));
    let exempt = EXCEPTIONS.map(|(name, _)| name);
    let exceptions = strings(&licences["exceptions"], Some("crate"));
    assert_eq!(exceptions, ours(&exempt));
    assert_eq!(strings(&deny["bans"]["deny"], Some("crate")), ours(&BANNED));
}
