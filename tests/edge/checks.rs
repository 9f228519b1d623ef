//! `poms check` in each kind of trouble: the line that is wrong names it and says what to do.

use crate::support::desk::TestDesk;
use crate::support::dovecot::{self, Dovecot, Wishes};
use crate::support::http::Calls;
use crate::support::ports;
use crate::support::postfix::Postfix;
use crate::support::sinch::{FakeSinch, PROJECT};
use crate::support::ups::{Reply, Ups, gateway};
use chrono::{DateTime, Duration, SecondsFormat, Utc};

/// The one line of `poms check` that is wrong; everything else is fine.
fn wrong(desk: &TestDesk, line: &str, words: &[&str]) {
    let done = desk.run(&["check"]);
    let bad: Vec<&str> = done
        .stdout
        .lines()
        .filter(|line| line.starts_with("WRONG"))
        .collect();
    assert_eq!((done.code, bad.len()), (1, 1), "{}", done.stdout);
    assert!(bad[0].starts_with(&format!("WRONG {line}")), "{}", bad[0]);
    for word in words {
        assert!(bad[0].contains(word), "no '{word}' in: {}", bad[0]);
    }
    assert!(!done.stdout.contains("canary"), "{}", done.stdout);
    let told = desk.run(&["check", "--json"]).json();
    assert_eq!(told["ok"], false);
}

fn fine(desk: &TestDesk, line: &str) {
    let said = desk.run(&["check"]).ok().stdout;
    assert!(said.contains(&format!("ok    {line}")), "{said}");
}

/// That the server's certificate ends soon is said: this one lasts so many days of the real clock, and
/// the site's stands still long before.
fn ends(desk: &TestDesk, line: &str, lasts: i64) {
    let said = |moment: DateTime<Utc>| {
        desk.now(&moment.to_rfc3339_opts(SecondsFormat::Secs, true));
        let said = desk.run(&["check"]).ok().stdout;
        let mut lines = said.lines().filter(|text| text.contains(line));
        lines.next().expect("the line").to_owned()
    };
    let site = desk.moment();
    assert!(!said(site).contains("certificate"));
    let now = poms::clock::Clock::System.now();
    let soon = said(now + Duration::days(lasts - 7));
    assert!(
        soon.starts_with("ok ") && soon.contains("its certificate ends on 20"),
        "{soon}"
    );
    assert!(soon.contains("have it renewed"), "{soon}");
    desk.now(&site.to_rfc3339_opts(SecondsFormat::Secs, true));
}

fn desk() -> TestDesk {
    let desk = TestDesk::stocked();
    desk.file("keys/right", format!("{}\n", dovecot::PASSWORD).as_bytes());
    desk.file("keys/wrong", b"canary-wrong\n");
    desk
}

/// With another mailbox, or another way out.
fn with(desk: &TestDesk, table: &str) {
    desk.config(table);
    if table.contains("[delivery.email]") {
        let text = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
        let own = "[delivery.email]\nkind = \"maildir\"\npath = \"mail/sent\"\n";
        desk.file("poms.toml", text.replacen(own, "", 1).as_bytes());
    }
}

#[test]
fn imap() {
    let server = Dovecot::start(Wishes::default());
    let desk = desk();
    desk.file("keys/ca.pem", &server.authority.root);
    let mailbox = |host: &str, port: u16, password: &str, more: &str| {
        let table = format!(
            "[[mailbox]]\nname = \"vendors\"\nkind = \"imap\"\nhost = \"{host}\"\nport = {port}\nuser = \"{}\"\n\
             password_file = \"keys/{password}\"\ntimeout_seconds = 5\n{more}",
            dovecot::USER
        );
        with(&desk, &table);
    };
    let (tls, ca) = (server.tls_port, "ca_file = \"keys/ca.pem\"");
    mailbox("localhost", tls, "right", ca);
    fine(&desk, "mailbox vendors");
    let line = "mailbox vendors";
    ends(&desk, line, 2);
    mailbox("localhost", tls, "wrong", ca);
    wrong(&desk, line, &["'shop'", "check user and password"]);
    mailbox("localhost", ports::free(), "right", ca);
    wrong(&desk, line, &["refused", "are host and port right?"]);
    mailbox("localhost", tls, "right", "");
    wrong(&desk, line, &["certificate", "ca_file"]);
    mailbox("no-such-host.invalid", tls, "right", ca);
    wrong(&desk, line, &["no-such-host.invalid", "DNS"]);
    mailbox(
        "localhost",
        tls,
        "right",
        &format!("{ca}\nfolder = \"Nowhere\""),
    );
    wrong(&desk, line, &["'Nowhere'"]);
    mailbox("localhost", tls, "nosuch", ca);
    wrong(&desk, line, &["keys/nosuch", "first line", "chmod 600"]);
    // a port at which another protocol speaks
    mailbox("localhost", server.port, "right", ca);
    wrong(&desk, line, &["TLS"]);
}

