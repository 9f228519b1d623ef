//! A folder of this machine.

use super::*;
use crate::support::desk::Output;

/// A run of which a person must hear these words.
fn complains(desk: &TestDesk, words: &[&str]) -> Output {
    desk.run(&["process"]).fails(1, words)
}

#[test]
fn signed_files_are_orders_whatever_their_wrapping() {
    let desk = desk(SIGNED);
    let inside = signed(&desk, &order(1));
    desk.file("in/a.json.asc", &inside);
    let text = order(2).to_string();
    let sealed = make::seal(
        text.as_bytes(),
        desk.webshop_key(),
        &[desk.shop_key()],
        desk.moment(),
    );
    desk.file("in/b.json.gpg", &sealed.unwrap());
    // binary, as gpg writes it without --armor
    let binary = dearmoured(&signed(&desk, &order(3)));
    desk.file("in/c.json.gpg", &binary);
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted", "accepted", "accepted"]);
    assert_eq!(processed(&desk), ["a.json.asc", "b.json.gpg", "c.json.gpg"]);
    assert_eq!(left(&desk), [""; 0]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 3);
    let signer = desk.webshop_key().fingerprint();
    for row in messages(&desk) {
        assert_eq!(row["signer"], json!(signer), "{row}");
        assert_eq!(row["mailbox"], "files");
    }
    let shown = desk.run(&["message", "show", "1"]).ok().stdout;
    assert!(
        shown.contains("W200001") && shown.contains(&signer),
        "{shown}"
    );
    // nothing more happens
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk).len(), 3);
}

fn dearmoured(armoured: &[u8]) -> Vec<u8> {
    let text = String::from_utf8(armoured.to_vec()).unwrap();
    let body: String = text
        .lines()
        .skip_while(|line| !line.is_empty())
        .take_while(|line| !line.starts_with("-----END"))
        .filter(|line| !line.starts_with('='))
        .collect();
    openssl::base64::decode_block(&body).unwrap()
}

#[test]
fn what_nobody_signed_or_in_the_clear_is_held() {
    let desk = desk(SIGNED);
    desk.file("in/plain.json", order(1).to_string().as_bytes());
    let clear = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n{}\n-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----\n";
    desk.file("in/clear.asc", clear.as_bytes());
    let stranger = make::KeyPair::generate(
        "Mallory <m@evil.example>",
        make::KeyKind::Cv25519,
        "2025-01-01T00:00:00Z".parse().unwrap(),
    )
    .unwrap();
    let text = order(2).to_string();
    let forged = make::sign_inside(text.as_bytes(), &stranger, desk.moment()).unwrap();
    desk.file("in/forged.asc", &forged);
    let sealed = make::encrypt(text.as_bytes(), &[desk.shop_key()], desk.moment()).unwrap();
    desk.file("in/sealed.asc", &sealed);
    let mut changed = dearmoured(&signed(&desk, &order(3)));
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    desk.file("in/changed.gpg", &changed);
    let mut twice = signed(&desk, &order(4));
    twice.extend(signed(&desk, &order(5)));
    desk.file("in/twice.asc", &twice);
    desk.run(&["process"]).ok();
    let rows = messages(&desk);
    assert_eq!(rows.len(), 6);
    for (name, code, word) in [
        ("plain.json", "unsigned", "trusted = true"),
        ("clear.asc", "bad_signature", "--clearsign"),
        (
            "forged.asc",
            "untrusted_signer",
            "not among the trusted signers",
        ),
        ("sealed.asc", "unsigned", ""),
        ("changed.gpg", "", ""),
        ("twice.asc", "mixed_content", "more than one"),
    ] {
        let row = rows.iter().find(|row| row["source"] == name).unwrap();
        assert!(
            ["held", "quarantined"].contains(&row["state"].as_str().unwrap()),
            "{row}"
        );
        assert!(code.is_empty() || row["code"] == code, "{row}");
        assert!(row["reason"].as_str().unwrap().contains(word), "{row}");
    }
    assert_eq!(left(&desk), [""; 0]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 0);
    let shown = desk.run(&["exceptions", "list"]).ok().stdout;
    assert!(shown.contains("unsigned"), "{shown}");
    desk.run(&["--json", "verify"]).ok();
}

