//! The session with the fax service, cut at every byte that either side sends.
//!
//! Whatever happens: what is handed over was taken; what was taken is handed over or unknown; and
//! what is unknown is found by its label exactly when it was taken.

use crate::support::sinch::{Act, Cut, FakeSinch, KEY, PROJECT, SECRET};
use poms::delivery::channel::{Channel, DeliveryOutcome, OutgoingMessage};
use poms::delivery::fax::FaxService;
use poms::delivery::fax_sinch::{Sinch, SinchSettings};
use poms::http::{Endpoint, Hosts, SettingNames};
use std::time::Duration;

fn sinch(fake: &FakeSinch) -> Sinch {
    Sinch::new(SinchSettings {
        endpoint: Endpoint {
            base: fake.base_url().parse().unwrap(),
            hosts: Hosts::Public,
            allow_plaintext: false,
            ca_file: None,
            settings: SettingNames {
                base: "delivery.fax.base_url",
                hosts: "delivery.fax.allow_private",
            },
        },
        project: PROJECT.to_owned(),
        login: (KEY.to_owned().into(), SECRET.to_owned().into()),
        from: None,
        service: None,
        header: "Example Shop".to_owned(),
        retries: 2,
        timeout: Duration::from_secs(5),
    })
}

fn message(id: i64) -> OutgoingMessage {
    OutgoingMessage {
        id,
        reference: format!("<{id:032x}@fax>"),
        from: String::new(),
        to: vec!["207-555-0142".to_owned()],
        subject: "PO".to_owned(),
        content: b"%PDF-1.7\n%%EOF".to_vec(),
    }
}

fn send(sinch: &mut Sinch, message: &OutgoingMessage) -> DeliveryOutcome {
    match sinch.prepare(message) {
        Ok(()) => sinch.complete(message),
        Err(outcome) => outcome,
    }
}

/// Posts a fax with the connection cut so, and asks for it afterwards.
fn cut_at(fake: &FakeSinch, service: &mut Sinch, cut: Cut, id: i64) {
    let before = fake.taken();
    fake.with(|state| state.cut = Some(cut));
    let message = message(id);
    let outcome = send(service, &message);
    fake.with(|state| state.cut = None);
    fake.all_fine();
    let taken = fake.taken() - before;
    match &outcome {
        DeliveryOutcome::HandedOver { job, .. } => {
            assert_eq!(
                (taken, job.id.clone()),
                (1, format!("01FAX{:04}", before + 1))
            );
        }
        DeliveryOutcome::Unknown { .. } => {}
        other => assert_eq!(taken, 0, "{other:?}"),
    }
    let found = service.find(&message.reference, "+12075550142");
    let found = found.expect("it can be asked");
    assert_eq!(found.len(), taken, "{outcome:?}");
}

/// Cuts at every byte until the whole session fits twice in a row.
fn sweep(cut: impl Fn(usize) -> Cut) {
    let fake = FakeSinch::start();
    fake.with(|state| state.page = 1000);
    let mut service = sinch(&fake);
    let (mut bytes, mut whole) = (0, 0);
    while whole < 2 {
        let asked = fake.with(|state| {
            state.faxes.clear();
            state.requests.len()
        });
        cut_at(&fake, &mut service, cut(bytes), bytes as i64);
        let posted = fake.with(|state| {
            state.requests[asked..]
                .iter()
                .any(|r| r.starts_with("POST"))
        });
        let handed = fake.with(|state| state.faxes.len());
        let job = send(&mut service, &message(1_000_000 + bytes as i64));
        assert!(
            matches!(job, DeliveryOutcome::HandedOver { .. }),
            "the next one goes: {job:?}"
        );
        assert_eq!(fake.taken(), handed + 1);
        let answered = cut(bytes).server == usize::MAX || bytes >= 700;
        whole += usize::from(posted && answered);
        bytes += 1;
        assert!(bytes < 3000, "the session has no end");
    }
    assert!(bytes > 400, "{bytes} points");
}

#[test]
fn a_post_cut_at_every_byte_of_the_client_is_never_lost_or_doubled() {
    sweep(|bytes| Cut {
        client: bytes,
        server: usize::MAX,
    });
}

#[test]
fn a_post_cut_at_every_byte_of_the_answer_is_never_lost_or_doubled() {
    sweep(|bytes| Cut {
        client: usize::MAX,
        server: bytes,
    });
}

#[test]
fn a_list_cut_at_any_byte_is_no_word_that_there_is_none() {
    let fake = FakeSinch::start();
    let message = message(1);
    let mut service = sinch(&fake);
    send(&mut service, &message);
    for bytes in 0..900 {
        fake.with(|state| {
            state.cut = Some(Cut {
                client: usize::MAX,
                server: bytes,
            });
        });
        if let Ok(found) = service.find(&message.reference, "+12075550142") {
            assert_eq!(found.len(), 1, "cut after {bytes}");
        }
    }
}

#[test]
fn a_fax_is_found_on_any_page_of_the_list() {
    let fake = FakeSinch::start();
    let mut service = sinch(&fake);
    for id in 1..=7 {
        let outcome = send(&mut service, &message(id));
        assert!(
            matches!(outcome, DeliveryOutcome::HandedOver { .. }),
            "{outcome:?}"
        );
    }
    for id in 1..=7 {
        let found = service
            .find(&message(id).reference, "+12075550142")
            .unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].job, format!("01FAX000{id}"));
    }
    assert_eq!(service.find("<none@fax>", "+12075550142").unwrap(), []);
}

#[test]
fn after_429_nothing_more_is_posted_in_this_run() {
    let fake = FakeSinch::start();
    fake.next(Act::Say(429, "Retry-After: 120\r\n", "{}"));
    let mut service = sinch(&fake);
    for id in 1..=3 {
        let DeliveryOutcome::Deferred { retry_after, .. } = send(&mut service, &message(id)) else {
            panic!("not deferred");
        };
        assert_eq!(retry_after, Some(Duration::from_secs(120)));
    }
    assert_eq!(fake.with(|state| state.requests.len()), 1);
}

#[test]
fn no_redirect_is_followed() {
    let other = FakeSinch::start();
    let fake = FakeSinch::start();
    let location: &'static str = Box::leak(
        format!(
            "Location: {}/v3/projects/{PROJECT}/faxes\r\n",
            other.base_url()
        )
        .into_boxed_str(),
    );
    for status in [301, 302, 307, 308] {
        fake.next(Act::Say(status, location, ""));
        let outcome = send(&mut sinch(&fake), &message(1));
        assert!(
            matches!(outcome, DeliveryOutcome::Unreachable { .. }),
            "{outcome:?}"
        );
        assert!(outcome.detail().contains("not followed"));
    }
    assert_eq!(other.with(|state| state.requests.len()), 0);
}

#[test]
fn a_server_that_is_not_there_is_certain_to_have_nothing() {
    let port = crate::support::ports::free();
    let fake = FakeSinch {
        port,
        state: Default::default(),
    };
    let outcome = send(&mut sinch(&fake), &message(1));
    assert!(
        matches!(outcome, DeliveryOutcome::Unreachable { .. }),
        "{outcome:?}"
    );
    assert!(!outcome.detail().contains(PROJECT), "{outcome:?}");
}