#[test]
fn smtp() {
    let Some(server) = Postfix::start() else {
        return;
    };
    let desk = desk();
    desk.file("keys/ca.pem", &std::fs::read(server.ca()).unwrap());
    desk.file("keys/other.pem", &std::fs::read(server.other_ca()).unwrap());
    desk.file(
        "keys/right",
        format!("{}\n", crate::support::postfix::PASSWORD).as_bytes(),
    );
    let out = |host: &str, port: u16, password: &str, more: &str| {
        let table = format!(
            "[delivery.email]\nkind = \"smtp\"\nhost = \"{host}\"\nport = {port}\nuser = \"shop\"\n\
             password_file = \"keys/{password}\"\nconnect_timeout_seconds = 5\ntimeout_seconds = 5\n{more}"
        );
        with(&desk, &table);
    };
    let (line, ca) = ("outgoing mail", "ca_file = \"keys/ca.pem\"");
    out("localhost", server.port, "right", ca);
    fine(&desk, line);
    ends(&desk, line, 30);
    out("localhost", server.port, "wrong", ca);
    wrong(&desk, line, &["'shop'", "check user and password"]);
    out("localhost", ports::free(), "right", ca);
    wrong(&desk, line, &["refused", "are host and port right?"]);
    out("no-such-host.invalid", server.port, "right", ca);
    wrong(&desk, line, &["no-such-host.invalid", "DNS"]);
    out(
        "localhost",
        server.port,
        "right",
        "ca_file = \"keys/other.pem\"",
    );
    wrong(&desk, line, &["certificate", "ca_file"]);
    out(
        "localhost",
        server.port,
        "right",
        "ca_file = \"keys/right\"",
    );
    wrong(&desk, line, &["keys/right", "PEM"]);
    out("localhost", server.tls_port, "right", ca);
    wrong(&desk, line, &["465: \"tls\""]);
    out(
        "localhost",
        server.port,
        "right",
        &format!("{ca}\nsecurity = \"tls\""),
    );
    wrong(&desk, line, &["TLS"]);
}

#[test]
fn faxes() {
    let fake = FakeSinch::start();
    let desk = desk();
    let sinch = |base: &str| {
        desk.config(&format!(
            "[delivery.fax]\nkind = \"sinch\"\nbase_url = \"{base}\"\nproject = \"{PROJECT}\"\n\
             key_file = \"keys/wrong\"\nsecret_file = \"keys/wrong\"\ntimeout_seconds = 5"
        ));
    };
    sinch(&fake.base_url());
    wrong(&desk, "fax", &["401", "delivery.fax.key"]);
    sinch(&format!("http://127.0.0.1:{}", ports::free()));
    wrong(&desk, "fax", &["refused", "delivery.fax.base_url"]);
    sinch("https://no-such-host.invalid");
    wrong(
        &desk,
        "fax",
        &["no-such-host.invalid", "delivery.fax.base_url"],
    );
    let hylafax = |more: &str| desk.config(&format!("[delivery.fax]\nkind = \"hylafax\"\n{more}"));
    hylafax(&format!("port = {}", ports::free()));
    wrong(&desk, "fax", &["HylaFAX", "whether hfaxd runs"]);
    hylafax("sendfax = \"/no/such/sendfax\"");
    wrong(
        &desk,
        "fax",
        &["/no/such/sendfax", "install hylafax-client"],
    );
    // a vendor who takes faxes only, and no fax
    desk.config("");
    desk.file(
        "v.csv",
        b"id,name,email,fax,channel,zip\nFAXY,Fax Co,,207-555-0142,fax,04101\n",
    );
    desk.run(&["vendors", "import", "v.csv"]).ok();
    wrong(&desk, "fax", &["vendor FAXY", "add [delivery.fax]"]);
}

