//! The admin's and support's commands, typed as a person types them, on a whole site.

mod amendments;
mod clerk;
mod decide;
mod doubt;
mod look;
mod numbers;
mod printed;
mod replays;
mod search;
mod several;
mod wrong;
mod wrong_files;

use crate::support::desk::TestDesk;
use serde_json::{Value, json};

/// A screen as it is, with what differs from run to run replaced.
fn screen(desk: &TestDesk, text: &str) -> String {
    let actor = poms_actor();
    let webshop = desk.webshop_key().fingerprint();
    let text = text
        .replace(&webshop, "FINGERPRINT")
        .replace(&webshop[24..], "KEY-OF-THE-WEB-SHOP")
        .replace(&format!("({actor})"), "(ACTOR)");
    let mut told = String::new();
    for line in text.lines() {
        // Message-IDs and digests are random
        let clean = match line.find("SHA-256 ") {
            Some(at) => format!("{}SHA-256 …", &line[..at]),
            None => line.to_owned(),
        };
        told.push_str(clean.trim_end());
        told.push('\n');
    }
    told
}

/// Who the screens say that acts: the user, as `SHLVL` and no sudo are set.
fn poms_actor() -> String {
    let uid = nix::unistd::Uid::current();
    let user = nix::unistd::User::from_uid(uid).expect("a user list");
    user.map_or_else(|| format!("uid {uid}"), |user| user.name)
}

/// One good order, three that are held, a second one of the first's number, and a mail that nobody
/// signed: after one run.
fn morning() -> TestDesk {
    let desk = TestDesk::stocked();
    let mut two_vendors = TestDesk::plain_order("W200001");
    two_vendors["lines"] = json!([
        {"sku": "BF63-12163", "qty": 3, "unit_price": "108.23"},
        {"sku": "GD20-00020", "qty": 1, "unit_price": "39.00"}
    ]);
    two_vendors["shipping"] = json!("6.95");
    two_vendors["total"] = json!("370.64");
    two_vendors["shipping_method"] = json!("UPS Ground");
    let mut zip = TestDesk::plain_order("W200002");
    zip["ship_to"]["zip"] = json!("10001");
    zip["customer"] = json!({"name": "Łukasz Wójcik", "email": "lukasz@mail.example", "phone": ""});
    let mut price = TestDesk::plain_order("W200003");
    price["customer"]["email"] = json!("other@mail.example");
    price["lines"][0]["unit_price"] = json!("100.00");
    price["total"] = json!("300.00");
    price["comments"] = json!("Please ring\n twice");
    let mut again = TestDesk::plain_order("W200001");
    again["lines"] = json!([{"sku": "KT10-00010", "qty": 1, "unit_price": "29.90"}]);
    again["total"] = json!("29.90");
    desk.order(&two_vendors)
        .order(&zip)
        .order(&price)
        .order(&again);
    desk.raw_mail(b"From: someone@mail.example\r\nTo: orders@shop.example\r\nSubject: hello\r\n\r\nNot sealed.\r\n");
    desk.run(&["process"]).ok();
    desk.now("2025-06-02T13:05:00Z");
    desk
}

/// The number of the first open exception of this code.
fn number_of(desk: &TestDesk, code: &str) -> String {
    let list = desk.run(&["exceptions", "list", "--json"]).ok().json();
    let of_code = |one: &&Value| one["code"] == code;
    let found = list["exceptions"]
        .as_array()
        .and_then(|all| all.iter().find(of_code));
    found.unwrap_or_else(|| panic!("no {code} in {list:#}"))["id"].to_string()
}

#[test]
fn a_good_order_is_placed_and_what_is_wrong_is_listed() {
    let desk = morning();
    assert_eq!(desk.waiting(), 0);
    let mut mails: Vec<(String, String)> = desk
        .mails()
        .iter()
        .map(|mail| (mail.to(), mail.subject()))
        .collect();
    mails.sort();
    let to: Vec<&str> = mails.iter().map(|(to, _)| to.as_str()).collect();
    assert_eq!(
        to,
        [
            "c@mail.example",
            "ops@shop.example",
            "orders@acme.example",
            "po@blueridge.example"
        ]
    );
    assert!(mails[2].1.contains("W200001-1"), "{mails:?}");
    let about = desk.mails();
    let admin = about.iter().find(|mail| mail.to() == "ops@shop.example");
    let text = admin.map(|mail| mail.text()).unwrap_or_default();
    assert!(
        text.contains("bad_zip") && text.contains("price_mismatch"),
        "{text}"
    );
    // the mail is read anywhere: its commands name the site
    let command = format!(
        "poms --config {} exceptions show 3",
        desk.path("poms.toml").display()
    );
    assert!(text.contains(&command), "{text}");
}
