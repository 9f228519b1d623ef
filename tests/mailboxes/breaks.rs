//! One message at which the server breaks off, falls silent or refuses keeps no other back.

use super::lies::{fake, fault, impatient};
use super::ways::{client, fetch, message};
use crate::support::imap_fake::{Fake, Stumble};
use poms::intake::mailbox::{Fetched, Mailbox, MailboxError};

const LIMIT: u64 = 100_000;

const ALL: [Stumble; 10] = [
    Stumble::Close,
    Stumble::Bye,
    Stumble::Half,
    Stumble::Stall,
    Stumble::No,
    Stumble::Bad,
    Stumble::Nothing,
    Stumble::Dribble,
    Stumble::WrongUid,
    Stumble::Twice,
];

fn fetched(fake: &Fake) -> Vec<Result<Fetched, MailboxError>> {
    let mut mailbox = client(&impatient(fake.port));
    let handles = mailbox.list().expect("a list");
    fetch(&mut mailbox, &handles, LIMIT).expect("mail")
}

#[test]
fn one_bad_message_wherever_it_lies_is_named_and_the_others_come() {
    for how in ALL {
        for bad in 10..14 {
            // each silence costs a second
            if matches!(how, Stumble::Stall | Stumble::Dribble) && bad != 11 {
                continue;
            }
            let fake = fake(|state| state.stumbles = vec![(bad, how)]);
            for (n, result) in (0..).zip(fetched(&fake)) {
                let at = format!("{how:?} at {bad}, message {n}");
                match n + 10 == bad {
                    true => {
                        let own = result.as_ref().expect_err(&at).of_one_message();
                        assert!(own.is_some(), "{at}");
                        let said = fault(result).to_string();
                        let named = format!("the message with UID {bad} cannot be had");
                        assert!(said.contains(&named), "{at}: {said}");
                    }
                    false => {
                        let whole =
                            Fetched::Message(message(usize::try_from(n).expect("few"), 300));
                        assert_eq!(result, Ok(whole), "{at}");
                    }
                }
            }
        }
    }
}

#[test]
fn two_bad_messages_and_good_ones_between() {
    for how in [Stumble::Close, Stumble::Half, Stumble::No] {
        let fake = fake(|state| state.stumbles = vec![(10, how), (12, how)]);
        let good: Vec<bool> = fetched(&fake).iter().map(Result::is_ok).collect();
        assert_eq!(good, [false, true, false, true], "{how:?}");
    }
}

#[test]
fn a_connection_that_breaks_once_costs_nothing() {
    for cut in [0, 1, 400, 900] {
        let fake = fake(|_| {});
        let mut mailbox = client(&impatient(fake.port));
        let handles = mailbox.list().expect("a list");
        fake.state().cut = Some(cut);
        let results = fetch(&mut mailbox, &handles, LIMIT).expect("mail");
        assert!(results.iter().all(Result::is_ok), "after {cut} bytes");
    }
}

#[test]
fn a_server_that_breaks_at_every_message_is_left_alone() {
    let all = (10..14).map(|uid| (uid, Stumble::Close)).collect();
    let fake = fake(|state| state.stumbles = all);
    let mut mailbox = client(&impatient(fake.port));
    let handles = mailbox.list().expect("a list");
    let said = fault(mailbox.fetch(&handles, LIMIT));
    assert!(said.to_string().contains("the connection broke"), "{said}");
    assert!(fake.state().connections <= 6, "it was not pestered");
}

#[test]
fn what_came_whole_is_kept_when_the_rest_cannot_be_had() {
    let rest = (11..14).map(|uid| (uid, Stumble::Close)).collect();
    let fake = fake(|state| state.stumbles = rest);
    let results = fetched(&fake);
    assert_eq!(results[0], Ok(Fetched::Message(message(0, 300))));
    assert!(results[1..].iter().all(Result::is_err));
}

#[test]
fn a_body_under_its_older_name_and_a_uid_behind_it_are_read() {
    let fake = fake(|state| state.stumbles = vec![(11, Stumble::OldName)]);
    let results = fetched(&fake).into_iter();
    assert!(results.eq((0..4).map(|n| Ok(Fetched::Message(message(n, 300))))));
    let text = String::from_utf8(message(1, 300)).expect("text");
    let behind = format!(
        "* 2 FETCH (BODY[] {{{}}}\r\n{text} UID 11)\r\n{{tag}} OK done\r\n",
        text.len()
    );
    let fake = super::lies::fake(|state| {
        state.lies = vec![("(UID BODY", behind.into_bytes())];
        state.inbox.retain(|(uid, _)| *uid == 11);
    });
    assert_eq!(fetched(&fake), [Ok(Fetched::Message(message(1, 300)))]);
}
