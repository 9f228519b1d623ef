//! `[[source]]`: read with its defaults, refused whole.

use super::{CONTRACT, parse};
use crate::config::{Config, SftpLogin, SourceKind};

const KEY: &str = "SHA256:AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/AbCdE";

fn with(source: &str) -> Result<Config, String> {
    parse(&format!("{CONTRACT}\n[[source]]\n{source}")).map_err(|fault| fault.to_string())
}

fn said(source: &str) -> String {
    with(source).err().unwrap_or_default()
}

#[test]
fn a_folder_has_its_defaults() {
    let config = with("name = \"files\"\nkind = \"folder\"\npath = \"in\"").unwrap();
    let [source] = config.sources.as_slice() else {
        panic!("one source");
    };
    let SourceKind::Folder(folder) = &source.kind else {
        panic!("a folder");
    };
    assert!(!folder.trusted && !source.is_trusted() && source.format.is_none());
    assert_eq!(folder.path, config.file.parent().unwrap().join("in"));
    assert_eq!(folder.files.settle.as_secs(), 10);
    assert_eq!(
        (
            folder.files.processed_folder.as_str(),
            folder.files.failed_folder.as_str()
        ),
        (".processed", ".failed")
    );
    assert!(source.place().starts_with("folder /"), "{}", source.place());
}

#[test]
fn a_server_is_pinned_and_logged_into_in_one_way() {
    let sftp = format!(
        "name = \"s\"\nkind = \"sftp\"\nhost = \"h.example\"\nuser = \"u\"\npath = \"in\"\nhost_key = \"{KEY}\"\n"
    );
    let config = with(&format!("{sftp}key_file = \"keys/sftp\"")).unwrap();
    let SourceKind::Sftp(sftp_folder) = &config.sources[0].kind else {
        panic!("a server");
    };
    let server = &sftp_folder.server;
    assert_eq!((server.port, server.timeout.as_secs()), (22, 30));
    assert_eq!(format!("SHA256:{}", server.host_key), KEY);
    assert!(matches!(server.login, SftpLogin::Key(_, None)));
    let both = said(&format!(
        "{sftp}key_file = \"keys/sftp\"\npassword_file = \"keys/password\""
    ));
    assert!(both.contains("both a key_file and a password"), "{both}");
    let none = said(&sftp);
    assert!(none.contains("needs key_file"), "{none}");
    let other = said(&format!("{sftp}key_file = \"k\"").replace("SHA256:", "MD5:"));
    assert!(other.contains("source.host_key"), "{other}");
    assert!(other.contains("ssh-keygen -lf"), "{other}");
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let folder = "name = \"files\"\nkind = \"folder\"\npath = \"in\"\n";
    for (source, words) in [
        (folder.replace("path = \"in\"\n", ""), &["source.path", "is missing"][..]),
        (folder.replace("folder", "ftp"), &["source.kind", "\"sftp\""]),
        (folder.replace("kind = \"folder\"\n", ""), &["source.kind", "is missing"]),
        (folder.replace("files", "orders"), &["source.name", "name of a mailbox"]),
        (
            format!("{folder}[[source]]\n{folder}"),
            &["source.name", "name of another source"],
        ),
        (
            format!("{folder}host = \"h\""),
            &["source.host", "is for kind = \"sftp\"", "\"folder\""],
        ),
        (format!("{folder}settle_seconds = -1"), &["source.settle_seconds", "0 to 86400"]),
        (format!("{folder}processed_folder = \"a/b\""), &["one folder's name"]),
        (format!("{folder}processed_folder = \"..\""), &["one folder's name"]),
        (format!("{folder}failed_folder = \".processed\""), &["must differ"]),
        (format!("{folder}trustet = true"), &["source.trustet", "'trusted'"]),
        (
            "name = \"w\"\nkind = \"woocommerce\"\nurl = \"https://s.example\"\nconsumer_key = \"ck_1\"".to_owned(),
            &["source.consumer_secret", "consumer_secret_file"],
        ),
    ] {
        let said = said(&source);
        for word in words {
            assert!(said.contains(word), "{source}: no '{word}' in: {said}");
        }
    }
}

#[test]
fn what_only_a_signature_proves_needs_signers() {
    let folder = "\n[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\n";
    let nobody = CONTRACT.replace("trusted_signers = [\"keys/webshop.pub.asc\"]", "");
    let said = parse(&format!("{nobody}{folder}"))
        .err()
        .map(|e| e.to_string());
    let said = said.unwrap_or_default();
    assert!(
        said.contains("trusted_signers is missing or empty"),
        "{said}"
    );
    assert!(parse(&format!("{nobody}{folder}trusted = true\n")).is_ok());
}
