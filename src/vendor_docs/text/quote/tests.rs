use super::*;
use proptest::prelude::*;

#[test]
fn patterns_compile() {
    for pattern in [
        &ATTRIBUTION,
        &BARE,
        &ORIGINAL,
        &FROM,
        &HEADER,
        &SIGN_OFF,
        &POSTSCRIPT,
        &DEVICE,
        &DISCLAIMER,
    ] {
        assert!(pattern.is_some());
    }
}

#[test]
fn top_posted() {
    for quote in [
        "On Mon, Dec 1, 2025 at 9:00 AM Shop <a@shop.example> wrote:\n> please confirm\n> this",
        "On Mon, Dec 1, 2025 at 9:00 AM Shop\n<a@shop.example> wrote:\n\nplease confirm\nthis",
        "-----Original Message-----\nFrom: Shop\nSent: Monday\nplease confirm",
        "________________________________\nFrom: Shop <a@shop.example>\nSent: Monday, December 1\nTo: V\nSubject: PO\n\nOut of stock?",
        "*From:* Shop\n*Sent:* Monday\n*To:* V\n\nhello",
        "> 2025-12-01 Shop:\n> please confirm",
    ] {
        let text = format!("Accepted.\r\n\r\nBest regards,\nBob\n555-0100\n\n{quote}");
        let parts = parts(&text);
        assert_eq!(parts.own(), "Accepted.", "{quote}");
        assert!(parts.quoted && !parts.interleaved, "{quote}");
    }
}

#[test]
fn bottom_posted_and_interleaved() {
    let below = parts("On 12/1/25 9:00, Shop wrote:\n> please confirm\n\nAccepted.\n-- \nBob");
    assert_eq!(below.own(), "Accepted.");
    assert!(!below.interleaved);
    let between = parts("> A-1 2 pcs\nok\n> B-2 1 pc\nout of stock\n");
    assert!(between.interleaved);
    assert_eq!(between.segments[1].above[0], "B-2 1 pc");
    assert_eq!(between.segments[1].own, "out of stock");
}

#[test]
fn tails() {
    let text = "Accepted.\n\nThanks,\nBob\n\nP.S. B-2 is discontinued.\n\nCONFIDENTIALITY NOTICE: This email is\nnot to be accepted.\n\nSent from my iPhone";
    assert_eq!(parts(text).own(), "Accepted.\n\nP.S. B-2 is discontinued.");
    for told in ["Not shipped", "DRAFT", "Deposit first", "Oops, wrong order"] {
        let text = format!("Accepted.\n\nThanks,\nBob\nAcme Home Goods\n\n{told}");
        assert_eq!(parts(&text).own(), format!("Accepted.\n\n{told}"));
    }
    for line in [
        "Proudly serving the trade since 1952",
        "Returns Department",
        "Hold Fast Supply",
    ] {
        let text = format!("Accepted.\n\nThanks,\nBob\n{line}");
        assert_eq!(parts(&text).own(), "Accepted.", "{line}");
    }
    for device in [
        "Sent from my iPhone",
        "Sent from Mail for Windows",
        "Sent via BlackBerry by AT&T",
        "Sent from my Verizon, Samsung Galaxy smartphone",
        "Sent with Proton Mail secure email",
        "Sent from Yahoo Mail on Android",
    ] {
        assert_eq!(parts(&format!("Accepted.\n\n{device}")).own(), "Accepted.");
    }
    for said in [
        "Sent with FedEx this morning.",
        "Sent via Priority Mail",
        "Sent from Reno",
    ] {
        assert_eq!(parts(said).own(), said);
    }
    for above in ["Thanks,\nBob", "-- \nBob"] {
        for told in [
            "*** Order confirmations sent this week may be incorrect, we apologise ***",
            "Our warehouse is closed for inventory through December 20",
            "Due to the storm no shipments leave before Monday, sorry",
        ] {
            let own = parts(&format!("Accepted.\n\n{above}\n\n{told}")).own();
            assert!(own.contains(told), "{above} {told}: {own}");
        }
        for footer in [
            "Our office is closed on weekends and on public holidays",
            "Orders that come before two o'clock leave on the same day",
        ] {
            let own = parts(&format!("Accepted.\n\n{above}\n\n{footer}")).own();
            assert!(!own.contains(footer), "{above} {footer}: {own}");
        }
    }
    let told = "Accepted.\n\nThis message is to tell you that it now costs $80.";
    assert_eq!(parts(told).own(), told);
    assert_eq!(
        parts("Thank you!\nAccepted.").own(),
        "Thank you!\nAccepted."
    );
    assert_eq!(parts("").segments, []);
}

proptest! {
    #[test]
    fn never_panics(text in "(On 1 a wrote:|> |>|From: x|Sent: y|To: z|--|Thanks,|\\PC|\n|\r\n){0,40}") {
        parts(&text);
    }
}
