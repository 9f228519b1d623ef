//! For which addresses of a domain its signature counts.

use super::trust::{AUTHSERV, PASS, believed, mail};
use super::*;

#[test]
fn our_own_servers_word_counts_for_the_vendors_domain() {
    let mail_pass = PASS.replace("acme.example", "mail.acme.example");
    let twice = format!("{PASS}Received: x\n{}", PASS.replace("mx.shop", "mx.evil"));
    let both = "acme.example desk.acme.example; mail.acme.example";
    // the row's mail_domain, what our server wrote, From, and whether it counts
    for (whole, head, from, wanted) in [
        ("", PASS, "orders@acme.example", true),
        ("", PASS, "\"Acme\" <ORDERS@Acme.example>", true),
        ("", PASS, "dana@acme.example", false),
        ("no", PASS, "dana@acme.example", false),
        ("", &mail_pass, "orders@acme.example", false),
        ("yes", PASS, "orders@acme.example", true),
        ("yes", PASS, "\"Dana Roe (Acme)\" <dana@acme.example>", true),
        ("yes", &twice, "dana@acme.example", true),
        ("acme.example", PASS, "dana@acme.example", true),
        ("yes", PASS, "dana@desk.acme.example", false),
        ("yes", &mail_pass, "dana@acme.example", false),
        ("yes", &mail_pass, "x@mail.acme.example", false),
        (both, PASS, "dana@desk.acme.example", true),
        (both, &mail_pass, "dana@acme.example", true),
        (both, &mail_pass, "orders@acme.example", true),
        (both, &mail_pass, "x@sub.mail.acme.example", false),
        ("mail.acme.example", PASS, "dana@acme.example", false),
    ] {
        let desk = placed(AUTHSERV);
        with_domain(&desk, whole);
        desk.raw_mail(&mail(head, from, "orders@shop.example"));
        process(&desk);
        assert_eq!(believed(&desk), wanted, "{whole}: {head}{from}");
    }
}

/// Says in ACME's row whose its domain is.
fn with_domain(desk: &TestDesk, whole: &str) -> String {
    let csv = crate::support::desk::VENDORS
        .replace(",zip\n", ",zip,Mail_Domain\n")
        .replace(",04101", &format!(",04101,{whole}"))
        .replace(",28801", ",28801,");
    desk.file("v.csv", csv.as_bytes());
    desk.run(&["vendors", "import", "v.csv"]).ok().stdout
}

#[test]
fn a_neighbour_at_the_vendors_provider_is_nobody_and_the_row_says_what_would_change() {
    let desk = placed(AUTHSERV);
    with_domain(&desk, "yes");
    desk.raw_mail(&mail(PASS, "dana@acme.example", "orders@shop.example"));
    process(&desk);
    assert!(believed(&desk));
    let fine = desk.run(&["check"]).stdout;
    assert!(fine.contains("the very address on file"), "{fine}");
    let said = with_domain(&desk, "");
    assert!(
        said.contains("vendor ACME: mails came from dana@acme.example (1, the last on 2025-06-02), not from orders@acme.example")
            && said.contains("write yes under mail_domain"),
        "{said}"
    );
    let said = desk.run(&["check"]);
    assert!(
        said.stdout.contains("dana@acme.example (1"),
        "{}",
        said.stdout
    );
    desk.raw_mail(&mail(PASS, "mallory@acme.example", "orders@shop.example"));
    process(&desk);
    assert!(!believed(&desk));
    let text = exceptions(&desk)
        .iter()
        .find(|row| row["code"] == "untrusted_sender")
        .map(|row| row["message"].to_string())
        .unwrap();
    assert!(
        text.contains("address of vendor ACME on file is orders@acme.example"),
        "{text}"
    );
    for (cell, word) in [
        ("gmail.com", "for everybody"),
        ("sure", "neither yes or no"),
    ] {
        let csv = format!(
            "id,name,email,fax,channel,zip,mail_domain\nACME,Acme,o@acme.example,,email,04101,{cell}\n"
        );
        desk.file("w.csv", csv.as_bytes());
        desk.run(&["vendors", "import", "w.csv"])
            .fails(1, &["line 2", "mail_domain", word, "nothing was imported"]);
    }
}
