//! What customers write: tied to its order, put before a person, answered in the thread, and never
//! taken for a vendor's words.

use super::*;

const CUSTOMER: &str = "cesar@mail.example";

/// The order of [`TestDesk::plain_order`], placed, whose customer is told where to answer.
fn told(tokens: bool) -> TestDesk {
    let desk = match tokens {
        true => desk(""),
        false => {
            let desk = TestDesk::stocked();
            configure(&desk, "", "");
            desk
        }
    };
    let mut order = TestDesk::plain_order("W200001");
    order["customer"]["email"] = CUSTOMER.into();
    desk.order(&order);
    desk.run(&["process"]).ok();
    desk
}

fn letter(head: &str, from: &str, to: &str, words: &str) -> Vec<u8> {
    format!(
        "{head}From: {from}\nTo: {to}\nSubject: Re: Thank you for your order\n\
         Date: Mon, 02 Jun 2025 11:00:00 +0000\nMessage-ID: <c{}@mail.example>\n\n{words}\n\n\
         On Mon, Jun 2, 2025 at 6:05 AM Example Shop wrote:\n> Thank you for your order.\n",
        head.len() + from.len() * 7 + words.len() * 31
    )
    .into_bytes()
}

fn only(desk: &TestDesk, code: &str) -> Value {
    let open = exceptions(desk);
    let mut found = open.iter().filter(|row| row["code"] == code);
    let row = found.next().unwrap_or_else(|| panic!("{open:#?}")).clone();
    assert!(found.next().is_none(), "{open:#?}");
    row
}

/// What support and the admin see of it.
fn screens(desk: &TestDesk, row: &Value, name: &str) {
    let story = desk.run(&["order", "show", "W200001"]).ok().stdout;
    let flat = story.split_whitespace().collect::<Vec<_>>().join(" ");
    for words in [
        "Kindly send a red one",
        "a person reads what the customer wrote",
    ] {
        assert!(flat.contains(words), "{name}: no '{words}' in {story}");
    }
    let shown = desk
        .run(&["exceptions", "show", &row["id"].to_string()])
        .ok()
        .stdout;
    for words in [
        "poms message answer ",
        "poms order note W200001",
        "--cancel",
        "--dismiss",
    ] {
        assert!(shown.contains(words), "{name}: no '{words}' in {shown}");
    }
    assert!(
        !shown.contains("order hold"),
        "a placed order cannot be held: {shown}"
    );
}

#[test]
fn an_answer_is_tied_to_its_order_by_address_thread_or_sender() {
    for (name, tokens) in [("address", true), ("thread", false), ("from", false)] {
        let desk = told(tokens);
        let ours = mail_to(&desk, CUSTOMER);
        let (id, reply) = (header(&ours, "Message-ID"), header(&ours, "Reply-To"));
        assert_eq!(reply.is_empty(), !tokens, "{reply}");
        let (head, from, to) = match name {
            "address" => (String::new(), "home@elsewhere.example", reply.as_str()),
            "thread" => (
                format!("In-Reply-To: {id}\n"),
                "home@elsewhere.example",
                "orders@shop.example",
            ),
            _ => (String::new(), CUSTOMER, "orders@shop.example"),
        };
        desk.raw_mail(&letter(
            &head,
            from,
            to,
            "Kindly send a red one instead, W200001-1 is confirmed.",
        ));
        process(&desk);
        let row = only(&desk, "customer_mail");
        assert_eq!(row["order"], "W200001", "{name}");
        let said = row["message"].as_str().unwrap();
        assert!(said.contains("Kindly send a red one instead"), "{said}");
        assert!(
            !said.contains("Thank you for your order."),
            "no quotes: {said}"
        );
        assert_eq!(
            said.contains("anyone can have written it"),
            name == "from",
            "{said}"
        );
        assert_eq!(
            po_state(&desk, "W200001-1"),
            "sent",
            "{name}: never the vendor's words"
        );
        screens(&desk, &row, name);
    }
}

