//! Sessions with the mail servers cut at every byte of either side, with whole runs behind each.
//! What poms makes of each single outcome is in `tests/delivery_smtp` and `tests/imap/cut.rs`.

use super::site::{Inbox, Site, Way, queued};
use super::*;
use crate::support::smtp::{Act, Cut, Fake, NO_CUT};

/// When documents that could not leave at [`NOW`] are due.
pub const DUE: &str = "2025-06-02T10:25:00Z";

/// More of the configuration, for [`one_order`].
pub const NO_ADDRESS: &str = "[rules]\nmissing_email = { severity = \"off\" }\n";

/// One order and its purchase order; no mail to the customer, who gave no address.
const ONE: Expected = Expected {
    accepted: 1,
    quarantined: 0,
    placed: 1,
    held: 0,
    purchase_orders: 1,
    letters: 0,
};

pub fn one_order(desk: &TestDesk) -> Scene {
    let mut order = TestDesk::plain_order("W200001");
    order["customer"]["email"] = json!("");
    desk.order(&order);
    Scene::of(desk)
}

/// Whose bytes end, and after how many.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Server(usize),
    Client(usize),
}

/// Every few of the bytes of both sides in an undisturbed session, times this share.
pub fn points(server: usize, client: usize, every: usize, share: usize) -> Vec<End> {
    let servers = (0..server).step_by(step(every) * share).map(End::Server);
    let clients = (1..client).step_by(step(every) * share).map(End::Client);
    servers.chain(clients).collect()
}

/// A run that meets the cut ends in order.
pub fn first_run(scene: &Scene, now: &str, at: &str) {
    let done = scene.run(&["process"], now);
    assert!(done.code == 0 || done.code == 1, "{at}: {}", done.code);
    assert_eq!(
        done.code == 1,
        !done.stderr.is_empty(),
        "{at}: {}",
        done.stderr
    );
    assert!(!done.stderr.contains("panicked"), "{at}: {}", done.stderr);
}

fn smtp_server(extensions: &'static [&'static str], end: Option<End>) -> Fake {
    let cut = match end {
        None => NO_CUT,
        Some(End::Server(server)) => Cut {
            server,
            spare: 1,
            ..NO_CUT
        },
        Some(End::Client(client)) => Cut {
            client,
            spare: 1,
            ..NO_CUT
        },
    };
    Fake::start(extensions, cut, |_| Act::Usual)
}

pub fn sum_up(name: &str, all: usize, chosen: &[End], figures: Figures) {
    let title = format!("{name} ({} of {all} points)", chosen.len());
    print(&title, figures);
    assert_eq!(figures.points, chosen.len());
    assert!(figures.sound(), "{name}: {figures:?}");
}

#[test]
fn smtp_at_every_byte() {
    let batch = queued(one_order(&TestDesk::stocked()), NO_ADDRESS);
    let way = Way {
        more: NO_ADDRESS,
        ..Way::SMTP
    };
    // without PIPELINING every few: the same bytes, at the same stages
    for (extensions, share) in [(&["PIPELINING", "8BITMIME"][..], 1), (&["8BITMIME"], 6)] {
        let make = |end| Site::with(&batch, way, Some(smtp_server(extensions, end)));
        let site = make(None);
        site.scene.run(&["process"], DUE).ok();
        let (said, heard) = {
            let seen = site.smtp.as_ref().unwrap().seen.lock().unwrap();
            (seen.said, seen.heard)
        };
        let chosen = points(said, heard, 1201, share);
        let figures = each(&chosen, |end| {
            let (site, at) = (
                make(Some(*end)),
                format!("SMTP {extensions:?} cut: {end:?}"),
            );
            first_run(&site.scene, DUE, &at);
            let cut = site.smtp.as_ref().unwrap().seen.lock().unwrap().cut;
            assert_eq!(cut, 1, "{at}: not cut");
            site.converges(ONE, &at)
        });
        sum_up(
            &format!("SMTP {extensions:?} cut"),
            said + heard,
            &chosen,
            figures,
        );
        assert!(figures.unknown > 0, "the doubtful moment was never met");
    }
}

#[test]
fn imap_at_every_byte() {
    let batch = one_order(&TestDesk::stocked());
    let way = Way {
        inbox: Inbox::Imap,
        more: NO_ADDRESS,
        ..Way::SMTP
    };
    let site = Site::new(&batch, way);
    site.scene.run(&["process"], NOW).ok();
    let (sent, heard) = {
        let state = site.imap.as_ref().unwrap().state();
        (state.sent, state.heard)
    };
    let chosen = points(sent, heard, 307, 1);
    let figures = each(&chosen, |end| {
        let (site, at) = (Site::new(&batch, way), format!("IMAP cut: {end:?}"));
        let imap = site.imap.as_ref().unwrap();
        match *end {
            End::Server(bytes) => imap.state().cut = Some(bytes),
            End::Client(bytes) => imap.state().deaf = Some(bytes),
        }
        first_run(&site.scene, NOW, &at);
        let left = {
            let state = imap.state();
            (state.cut, state.deaf)
        };
        assert_eq!(left, (None, None), "{at}: not cut");
        site.converges(ONE, &at)
    });
    sum_up("IMAP cut", sent + heard, &chosen, figures);
}

/// What is stored is not stored again because it could not be filed away.
#[test]
fn mail_that_cannot_be_filed_after_its_commit_is_placed_once_and_filed_later() {
    let way = Way {
        inbox: Inbox::Imap,
        ..Way::SMTP
    };
    for answer in [
        &b"{tag} NO [OVERQUOTA] full\r\n"[..],
        b"{tag} BAD what?\r\n",
        b"",
    ] {
        let site = Site::new(&small_batch(), way);
        let imap = site.imap.as_ref().unwrap();
        imap.state().lies = vec![("UID MOVE", answer.to_vec())];
        // no answer at all, but the end
        imap.state().hang_up = answer.is_empty();
        for now in [NOW, "2025-06-02T10:15:00Z"] {
            let done = site.scene.run(&["process"], now);
            done.fails(1, &["mailbox orders"]);
            assert_eq!(imap.state().inbox.len(), 3, "it stays");
            assert_eq!(site.scene.count("SELECT COUNT(*) FROM orders"), 3);
        }
        let taken = site.taken().len();
        imap.state().lies.clear();
        let figures = site.converges(SMALL, "not filed");
        assert!(figures.sound() && figures.unknown == 0, "{figures:?}");
        assert_eq!(site.taken().len(), taken, "no mail went out again");
    }
}
