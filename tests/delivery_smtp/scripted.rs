//! Every failure at every stage, from a server that is told how to fail.

use super::*;
use crate::support::smtp::{Act, Cut, Fake, NO_CUT};

const PIPELINED: &[&str] = &["PIPELINING", "SIZE 1000000", "8BITMIME"];
const PLAIN: &[&str] = &["8BITMIME"];

#[test]
fn every_reply_at_every_stage() {
    const AWAY: &str = "deferred (server unreachable)";
    let cases = [
        ("connect", "554 no", AWAY),
        ("connect", "421 busy", AWAY),
        ("EHLO", "502 what", "accepted"),
        ("EHLO", "550 not you", AWAY),
        ("EHLO", "421 later", AWAY),
        ("MAIL", "451 4.3.0 later", "deferred"),
        ("MAIL", "550 5.7.1 not you", "refused"),
        ("MAIL", "530 5.7.0 log in", AWAY),
        ("RCPT", "450 4.2.1 greylisted", "deferred"),
        ("RCPT", "550 5.1.1 no such vendor", "refused"),
        ("RCPT", "421 4.3.2 closing", AWAY),
        ("RCPT", "300 odd", AWAY),
        ("DATA", "451 later", "deferred"),
        ("DATA", "554 no", "refused"),
        ("DATA", "250 odd", AWAY),
        ("DATA", "421 closing", AWAY),
        ("body", "452 4.3.1 full", "deferred"),
        ("body", "554 5.7.1 spam", "refused"),
        ("body", "421 closing", AWAY),
        ("body", "354 odd", "unknown"),
        ("body", "hello", "unknown"),
        ("body", "250", "accepted"),
        ("body", "250-a\r\n250 b", "accepted"),
        ("body", "250-a\r\n450 b", "unknown"),
    ];
    for extensions in [PIPELINED, PLAIN] {
        for (stage, reply, expected) in cases {
            let fake = Fake::once(extensions, stage, Act::Say(reply));
            // whatever became of the first, the second goes through
            let words = two_words(settings(fake.port));
            assert_eq!(words, (expected, "accepted"), "{stage}: {reply}");
            match expected {
                "accepted" => assert_eq!(fake.taken(), 2, "{stage}: {reply}"),
                "unknown" => {}
                _ => assert_eq!(fake.taken(), 1, "{stage}: {reply}"),
            }
        }
    }
}

#[test]
fn silence_and_hanging_up_at_every_stage() {
    let away = "deferred (server unreachable)";
    let trial = |extensions, act: Act, stage| {
        let fake = Fake::once(extensions, stage, act);
        let words = two_words(hasty(fake.port));
        match stage {
            "body" => assert_eq!(words, ("unknown", "accepted")),
            _ => assert_eq!((words, fake.taken()), ((away, "accepted"), 1), "{stage}"),
        }
    };
    // side by side, as each silence takes its time
    std::thread::scope(|scope| {
        for extensions in [PIPELINED, PLAIN] {
            for act in [Act::Stall, Act::Close, Act::SayAndClose("25")] {
                for stage in ["connect", "EHLO", "MAIL", "RCPT", "DATA", "body"] {
                    let act = act.clone();
                    scope.spawn(move || trial(extensions, act, stage));
                }
            }
        }
    });
}

/// Sends one message through a server whose connections are cut, and checks the three sentences.
fn cut_once(extensions: &[&str], cut: Cut) -> &'static str {
    let fake = Fake::start(extensions, cut, |_| Act::Usual);
    let mut channel = channel(settings(fake.port));
    let outcome = send(&mut channel, &message(1));
    drop(channel);
    match &outcome {
        DeliveryOutcome::Accepted { .. } => assert_eq!(fake.taken(), 1, "accepted, but not taken"),
        DeliveryOutcome::Unknown { .. } => {}
        other => assert_eq!(fake.taken(), 0, "taken, but {other:?}"),
    }
    outcome.word()
}