/// The one answer to `own`, in the thread that `id` began; and the customer's next mail comes back.
fn went_out(desk: &TestDesk, id: &str, own: &str, reply: &str) {
    let mails = desk.mails_to(CUSTOMER);
    let mine: Vec<_> = mails
        .iter()
        .filter(|mail| mail.subject().starts_with("Re:"))
        .collect();
    assert_eq!(mine.len(), 1);
    let mail = mine[0];
    assert_eq!(mail.subject(), "Re: Thank you for your order");
    assert_eq!(
        mail.text().trim_end().replace("\r\n", "\n"),
        "On Friday.\nGreetings"
    );
    assert_eq!(header(mail, "In-Reply-To"), own);
    assert_eq!(header(mail, "Reply-To"), reply);
    assert_eq!(header(mail, "Auto-Submitted"), "");
    let raw = String::from_utf8_lossy(&mail.raw);
    assert!(
        raw.contains(&format!("References: {id}\r\n {own}\r\n")),
        "{raw}"
    );
    assert_eq!(codes(desk), Vec::<String>::new());
    let story = desk.run(&["order", "show", "W200001"]).ok().stdout;
    assert!(story.contains("On Friday."), "{story}");
    // and the customer's next mail comes back to the order
    let next = header(mail, "Message-ID");
    desk.raw_mail(&letter(
        &format!("In-Reply-To: {next}\n"),
        "x@y.example",
        "orders@shop.example",
        "And which colour is it?",
    ));
    process(desk);
    assert_eq!(only(desk, "customer_mail")["order"], "W200001");
}

#[test]
fn the_answer_goes_out_once_in_the_thread_from_the_orders_address() {
    let desk = told(true);
    let reply = header(&mail_to(&desk, CUSTOMER), "Reply-To");
    let id = header(&mail_to(&desk, CUSTOMER), "Message-ID");
    let head = format!("In-Reply-To: {id}\nReferences: {id}\n");
    desk.raw_mail(&letter(&head, CUSTOMER, &reply, "When will it come?"));
    process(&desk);
    let number = message(&desk)["id"].to_string();
    let own = "<c".to_owned()
        + &format!(
            "{}@mail.example>",
            head.len() + CUSTOMER.len() * 7 + 18 * 31
        );
    let answer = |words: &[&str]| desk.run(&[&["message", "answer", &number], words].concat());
    for (words, why) in [
        (&["--text", " ", "--note", "x"][..], "the answer is empty"),
        (
            &["--text", "a\u{1b}[2Jb", "--note", "x"],
            "control character (U+001B)",
        ),
        (
            &["--text", "4111 1111 1111 1111", "--note", "x"],
            "card number",
        ),
        (
            &["--text", "x", "--note", "x", "--to", "eve@evil.example"],
            "is answered to cesar@mail.example only",
        ),
        (&["--text", "x", "--note", ""], "the note is empty"),
    ] {
        answer(words).fails(1, &[why]);
    }
    let said = answer(&["--text", "On Friday.\nGreetings", "--note", "asked ACME"])
        .ok()
        .stdout;
    assert!(
        said.contains("sends delivery") && said.contains("(customer_mail) is closed"),
        "{said}"
    );
    answer(&["--text", "On Friday.", "--note", "x"]).fails(1, &["was answered before", "--again"]);
    process(&desk);
    process(&desk);
    went_out(&desk, &id, &own, &reply);
}

#[test]
fn what_a_person_wrote_leaves_though_the_order_is_cancelled_after_it() {
    let desk = told(true);
    let reply = header(&mail_to(&desk, CUSTOMER), "Reply-To");
    desk.raw_mail(&letter("", CUSTOMER, &reply, "I do not want it any more."));
    process(&desk);
    let number = message(&desk)["id"].to_string();
    desk.run(&[
        "message",
        "answer",
        &number,
        "--text",
        "We take it back.",
        "--note",
        "x",
    ])
    .ok();
    desk.run(&[
        "order",
        "cancel",
        "W200001",
        "--note",
        "the customer's wish",
    ])
    .ok();
    process(&desk);
    let answered = |mail: &SentMail| mail.text().contains("We take it back.");
    assert!(desk.mails_to(CUSTOMER).iter().any(answered));
}

/// What a customer wrote is read though the order ends; the cancellation that it asks for ends it.
#[test]
fn what_a_customer_wrote_outlives_the_order() {
    for at_the_mail in [false, true] {
        let desk = told(true);
        let reply = header(&mail_to(&desk, CUSTOMER), "Reply-To");
        desk.raw_mail(&letter("", CUSTOMER, &reply, "Your driver hit my fence."));
        process(&desk);
        let id = only(&desk, "customer_mail")["id"].to_string();
        if at_the_mail {
            resolve(&desk, "customer_mail", &["--cancel"]);
            assert!(!codes(&desk).contains(&"customer_mail".to_owned()));
        } else {
            let words = ["order", "cancel", "W200001", "--note", "x"];
            let said = desk.run(&words).ok().stdout;
            let stays = format!("Exception {id} (customer_mail) stays open");
            assert!(said.contains(&stays), "{said}");
            only(&desk, "customer_mail");
        }
        desk.run(&["verify"]).ok();
    }
}

