//! Answers to messages that were held or put aside as they could not be opened or proved: they go only
//! to who a person made sure of, and change nothing of what the message waits for.

use super::*;
use poms::intake::openpgp::make;

/// An order that is signed by a key which nobody trusts, and one that is for another's key.
fn sealed(desk: &TestDesk, code: &str) {
    let entity = make::json_entity(&TestDesk::plain_order("W200009").to_string());
    let (signer, reader) = match code {
        "not_for_us" => (desk.webshop_key(), desk.webshop_key()),
        _ => (desk.shop_key(), desk.shop_key()),
    };
    let sealed = make::seal(&entity, signer, &[reader], desk.moment());
    desk.sealed_mail(&sealed.expect("sealed"));
}

fn answer(desk: &TestDesk, more: &[&str]) -> crate::support::desk::Output {
    let number = message(desk)["id"].to_string();
    let typed = [
        "message",
        "answer",
        &number,
        "--text",
        "Please resend.",
        "--note",
        "x",
    ];
    desk.run(&[&typed[..], more].concat())
}

#[test]
fn a_message_that_could_not_be_proved_or_opened_is_answered_only_knowingly() {
    for (code, state) in [("untrusted_signer", "held"), ("not_for_us", "quarantined")] {
        let desk = desk("");
        sealed(&desk, code);
        process(&desk);
        assert_eq!(codes(&desk), [code]);
        assert_eq!(message(&desk)["state"], state);
        let before: Vec<Vec<u8>> = desk.mails().into_iter().map(|mail| mail.raw).collect();
        answer(&desk, &[]).fails(1, &["is not proved", "--unproved"]);
        let elsewhere = ["--unproved", "--to", "else@mail.example"];
        answer(&desk, &elsewhere).fails(1, &["answered to web@shop.example only"]);
        let said = answer(&desk, &["--unproved"]).ok().stdout;
        assert!(said.contains("to web@shop.example"), "{code}: {said}");
        assert!(
            said.contains(&format!("({code}) stays open")),
            "{code}: {said}"
        );
        answer(&desk, &["--unproved"]).fails(1, &["was answered before"]);
        process(&desk);
        let all = desk.mails();
        let told: Vec<_> = all
            .iter()
            .filter(|mail| !before.contains(&mail.raw) && mail.to() == "web@shop.example")
            .collect();
        assert_eq!(told.len(), 1, "{code}");
        assert!(told[0].text().contains("Please resend."), "{code}");
        // what it waits for is as it was: no order, the exception open, the message where it is
        assert_eq!(codes(&desk), [code]);
        assert_eq!(message(&desk)["state"], state, "{code}");
        let orders = desk.run(&["order", "list", "--json"]).ok().stdout;
        assert!(!orders.contains("W200009"), "{orders}");
    }
}