#[test]
fn cut_at_every_byte_of_the_servers() {
    for extensions in [PIPELINED, PLAIN] {
        let mut words = Vec::new();
        for server in 0.. {
            let cut = Cut {
                server,
                spare: 1,
                ..NO_CUT
            };
            words.push(cut_once(extensions, cut));
            if words.last() == Some(&"accepted") {
                break;
            }
        }
        let unknown = words.iter().filter(|word| **word == "unknown").count();
        // from the end of "354 go on\r\n" to before the end of "250 2.0.0 queued as 4711\r\n"
        assert_eq!(unknown, "250 2.0.0 queued as 4711\r\n".len());
        assert!(words.iter().position(|word| *word == "unknown") > Some(60));
        words.dedup();
        assert_eq!(
            words,
            ["deferred (server unreachable)", "unknown", "accepted"]
        );
    }
}

#[test]
fn cut_at_every_byte_of_the_clients() {
    for extensions in [PIPELINED, PLAIN] {
        let mut words = Vec::new();
        for client in 1.. {
            let cut = Cut {
                client,
                spare: 1,
                ..NO_CUT
            };
            words.push(cut_once(extensions, cut));
            if words.last() == Some(&"accepted") {
                break;
            }
        }
        words.dedup();
        assert_eq!(
            words,
            ["deferred (server unreachable)", "unknown", "accepted"]
        );
    }
}

#[test]
fn a_reused_session_cut_at_every_byte_is_replaced_once_before_mail_is_answered() {
    let first = "220 fake.example ESMTP\r\n250-fake.example\r\n250 8BITMIME\r\n".len()
        + "250 2.0.0 ok\r\n250 2.0.0 ok\r\n354 go on\r\n250 2.0.0 queued as 4711\r\n".len();
    let mail = "250 2.0.0 ok\r\n".len();
    for more in 0..mail + 3 {
        let cut = Cut {
            server: first + more,
            spare: 1,
            ..NO_CUT
        };
        let fake = Fake::start(PLAIN, cut, |_| Act::Usual);
        let (one, two) = two_words(settings(fake.port));
        assert_eq!(one, "accepted");
        let lost = more >= mail;
        assert_eq!(
            two,
            if lost {
                "deferred (server unreachable)"
            } else {
                "accepted"
            },
            "{more}"
        );
        assert_eq!(fake.connections(), 2 - usize::from(lost));
        assert_eq!(fake.taken(), 2 - usize::from(lost));
    }
    // 421 in answer to MAIL is the same farewell; twice in a row is the server's trouble
    let fake = Fake::start(PIPELINED, NO_CUT, |at| match (at.name.as_str(), at.nth) {
        ("MAIL", 1) => Act::SayAndClose("421 4.7.0 too many messages"),
        _ => Act::Usual,
    });
    assert_eq!(two_words(settings(fake.port)), ("accepted", "accepted"));
    let fake = Fake::start(PIPELINED, NO_CUT, |at| {
        match (at.name.as_str(), at.nth + at.connection) {
            ("MAIL", 1..) => Act::SayAndClose("421 4.7.0 too many messages"),
            _ => Act::Usual,
        }
    });
    assert_eq!(
        two_words(settings(fake.port)),
        ("accepted", "deferred (server unreachable)")
    );
    assert_eq!(fake.connections(), 2);
}

#[test]
fn one_recipient_refused_refuses_the_parcel_and_nobody_gets_it() {
    let replies = [
        (&["250 ok", "550 5.1.1 gone", "450 later"], "refused"),
        (&["450 later", "250 ok", "250 ok"], "deferred"),
        (&["550 gone", "550 gone", "550 gone"], "refused"),
    ];
    for extensions in [PIPELINED, PLAIN] {
        for (replies, expected) in replies {
            let fake = Fake::start(extensions, NO_CUT, move |at| match at.name.as_str() {
                "RCPT" if at.line.contains("@many") => Act::Say(replies[at.nth]),
                _ => Act::Usual,
            });
            let mut channel = channel(settings(fake.port));
            let mut several = message(1);
            several.to = ["a", "b", "c"]
                .map(|who| format!("{who}@many.example"))
                .to_vec();
            let outcome = send(&mut channel, &several);
            assert_eq!(outcome.word(), expected);
            assert!(
                outcome.detail().contains("@many.example: "),
                "{}",
                outcome.detail()
            );
            assert_eq!(send(&mut channel, &message(2)).word(), "accepted");
            assert_eq!(fake.taken(), 1, "the refused message must not be there");
            let reset = fake.commands().iter().any(|line| line == "RSET");
            assert!(
                reset || fake.connections() == 2,
                "neither RSET nor a new connection"
            );
        }
    }
}