#[test]
fn a_held_order_waits_for_what_its_customer_wrote() {
    let desk = desk("");
    let mut order = TestDesk::plain_order("W200001");
    order["customer"]["email"] = CUSTOMER.into();
    order["ship_to"]["zip"] = "10001".into();
    desk.order(&order);
    process(&desk);
    desk.raw_mail(&letter(
        "",
        CUSTOMER,
        "orders@shop.example",
        "Please stop order W200001!",
    ));
    process(&desk);
    let mail = only(&desk, "customer_mail")["id"].to_string();
    let shown = desk.run(&["exceptions", "show", &mail]).ok().stdout;
    assert!(shown.contains("poms order hold W200001"), "{shown}");
    let zip = only(&desk, "bad_zip")["id"].to_string();
    let amend = [
        "exceptions",
        "resolve",
        &zip,
        "--amend",
        "ship_to.zip=65367",
        "--note",
        "x",
    ];
    let said = desk.run(&amend).ok().stdout;
    assert!(
        said.contains("still held") && said.contains("customer_mail"),
        "{said}"
    );
    desk.run(&["order", "release", "W200001", "--note", "x"])
        .fails(1, &["customer_mail"]);
    let said = resolve(&desk, "customer_mail", &["--dismiss"]);
    assert!(
        said.contains("Order W200001 is placed") || said.contains("is ready"),
        "{said}"
    );
}

#[test]
fn automatic_answers_of_customers_need_nobody() {
    let desk = told(true);
    let reply = header(&mail_to(&desk, CUSTOMER), "Reply-To");
    let head = "Auto-Submitted: auto-replied\n";
    desk.raw_mail(&letter(
        head,
        CUSTOMER,
        &reply,
        "I am on holiday until June 20.",
    ));
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
    assert_eq!(message(&desk)["state"], "ignored");
    let number = message(&desk)["id"].to_string();
    desk.run(&["message", "answer", &number, "--text", "x", "--note", "x"])
        .fails(1, &["a machine wrote"]);
}

#[test]
fn a_token_of_another_order_or_a_forged_one_ties_nothing() {
    let desk = told(true);
    let reply = header(&mail_to(&desk, CUSTOMER), "Reply-To");
    let digit = if reply.as_bytes()[25] == b'a' {
        "b"
    } else {
        "a"
    };
    let forged = format!("{}{digit}{}", &reply[..25], &reply[26..]);
    desk.raw_mail(&letter("", "eve@evil.example", &forged, "Cancel it"));
    process(&desk);
    assert_eq!(codes(&desk), ["untrusted_sender"]);
    let number = message(&desk)["id"].to_string();
    let answer = ["message", "answer", &number, "--text", "x", "--note", "x"];
    let why = ["not proved (untrusted_sender)", "go to eve@evil.example"];
    desk.run(&answer).fails(1, &why);
    resolve(&desk, "untrusted_sender", &["--dismiss"]);
    desk.run(&answer).fails(1, &why);
    desk.run(&[&answer[..], &["--unproved"]].concat()).ok();
}

#[test]
fn vendors_mails_are_answered_by_the_same_command() {
    let desk = told(true);
    let to = header(&mail_to(&desk, "orders@acme.example"), "Reply-To");
    desk.raw_mail(&letter(
        "",
        "ann@acme.example",
        &to,
        "Shall we send the lamps in one box or in two?",
    ));
    process(&desk);
    assert_eq!(codes(&desk), ["vendor_mail"]);
    let number = message(&desk)["id"].to_string();
    desk.run(&[
        "message",
        "answer",
        &number,
        "--text",
        "In one, please.",
        "--note",
        "x",
    ])
    .ok();
    process(&desk);
    assert_eq!(codes(&desk), Vec::<String>::new());
    let mails = desk.mails_to("orders@acme.example");
    let answer = mails
        .iter()
        .find(|mail| mail.text().contains("In one"))
        .unwrap();
    assert_eq!(header(answer, "Reply-To"), to);
    assert_eq!(message(&desk)["state"], "ignored");
}
