//! Faxes by way of a gateway from mail to fax.

use super::{VENDORS, log, run, site_with, sound, stands};
use crate::support::desk::TestDesk;

const TABLE: &str = "[delivery.fax]\nkind = \"gateway\"\naddress = \"{number}@fax.example\"\n\
    subject = \"{subject} for {e164}\"\nfrom = \"fax@shop.example\"\nattachment = \"po.pdf\"\n";

#[test]
fn a_purchase_order_goes_to_the_number_at_the_gateway() {
    let desk = site_with(TABLE, VENDORS);
    desk.order(&TestDesk::plain_order("W200001"));
    let report = run(&desk, "10:05");
    assert_eq!(report["deliveries"]["sent"], 2, "{report:#}");
    let mails = desk.mails();
    let mail = mails
        .iter()
        .find(|mail| mail.to() == "12075550142@fax.example")
        .expect("the gateway's mail");
    assert!(mail.subject().contains("W200001-1"), "{}", mail.subject());
    assert!(mail.subject().ends_with("for +12075550142"));
    let parsed = mail.parsed();
    let file = parsed.attachment(0).expect("a file");
    assert!(file.contents().starts_with(b"%PDF-"));
    let line = log(&desk);
    assert_eq!(
        (&line["outcome"], &line["result"]),
        (&"handed_over".into(), &"untold".into())
    );
    assert_eq!(stands(&desk), ("sent".to_owned(), vec![]));
    let said = desk.run(&["check"]).ok().stdout;
    assert!(said.contains("{number}@fax.example"), "{said}");
    run(&desk, "10:15");
    assert_eq!(desk.mails().len(), mails.len(), "once");
    sound(&desk);
}