#[test]
fn ups_in_its_own_words() {
    let desk = desk();
    desk.file("keys/ups.secret", b"hunter2\n");
    let ups = Ups::start("2025-06-06");
    desk.config(&ups.config(""));
    fine(&desk, "UPS");
    assert_eq!(ups.seen("/security/v1/oauth/token").len(), 1);
    // a token that was kept proves nothing of the secret
    ups.tokens(&[
        gateway(401, "10401", "ClientId is Invalid"),
        gateway(401, "10401", "ClientId is Invalid"),
    ]);
    wrong(
        &desk,
        "UPS",
        &[
            "10401 ClientId is Invalid",
            "client_id and client_secret",
            "developer.ups.com",
        ],
    );
    let refused = gateway(403, "250003", "Invalid Access License number");
    ups.transits(&[refused.clone(), refused]);
    wrong(
        &desk,
        "UPS",
        &["250003 Invalid Access License number", "Time in Transit"],
    );
    ups.tokens(&[
        gateway(429, "10429", "Too Many Requests"),
        gateway(429, "10429", "Too Many Requests"),
    ]);
    wrong(&desk, "UPS", &["429", "wait"]);
    ups.tokens(&[
        Reply::With(503, "<html>".to_owned()),
        Reply::With(503, "<html>".to_owned()),
    ]);
    wrong(&desk, "UPS", &["503", "try again later"]);
    ups.tokens(&[Reply::Drop, Reply::Drop]);
    wrong(&desk, "UPS", &["could not be reached", "firewall"]);
    ups.tokens(&[
        Reply::Redirect("http://169.254.169.254/".to_owned()),
        Reply::Redirect("http://169.254.169.254/".to_owned()),
    ]);
    wrong(
        &desk,
        "UPS",
        &["redirects are not followed", "[promise] server"],
    );
    desk.config(&ups.config("").replace("ups.secret", "nosuch"));
    wrong(&desk, "UPS", &["keys/nosuch", "first line"]);
}

#[test]
fn files_and_monitoring() {
    let desk = desk();
    let calls = Calls::start("200 OK");
    desk.config(&format!(
        "[monitoring]\nheartbeat_url = \"http://127.0.0.1:{}/canary\"",
        calls.port
    ));
    fine(&desk, "heartbeat");
    assert!(calls.take().is_empty(), "a check is no run");
    desk.config(&format!("[monitoring]\nheartbeat_url = \"https://127.0.0.1:{}/canary\"\nheartbeat_timeout_seconds = 2", calls.port));
    wrong(&desk, "heartbeat", &["127.0.0.1", "TLS"]);
    desk.config("[monitoring]\nheartbeat_url = \"https://no-such-host.invalid/canary\"");
    wrong(&desk, "heartbeat", &["no-such-host.invalid", "DNS"]);
    desk.config("");
    desk.config("[invoicing]\nfolder = \"bills\"");
    wrong(&desk, "bills", &["bills", "make it", "invoicing.folder"]);
    std::fs::create_dir(desk.path("bills")).unwrap();
    fine(&desk, "bills");
    desk.config("");
    let moved = |from: &str, line: &str, words: &[&str]| {
        let aside = desk.path("aside");
        std::fs::rename(desk.path(from), &aside).unwrap();
        wrong(&desk, line, words);
        std::fs::rename(&aside, desk.path(from)).unwrap();
    };
    moved(
        "mail/orders",
        "mailbox orders",
        &["maildirmake", "correct its path"],
    );
    moved("mail/orders/new", "mailbox orders", &["it has no new/"]);
    moved(
        "keys/webshop.pub.asc",
        "keys",
        &["webshop.pub.asc", "correct its path in [openpgp]"],
    );
    desk.file("keys/webshop.pub.asc", b"no key");
    wrong(&desk, "keys", &["webshop.pub.asc"]);
}
