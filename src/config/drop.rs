//! `[[vendor_drop]]`: where the systems of vendors take purchase orders as files.

use super::monitoring::address;
use super::reader::Section;
use super::safety::Need;
use super::source::{HttpsLogin, SftpServer, login, sftp_server};
use crate::domain::layout::VendorLayout;
use crate::domain::papers::{DropPapers, PaperKind, USUAL};
use crate::http::{Endpoint, Hosts, SettingNames};
use std::path::PathBuf;
use std::time::Duration;

/// One vendor's drop. No `Debug`: a secret may stand in it.
#[derive(Clone)]
pub struct DropConfig {
    /// Whose it is, and the files that it takes.
    pub papers: DropPapers,
    /// How it is reached.
    pub way: DropWay,
}

/// How a drop is reached.
#[derive(Clone)]
pub enum DropWay {
    /// A folder of this machine.
    Folder(DropFolder),
    /// A folder of a server.
    Sftp(Box<DropServer>),
    /// An address to which they are posted.
    Post(Box<DropAddress>),
}

/// A folder of an SFTP server.
#[derive(Clone)]
pub struct DropServer {
    /// The server.
    pub server: SftpServer,
    /// The folder there; relative paths begin in the user's home. poms does not make it.
    pub path: String,
    /// The mode of its files.
    pub mode: u32,
}

/// An address to which files are posted.
#[derive(Clone)]
pub struct DropAddress {
    /// The address.
    pub endpoint: Endpoint,
    /// How poms proves itself; not at all where `None`.
    pub login: Option<HttpsLogin>,
    /// How long one answer may take.
    pub timeout: Duration,
}

/// A folder of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DropFolder {
    /// The folder. poms does not make it: one that is missing may be a disk that is not mounted.
    pub path: PathBuf,
    /// The mode of its files.
    pub mode: u32,
}

#[derive(Clone, Copy, PartialEq)]
enum DropKind {
    Folder,
    Sftp,
    Https,
}