#[test]
fn a_trusted_folder_takes_files_in_the_clear_and_says_who_answers_for_them() {
    let desk = desk(TRUSTED);
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    desk.run(&["process"]).ok();
    let row = &messages(&desk)[0];
    assert_eq!(
        (&row["state"], &row["signer"]),
        (&json!("accepted"), &json!("source:files"))
    );
    let shown = desk.run(&["message", "show", "1"]).ok().stdout;
    assert!(
        shown.contains("the configuration trusts the source files"),
        "{shown}"
    );
    assert!(shown.contains("W200001"), "{shown}");
    let trail = desk.run(&["audit", "show", "--order", "W200001"]);
    assert!(!trail.stdout.contains("mail 1"), "{}", trail.stdout);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 1);
    // signed ones are verified there as well
    desk.file("in/W2.json.asc", &signed(&desk, &order(2)));
    desk.run(&["process"]).ok();
    let signer = desk.webshop_key().fingerprint();
    assert_eq!(messages(&desk)[0]["signer"], json!(signer));
    desk.run(&["--json", "verify"]).ok();
}

#[test]
fn the_same_is_the_same_and_other_content_is_not() {
    let desk = desk(TRUSTED);
    let first = order(1).to_string();
    desk.file("in/W1.json", first.as_bytes());
    desk.run(&["process"]).ok();
    // the same file once more: the same message
    desk.file("in/W1.json", first.as_bytes());
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted"]);
    assert_eq!(processed(&desk), ["W1.2.json", "W1.json"]);
    // the same order under another name, and another order under the same name
    desk.file("in/copy.json", first.as_bytes());
    desk.file("in/W1.json", order(2).to_string().as_bytes());
    desk.run(&["process"]).ok();
    let mut rest = states(&desk).split_off(1);
    rest.sort();
    assert_eq!(rest, ["accepted", "duplicate"]);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 2);
    assert_eq!(
        processed(&desk),
        ["W1.2.json", "W1.3.json", "W1.json", "copy.json"]
    );
}

#[test]
fn what_is_still_written_is_left_alone() {
    let desk = desk("settle_seconds = 3600\ntrusted = true");
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    desk.run(&["process"]).ok();
    assert_eq!(left(&desk), ["W1.json"]);
    set(&desk, TRUSTED);
    for name in [
        "in/.W2.json",
        "in/W3.json.part",
        "in/W4.json.filepart",
        "in/W5.tmp",
    ] {
        desk.file(name, b"{\"order_");
    }
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted"]);
    assert_eq!(left(&desk), ["W3.json.part", "W4.json.filepart", "W5.tmp"]);
    assert!(desk.path("in/.W2.json").exists());
}

