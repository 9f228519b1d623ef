//! Files as a shop signs them with GnuPG.

use super::*;
use crate::support::gpg::Gpg;

#[test]
fn what_gnupg_signs_is_an_order_and_a_text_signed_in_the_clear_is_not() {
    let desk = desk(SIGNED);
    let gpg = Gpg::at("20250602T100000");
    let secret = desk.webshop_key().secret_armoured(None).unwrap();
    gpg.run(&["--import"], &secret);
    gpg.run(&["--import"], &desk.shop_key().public_armoured().unwrap());
    let to = desk.shop_key().fingerprint();
    let ways: [&[&str]; 6] = [
        &["--sign"],
        &["--sign", "--armor"],
        &["--sign", "--compress-algo", "none"],
        &["--sign", "--compress-algo", "bzip2", "--armor"],
        &["--sign", "--encrypt", "--recipient", &to],
        &["--sign", "--encrypt", "--armor", "--recipient", &to],
    ];
    for (number, way) in (1..).zip(ways) {
        let bytes = gpg.run(way, order(number).to_string().as_bytes());
        desk.file(&format!("in/W{number}.json.gpg"), &bytes);
    }
    let clear = gpg.run(&["--clearsign"], order(7).to_string().as_bytes());
    desk.file("in/W7.json.asc", &clear);
    let detached = gpg.run(
        &["--detach-sign", "--armor"],
        order(8).to_string().as_bytes(),
    );
    desk.file("in/W8.json.sig", &detached);
    let store = gpg.run(&["--store"], order(9).to_string().as_bytes());
    desk.file("in/W9.json.gpg", &store);
    desk.run(&["process"]).ok();
    for row in messages(&desk) {
        let (name, code) = (row["source"].as_str().unwrap(), &row["code"]);
        match name.as_bytes()[1] {
            b'1'..=b'6' => assert_eq!(row["state"], "accepted", "{row}"),
            b'7' => assert_eq!(code, "bad_signature", "{row}"),
            b'8' => assert_eq!(code, "unreadable_message", "{row}"),
            _ => assert_eq!(code, "unsigned", "{row}"),
        }
    }
    assert_eq!(messages(&desk).len(), 9);
    assert_eq!(desk.mails_to("orders@acme.example").len(), 6);
}
