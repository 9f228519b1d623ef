//! The post to a fax service cut at every byte of either side, with whole runs behind each. The
//! service can be asked, so in the end nothing is in doubt.

use super::cut::{DUE, End, NO_ADDRESS, first_run, one_order, points, sum_up};
use super::site::queued;
use super::*;
use crate::support::desk::CATALOGUE;
use crate::support::ports;
use crate::support::scene::config;
use crate::support::sinch::{Cut, FakeSinch, KEY, PROJECT, SECRET};

/// They take faxes only.
const VENDORS: &str = "\
id,name,email,fax,channel,zip
ACME,Acme Home Goods,,(207) 555-0142,fax,04101
BLUE,Blue Ridge Garden Supply,,828-555-0117,fax,28801
";

fn fax(port: u16) -> String {
    format!(
        "[delivery.fax]\nkind = \"sinch\"\nbase_url = \"http://127.0.0.1:{port}\"\nproject = \"{PROJECT}\"\n\
         key_file = \"keys/fax.key\"\nsecret_file = \"keys/fax.secret\"\nfrom = \"207-555-0199\"\n\
         timeout_seconds = 15\n{NO_ADDRESS}"
    )
}

/// One order, whose fax waits.
fn template() -> Scene {
    let desk = TestDesk::new().vendors(VENDORS).catalogue(CATALOGUE);
    desk.file("keys/fax.key", format!("{KEY}\n").as_bytes());
    desk.file("keys/fax.secret", format!("{SECRET}\n").as_bytes());
    queued(one_order(&desk), &fax(ports::free()))
}

/// A copy of the site that sends its faxes to this service.
fn site(template: &Scene, fake: &FakeSinch) -> Scene {
    let scene = template.again();
    let mails = "kind = \"maildir\"\npath = \"mail/sent\"";
    scene.configure(&config(mails, &fax(fake.port)));
    scene
}

/// Every connection of the first run ends at this byte; the later runs find the service well.
fn trial(template: &Scene, end: End) -> Figures {
    let (fake, at) = (FakeSinch::start(), format!("fax cut: {end:?}"));
    let (client, server) = match end {
        End::Client(bytes) => (bytes, usize::MAX),
        End::Server(bytes) => (usize::MAX, bytes),
    };
    fake.with(|state| state.cut = Some(Cut { client, server }));
    let scene = site(template, &fake);
    first_run(&scene, DUE, &at);
    fake.with(|state| state.cut = None);
    run_again(&scene, LATER, &at);
    assert_eq!(scene.problems(), Vec::<String>::new(), "{at}");
    fake.all_fine();
    let count = |sql: &str| scene.count(&format!("SELECT COUNT(*) FROM {sql}"));
    assert_eq!(count("orders WHERE state = 'placed'"), 1, "{at}");
    let unknown = count("delivery WHERE state = 'unknown'") as usize;
    let sent = count("delivery WHERE state = 'sent' AND po_id IS NOT NULL") as usize;
    assert_eq!(sent + unknown, 1, "{at}: neither sent nor unknown");
    let named = count("exception WHERE code = 'delivery_unknown' AND state = 'open'");
    assert_eq!(
        named as usize, unknown,
        "{at}: an unknown fax is not on the list"
    );
    Figures {
        points: 1,
        lost: usize::from(sent > fake.taken()),
        doubled: fake.taken().saturating_sub(1),
        unknown,
        stuck: 0,
    }
}

#[test]
fn fax_at_every_byte() {
    let template = template();
    let fake = FakeSinch::start();
    let scene = site(&template, &fake);
    scene.run(&["process"], DUE).ok();
    let (heard, said) = fake.with(|state| (state.heard, state.said));
    assert!(heard > 1000 && said > 200, "{heard} and {said} bytes");
    let chosen = points(said, heard, 401, 1);
    let figures = each(&chosen, |end| trial(&template, *end));
    sum_up("fax post cut", said + heard, &chosen, figures);
}