#[test]
fn what_is_no_file_is_named_and_keeps_no_other_back() {
    let desk = desk(SIGNED);
    desk.file("elsewhere.asc", &signed(&desk, &order(9)));
    std::os::unix::fs::symlink(desk.path("elsewhere.asc"), desk.path("in/link.asc")).unwrap();
    nix::unistd::mkfifo(&desk.path("in/pipe"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    std::fs::create_dir(desk.path("in/sub")).unwrap();
    desk.file("in/W1.asc", &signed(&desk, &order(1)));
    complains(
        &desk,
        &[
            "link.asc is a symbolic link",
            "pipe is a pipe",
            "source files",
        ],
    );
    assert_eq!(states(&desk), ["accepted"]);
    assert_eq!(left(&desk), ["link.asc", "pipe", "sub"]);
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("WRONG source files"), "{said}");
}

#[test]
fn a_trusted_folder_that_others_can_write_brings_nothing() {
    let desk = desk(TRUSTED);
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    mode(&desk.path("in"), 0o777);
    complains(&desk, &["is trusted", "chmod go-w"]);
    let said = desk.run(&["check"]);
    assert!(
        said.code == 1 && said.stdout.contains("chmod go-w"),
        "{}",
        said.stdout
    );
    mode(&desk.path("in"), 0o700);
    mode(&desk.path("in/W1.json"), 0o666);
    complains(&desk, &["W1.json has mode 0666", "chmod go-w"]);
    assert_eq!(left(&desk), ["W1.json"]);
    assert_eq!(states(&desk), [""; 0]);
    mode(&desk.path("in/W1.json"), 0o644);
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted"]);
}

#[test]
fn trust_that_is_taken_back_counts_for_what_still_waits() {
    let desk = desk(&format!("{TRUSTED}\nformat = \"shopify\""));
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    desk.run(&["process"]).ok();
    let row = messages(&desk).remove(0);
    assert_eq!(
        (&row["state"], &row["code"]),
        (&json!("held"), &json!("unknown_format"))
    );
    assert!(
        row["reason"]
            .as_str()
            .unwrap()
            .contains("takes shopify alone"),
        "{row}"
    );
    set(&desk, SIGNED);
    desk.run(&["message", "reprocess", "1", "--note", "format corrected"])
        .ok();
    desk.run(&["process"]).ok();
    let row = messages(&desk).remove(0);
    assert_eq!(
        (&row["state"], &row["code"]),
        (&json!("held"), &json!("unsigned"))
    );
    set(&desk, TRUSTED);
    desk.run(&["message", "reprocess", "1", "--note", "trusted again"])
        .ok();
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted"]);
    // what came unsigned into a folder that was not trusted stays that
    set(&desk, SIGNED);
    desk.file("in/W2.json", order(2).to_string().as_bytes());
    desk.run(&["process"]).ok();
    set(&desk, TRUSTED);
    desk.run(&["message", "reprocess", "2", "--note", "again"])
        .ok();
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted", "held"]);
    // unless it is put there again
    desk.file("in/W2.json", order(2).to_string().as_bytes());
    desk.run(&["process"]).ok();
    assert_eq!(states(&desk), ["accepted", "held", "accepted"]);
}

#[test]
fn what_cannot_be_read_goes_to_the_failed() {
    let desk = desk(TRUSTED);
    let big = "{\"filler\":\"".to_owned() + &"x".repeat(2 << 20) + "\"}";
    desk.config(&format!(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npath = \"in\"\n{TRUSTED}\n"
    ));
    let config = std::fs::read_to_string(desk.path("poms.toml")).unwrap();
    let small = config.replacen("[limits]\n", "[limits]\nmessage_mib = 1\n", 1);
    desk.file("poms.toml", small.as_bytes());
    desk.file("in/big.json", big.as_bytes());
    desk.file("in/cut.asc", b"-----BEGIN PGP MESSAGE-----\n\nabc");
    desk.run(&["process"]).ok();
    assert_eq!(failed(&desk), ["big.json", "cut.asc"]);
    let rows = messages(&desk);
    let row = rows.iter().find(|row| row["source"] == "big.json").unwrap();
    assert_eq!(
        (&row["code"], &row["state"]),
        (&json!("too_large"), &json!("quarantined"))
    );
    let kept = desk.run(&["message", "show", &row["id"].to_string(), "--raw"]);
    assert!(kept.bytes.len() <= 64 << 10);
}

#[test]
fn card_numbers_are_masked_before_anything_is_written() {
    const CARD: &str = "4111111111111111";
    let desk = desk(TRUSTED);
    let mut order = order(1);
    order["comment"] = json!(format!("charge {CARD} please"));
    desk.file("in/W1.json", order.to_string().as_bytes());
    desk.run(&["process"]).ok();
    let raw = desk.run(&["message", "show", "1", "--raw"]);
    assert!(
        !raw.stdout.contains(CARD) && raw.stdout.contains("W200001"),
        "{}",
        raw.stdout
    );
    for file in ["poms.db", "poms.db-wal"] {
        let bytes = std::fs::read(desk.path(file)).unwrap_or_default();
        let found = bytes
            .windows(CARD.len())
            .any(|part| part == CARD.as_bytes());
        assert!(!found, "{file}");
    }
}

#[test]
fn a_rehearsal_moves_nothing() {
    let desk = desk(TRUSTED);
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    let said = desk.run(&["process", "--dry-run"]);
    assert!(
        said.stdout.contains("W200001") || said.code == 0,
        "{}",
        said.stdout
    );
    assert_eq!(left(&desk), ["W1.json"]);
    assert!(!desk.path("in/.processed").exists());
    assert_eq!(messages(&desk).len(), 0);
}

#[test]
fn check_tries_it_for_real() {
    let desk = desk(TRUSTED);
    desk.file("in/W1.json", order(1).to_string().as_bytes());
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("ok    source files"), "{said}");
    assert!(said.contains("1 file waits"), "{said}");
    assert_eq!(left(&desk), ["W1.json"]);
    assert_eq!(processed(&desk), [""; 0]);
    std::fs::remove_file(desk.path("in/W1.json")).unwrap();
    std::fs::remove_dir(desk.path("in/.processed")).unwrap();
    desk.file("in/.processed", b"in the way");
    let said = desk.run(&["check"]).stdout;
    assert!(
        said.contains("WRONG source files") && said.contains("cannot be moved"),
        "{said}"
    );
    std::fs::remove_dir_all(desk.path("in")).unwrap();
    let said = desk.run(&["check"]).stdout;
    assert!(
        said.contains("is not there") && said.contains("install -d"),
        "{said}"
    );
    complains(&desk, &["source files", "is not there"]);
    std::fs::create_dir(desk.path("in")).unwrap();
    set(&desk, "format = \"nonsense\"");
    let said = desk.run(&["check"]).stdout;
    assert!(said.contains("none that poms knows"), "{said}");
}