#[test]
fn the_content_arrives_as_it_is_and_in_one_round_trip() {
    let fake = Fake::usual(PIPELINED);
    let mut channel = channel(settings(fake.port));
    let mut odd = message(1);
    odd.content = b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\ngr\xc3\xbc\xc3\x9fe".to_vec();
    let outcome = send(&mut channel, &odd);
    assert_eq!(outcome.detail(), "250 2.0.0 queued as 4711");
    channel.close();
    let taken = fake.seen.lock().unwrap().taken[0].clone();
    assert_eq!(
        taken,
        b"Subject: x\r\n\r\n..\r\n...\r\n..a\r\ngr\xc3\xbc\xc3\x9fe\r\n.\r\n"
    );
    let commands = fake.commands();
    assert_eq!(commands[0], "EHLO poms.example");
    assert_eq!(
        commands[1],
        "MAIL FROM:<orders@shop.example> SIZE=32 BODY=8BITMIME"
    );
    assert_eq!(commands[4], "QUIT");
}

#[test]
fn what_cannot_be_mail_is_refused_before_the_server_hears_of_it() {
    let fake = Fake::usual(&[]);
    let mut channel = channel(settings(fake.port));
    let mut smuggler = message(1);
    smuggler.content = b"Subject: x\r\n\r\nhi\n.\r\nMAIL FROM:<x@y>\r\n".to_vec();
    let mut injector = message(2);
    injector.to = vec!["a@b.example>\r\nRCPT TO:<c@d.example".to_owned()];
    let mut nobody = message(3);
    nobody.to.clear();
    for bad in [smuggler, injector, nobody] {
        assert_eq!(send(&mut channel, &bad).word(), "refused");
    }
    assert_eq!(fake.connections(), 0);
    let mut eight_bit = message(4);
    eight_bit.content = "gr\u{fc}n\r\n".into();
    let mut foreign = message(5);
    foreign.to = vec!["j\u{fc}rg@vendor.example".to_owned()];
    for bad in [eight_bit, foreign] {
        let outcome = send(&mut channel, &bad);
        assert_eq!(outcome.word(), "refused");
        assert!(outcome.detail().contains("does not offer"));
    }
    assert_eq!(send(&mut channel, &message(6)).word(), "accepted");
}

#[test]
fn an_abandoned_parcel_is_never_taken() {
    for extensions in [PIPELINED, PLAIN] {
        let fake = Fake::usual(extensions);
        let mut channel = channel(settings(fake.port));
        channel.prepare(&message(1)).unwrap();
        channel.abandon();
        assert_eq!(channel.complete(&message(1)).word(), "deferred");
        channel.prepare(&message(2)).unwrap();
        // the wrong message: nothing goes out under another's name
        assert_eq!(channel.complete(&message(3)).word(), "deferred");
        channel.prepare(&message(4)).unwrap();
        channel.close();
        assert_eq!(fake.taken(), 0);
        assert_eq!(send(&mut channel, &message(5)).word(), "accepted");
    }
}

#[test]
fn a_flood_in_place_of_a_reply_is_cut_short() {
    let long: &'static str = Box::leak("x".repeat(200_000).into_boxed_str());
    let many: &'static str = Box::leak("250-more\r\n".repeat(20_000).into_boxed_str());
    for flood in [long, many] {
        let fake = Fake::once(PLAIN, "EHLO", Act::Say(flood));
        let outcome = send(&mut channel(settings(fake.port)), &message(1));
        assert!(
            outcome.detail().contains("not SMTP"),
            "{}",
            outcome.detail()
        );
    }
}
