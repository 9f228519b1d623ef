//! Promises by what vendors did: learnt from how long they took, told with the reason, and shown in a report.

use super::Dock;

const RATE: &str = "[promise]\nhit_rate = 0.9\n";

/// Twenty-four orders that come in on Monday and leave a week later, though the vendor says one day.
fn slow(dock: &Dock) {
    let mut rows = "po_number,sku,qty,carrier,tracking_number,ship_date\n".to_owned();
    for number in 1..=24 {
        dock.order(&format!("W{number}"), &[("BF63-12163", 1)]);
        rows.push_str(&format!(
            "W{number}-1,BF63-12163,1,FedEx,{},2025-06-10\n",
            794_644_790_000_u64 + number
        ));
    }
    dock.desk.now("2025-06-10T20:00:00Z");
    dock.import("left.csv", &rows, &["--vendor", "ACME"]);
}

fn promise(dock: &Dock, order: &str) -> (String, String) {
    let shown = dock.show(order);
    let promise = &shown["purchase_orders"][0]["promise"];
    let text = |key: &str| promise[key].as_str().unwrap_or_default().to_owned();
    (text("ship_by"), text("deliver_by"))
}

#[test]
fn a_vendor_that_takes_a_week_is_promised_as_it_is() {
    let dock = Dock::with(RATE);
    slow(&dock);
    // the vendor's own days, for want of others
    assert_eq!(promise(&dock, "W1").0, "2025-06-03");
    dock.desk.now("2025-06-11T14:00:00Z");
    dock.order("W90", &[("BF63-12163", 1)]);
    let (ships, arrives) = promise(&dock, "W90");
    // asked after one day as before; the customer counts with six
    assert_eq!(ships, "2025-06-12");
    let usual = promise(&dock, "W1");
    assert_eq!(
        (usual.1.as_str(), arrives.as_str()),
        ("2025-06-10", "2025-06-27")
    );
    let shown = dock.desk.run(&["order", "show", "W90"]).ok().stdout;
    assert!(
        shown.contains("by its last 24 purchase orders the vendor ships in 6 business days"),
        "{shown}"
    );
    // another vendor, of whom nothing is known, as before
    dock.order("W91", &[("GD20-00020", 1)]);
    assert!(
        !dock
            .desk
            .run(&["order", "show", "W91"])
            .ok()
            .stdout
            .contains("by its last")
    );
    let report = dock.desk.run(&["report", "promises"]).ok().stdout;
    for part in ["ACME", "0 of 100 that are over were kept", "26 promises"] {
        assert!(report.contains(part), "{report}");
    }
    let json = dock
        .desk
        .run(&["report", "promises", "--vendor", "ACME", "--json"])
        .ok()
        .json();
    let acme = &json["vendors"][0];
    assert_eq!(
        (
            &acme["missed"],
            &acme["nine_in_ten"],
            &acme["handling_days"]
        ),
        (&24.into(), &6.into(), &1.into())
    );
    dock.verify();
}

#[test]
fn without_a_rate_nothing_is_learnt_and_another_rate_is_learnt_at_once() {
    let dock = Dock::new();
    slow(&dock);
    dock.desk.now("2025-06-11T14:00:00Z");
    dock.order("W90", &[("BF63-12163", 1)]);
    assert_eq!(promise(&dock, "W90").1, "2025-06-19");
    dock.desk.config(RATE);
    dock.order("W91", &[("BF63-12163", 1)]);
    assert_eq!(promise(&dock, "W91").1, "2025-06-27");
    for (wrong, why) in [
        ("1.2", "from 0.5 to 0.99"),
        ("90", "from 0.5 to 0.99"),
        ("\"0.9\"", "from 0.5 to 0.99"),
    ] {
        let file = dock.desk.path("poms.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        dock.desk.file(
            "poms.toml",
            text.replace("hit_rate = 0.9", &format!("hit_rate = {wrong}"))
                .as_bytes(),
        );
        dock.desk.run(&["check"]).fails(2, &["hit_rate", why]);
        dock.desk.file("poms.toml", text.as_bytes());
    }
    dock.verify();
}
