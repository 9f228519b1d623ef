//! Mail comes out of each kind of mailbox, or of a folder, and leaves by SMTP or into a Maildir.

use super::sweep::{Faults, Struck, Sweep};
use super::wire::killed_on_the_wire;
use super::*;
use crate::kill::site::{Inbox, Site, Way};

/// A site, and what its orders must come to.
struct MailSite {
    site: Site,
    expected: Expected,
}

impl Struck for MailSite {
    fn scene(&self) -> &Scene {
        &self.site.scene
    }

    fn judged(&self, at: &str) -> Figures {
        self.site.converges(self.expected, at)
    }
}

/// What makes such a site for each trial.
pub(super) fn making(
    batch: &Scene,
    way: Way,
    expected: Expected,
) -> impl Fn() -> Box<dyn Struck> + Sync {
    move || {
        let site = Site::new(batch, way);
        Box::new(MailSite { site, expected })
    }
}

#[test]
fn at_every_system_call_by_imap_and_smtp() {
    let batch = small_batch();
    let way = Way {
        inbox: Inbox::Imap,
        ..Way::SMTP
    };
    // what is in doubt is in the hands of the thread that speaks SMTP: it is met below
    Sweep {
        name: "IMAP to SMTP, main thread",
        make: &making(&batch, way, SMALL),
        trace: Trace {
            main: true,
            ..Trace::of_run(&all_calls())
        },
        every: step(7),
        faults: Faults::All,
    }
    .run();
}

#[test]
fn at_every_call_that_speaks_to_a_real_dovecot() {
    let batch = small_batch();
    let way = Way {
        inbox: Inbox::Dovecot,
        ..Way::SMTP
    };
    let sum = Sweep {
        name: "Dovecot by TLS to SMTP, network, main thread",
        make: &making(&batch, way, SMALL),
        trace: Trace {
            main: true,
            ..Trace::of_run(&NETWORK)
        },
        every: step(3),
        faults: Faults::All,
    }
    .run();
    assert_eq!(sum.unknown, 0, "no mail was on its way");
}

/// Once with one connection for all mails, and once with one for each: the main thread too makes
/// two calls of `connect`, to ask for a user's name, and so strikes before the first two of others.
#[test]
fn at_every_call_of_the_thread_that_speaks_smtp() {
    let batch = small_batch();
    for (name, single) in [("one connection", false), ("one for each mail", true)] {
        let way = Way {
            single,
            ..Way::SMTP
        };
        let sweep = Sweep {
            name: &format!("Maildir to SMTP, network, {name}"),
            make: &making(&batch, way, SMALL),
            trace: Trace::of_run(&NETWORK),
            every: step(2),
            faults: Faults::All,
        };
        killed_on_the_wire(&sweep);
        sweep.run();
    }
}

#[test]
fn at_every_system_call_with_several_connections() {
    let batch = batch();
    let way = Way {
        smtp: Some(3),
        ..Way::SMTP
    };
    let calls = all_calls();
    let sweep = Sweep {
        name: "Maildir to SMTP, 3 connections",
        make: &making(&batch, way, BATCH),
        trace: Trace::of_run(&calls),
        every: step(6),
        faults: Faults::Kills,
    };
    killed_on_the_wire(&sweep);
    sweep.run();
}

/// Nothing is in doubt where what was handed over can be asked for.
fn at_every_call_into_a_maildir(name: &str, inbox: Inbox) {
    let batch = small_batch();
    let way = Way {
        inbox,
        smtp: None,
        ..Way::SMTP
    };
    let sum = Sweep {
        name,
        make: &making(&batch, way, SMALL),
        trace: Trace::of_run(&all_calls()),
        every: step(9),
        faults: Faults::All,
    }
    .run();
    assert_eq!(sum.unknown, 0, "a Maildir can be asked: {sum:?}");
}

#[test]
fn at_every_system_call_with_a_maildir() {
    at_every_call_into_a_maildir("Maildir to Maildir", Inbox::Maildir);
}

#[test]
fn at_every_system_call_with_a_folder() {
    at_every_call_into_a_maildir("folder to Maildir", Inbox::Folder);
}
