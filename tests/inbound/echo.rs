//! What comes back because poms wrote to the admins never brings the next mail to them (RFC 3834,
//! section 2; threats.md, row 38).

use super::*;

/// The mails to the admins.
fn to_admins(desk: &TestDesk) -> Vec<SentMail> {
    let mails = desk.mails().into_iter();
    mails
        .filter(|mail| mail.to() == "ops@shop.example")
        .collect()
}

/// A site whose admins were just told of an exception.
fn told() -> TestDesk {
    let desk = placed("");
    let stranger =
        "From: Eve <eve@other.example>\nSubject: hello\nMessage-ID: <1@other.example>\n\nHi.\n";
    desk.raw_mail(stranger.as_bytes());
    process(&desk);
    assert_eq!(to_admins(&desk).len(), 1);
    desk
}

/// A mail in the name of the admins' machine.
fn echo(number: usize, head: &str) -> Vec<u8> {
    format!("{head}Message-ID: <{number}@ops.example>\nDate: Mon, 02 Jun 2025 10:06:02 +0000\n\nNoted.\n")
        .into_bytes()
}

#[test]
fn a_mail_to_the_admins_that_comes_back_is_told_by_cron_and_by_no_other_mail() {
    let desk = told();
    let id = header(&to_admins(&desk)[0], "Message-ID");
    desk.raw_mail(&fixture("postfix", &id, "orders@shop.example"));
    let done = desk.run(&["process"]);
    assert_eq!(done.code, 1);
    let said = &done.stderr;
    assert!(
        said.contains("ops@shop.example came back") && said.contains("admin_email"),
        "{said}"
    );
    assert!(codes(&desk).contains(&"bounced".to_owned()));
    for _ in 0..2 {
        desk.run(&["process"]).ok();
    }
    assert_eq!(to_admins(&desk).len(), 1, "no mail about it");
    desk.run(&["verify"]).ok();
}

#[test]
fn a_hundred_answers_of_the_admins_machine_bring_no_mail() {
    let desk = told();
    let id = header(&to_admins(&desk)[0], "Message-ID");
    let machine = "From: Ops <ops@shop.example>\nAuto-Submitted: auto-generated\nSubject: [Ticket 1] opened\n";
    let answer =
        format!("From: Desk <desk@ops.example>\nSubject: [Ticket 1] opened\nIn-Reply-To: {id}\n");
    let report = "Return-Path: <>\nFrom: MAILER-DAEMON@mx.ops.example\nSubject: failure notice\n\
                  X-Failed-Recipients: ops@shop.example\n";
    for number in 0..100 {
        desk.raw_mail(&echo(
            number,
            [machine, answer.as_str(), report][number % 3],
        ));
        if number % 25 == 0 {
            process(&desk);
        }
    }
    process(&desk);
    assert_eq!(to_admins(&desk).len(), 1, "it goes round");
    assert_eq!(codes(&desk).len(), 101, "all of them stand on the list");
    // a stranger's mail is told as ever
    desk.raw_mail(
        b"From: Eve <eve@other.example>\nSubject: again\nMessage-ID: <2@other.example>\n\nHi.\n",
    );
    process(&desk);
    assert_eq!(to_admins(&desk).len(), 2);
}