/// Reads every `[[vendor_drop]]`; each names one of the layouts, or none.
pub fn drops(sections: &[Section<'_>], layouts: &[VendorLayout]) -> Vec<DropConfig> {
    let mut found: Vec<DropConfig> = Vec::new();
    for section in sections {
        let Some(drop) = drop(section, layouts) else {
            continue;
        };
        let vendor = &drop.papers.vendor;
        if found.iter().any(|other| other.papers.vendor == *vendor) {
            section.fault("vendor", "has a drop already: each vendor has one");
        }
        found.push(drop);
    }
    found
}

fn drop(section: &Section<'_>, layouts: &[VendorLayout]) -> Option<DropConfig> {
    let vendor = section.required("vendor", "the vendor's ID, as in the table of vendors");
    let kinds = documents(section);
    let layout = layout(section, layouts, &kinds);
    let ways = [
        ("folder", DropKind::Folder),
        ("sftp", DropKind::Sftp),
        ("https", DropKind::Https),
    ];
    if !section.has("kind") {
        section.fault(
            "kind",
            "is missing: it must be \"folder\", \"sftp\" or \"https\"",
        );
    }
    let kind = section.choice("kind", &ways, DropKind::Folder);
    others(section, kind);
    let way = match kind {
        DropKind::Folder => DropWay::Folder(folder(section)?),
        DropKind::Sftp => DropWay::Sftp(Box::new(server(section)?)),
        DropKind::Https => DropWay::Post(Box::new(https(section)?)),
    };
    Some(DropConfig {
        papers: DropPapers {
            vendor,
            kinds,
            layout,
        },
        way,
    })
}

/// Keys that not every kind has, each with the kinds that have it.
const OF_KINDS: &[(&str, &[DropKind], &str)] = &[
    (
        "path",
        &[DropKind::Folder, DropKind::Sftp],
        "\"folder\" and \"sftp\"",
    ),
    (
        "mode",
        &[DropKind::Folder, DropKind::Sftp],
        "\"folder\" and \"sftp\"",
    ),
    ("host", &[DropKind::Sftp], "\"sftp\""),
    ("port", &[DropKind::Sftp], "\"sftp\""),
    ("host_key", &[DropKind::Sftp], "\"sftp\""),
    ("key_file", &[DropKind::Sftp], "\"sftp\""),
    ("key_passphrase", &[DropKind::Sftp], "\"sftp\""),
    ("key_passphrase_file", &[DropKind::Sftp], "\"sftp\""),
    ("key_passphrase_command", &[DropKind::Sftp], "\"sftp\""),
    ("key_passphrase_credential", &[DropKind::Sftp], "\"sftp\""),
    (
        "user",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    (
        "password",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    (
        "password_file",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    (
        "password_command",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    (
        "password_credential",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    (
        "timeout_seconds",
        &[DropKind::Sftp, DropKind::Https],
        "\"sftp\" and \"https\"",
    ),
    ("url", &[DropKind::Https], "\"https\""),
    ("token", &[DropKind::Https], "\"https\""),
    ("token_file", &[DropKind::Https], "\"https\""),
    ("token_command", &[DropKind::Https], "\"https\""),
    ("token_credential", &[DropKind::Https], "\"https\""),
    ("ca_file", &[DropKind::Https], "\"https\""),
    ("allow_private", &[DropKind::Https], "\"https\""),
];

/// Notes keys that are another kind's.
fn others(section: &Section<'_>, kind: DropKind) {
    for (key, kinds, words) in OF_KINDS {
        if section.has(key) && !kinds.contains(&kind) {
            section.fault(key, format!("is for kind = {words}"));
        }
    }
}

/// The key `layout`.
fn layout(
    section: &Section<'_>,
    layouts: &[VendorLayout],
    kinds: &[PaperKind],
) -> Option<VendorLayout> {
    let name = section.text("layout")?;
    if !kinds.contains(&PaperKind::Csv) {
        section.fault("layout", "is of no use: \"csv\" is none of the documents");
    }
    let found = layouts.iter().find(|layout| layout.name == name);
    if found.is_none() {
        section.fault("layout", "is the name of no [[vendor_layout]]");
    }
    found.cloned()
}

/// The key `documents`.
fn documents(section: &Section<'_>) -> Vec<PaperKind> {
    if !section.has("documents") {
        return USUAL.to_vec();
    }
    let words = section.texts("documents");
    let mut kinds = Vec::new();
    for word in &words {
        match PaperKind::parse(word) {
            Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Some(_) => section.fault("documents", format!("'{word}' stands there twice")),
            None => section.fault("documents", format!("'{word}' is none of: pdf, csv, json")),
        }
    }
    if words.is_empty() {
        section.fault("documents", "is empty: one at least of pdf, csv, json");
    }
    kinds
}

fn https(section: &Section<'_>) -> Option<DropAddress> {
    let text = section.required(
        "url",
        "an address such as \"https://vendor.example/orders\"",
    );
    let url = address(&text, false);
    if let Err(why) = &url
        && !text.is_empty()
    {
        section.fault("url", *why);
    }
    let base = url.ok()?;
    if !base.username().is_empty() || base.password().is_some() {
        section.fault("url", "has a user in it: write user and password_file");
    }
    let login = login(section);
    let seconds = section.number("timeout_seconds", 1..=600, 60);
    Some(DropAddress {
        endpoint: Endpoint {
            base,
            hosts: match section.flag("allow_private") {
                true => Hosts::Any,
                false => Hosts::Public,
            },
            allow_plaintext: false,
            ca_file: section.path("ca_file", Need::Guarded),
            settings: SettingNames {
                base: "vendor_drop.url",
                hosts: "vendor_drop.allow_private",
            },
        },
        login,
        timeout: Duration::from_secs(seconds.unsigned_abs()),
    })
}

fn server(section: &Section<'_>) -> Option<DropServer> {
    let server = sftp_server(section);
    let path = section.required("path", "the folder on the server, such as \"orders\"");
    let mode = mode(section);
    Some(DropServer {
        server: server?,
        path,
        mode,
    })
}

fn folder(section: &Section<'_>) -> Option<DropFolder> {
    if !section.has("path") {
        section.fault(
            "path",
            "is missing: it must be the folder into which files are put",
        );
    }
    let mode = mode(section);
    Some(DropFolder {
        path: section.path("path", Need::Open)?,
        mode,
    })
}

/// The key `mode`.
fn mode(section: &Section<'_>) -> u32 {
    let text = section.text("mode").unwrap_or_else(|| "0640".to_owned());
    let bits = u32::from_str_radix(&text, 8).unwrap_or(u32::MAX);
    // who puts it there must be able to look whether it is there
    if bits > 0o777 || bits & 0o400 == 0 || bits & 0o111 != 0 {
        section.fault(
            "mode",
            "must be a file's mode that its owner may read and nobody runs, such as \"0640\"",
        );
    }
    bits
}
