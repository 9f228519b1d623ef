//! Certificates made by the openssl program.

use std::path::Path;
use std::process::{Command, Stdio};

/// `ca.pem`, a certificate of it for `localhost` in `server.pem` and `server.key`, and `other.pem`.
pub fn certificates(dir: &Path) {
    let make = |config: &[&str]| {
        let status = Command::new("openssl")
            .args(config)
            .current_dir(dir)
            .stderr(Stdio::null())
            .status();
        assert!(status.unwrap().success(), "openssl {config:?}");
    };
    for ca in ["ca", "other"] {
        let (key, pem) = (format!("{ca}.key"), format!("{ca}.pem"));
        make(&[
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "30",
            "-subj",
            "/CN=test CA",
            "-keyout",
            &key,
            "-out",
            &pem,
        ]);
    }
    make(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/CN=localhost",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
        "-keyout",
        "server.key",
        "-out",
        "server.pem",
    ]);
}
