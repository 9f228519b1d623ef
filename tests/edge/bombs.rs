//! What a mail may cost that is made to cost much: memory, measured where the system counts it.

use crate::support::corpus::envelope;
use crate::support::desk::TestDesk;
use crate::support::scene::{POMS, Scene, output};
use poms::intake::openpgp::make;
use sequoia_openpgp::armor::{Kind, Writer};
use std::io::Write;

const NOW: &str = "2025-06-02T10:05:00Z";

/// The most memory that a run may have had for such mails, in KiB.
const MOST: u64 = 256 * 1024;

/// A program's peak memory in KiB is said by the system to whoever waited for it.
const MEASURED: &str = "import resource, subprocess, sys\n\
     done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n\
     print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)";

/// The exit code and the peak of a run.
fn run(scene: &Scene) -> (i32, u64) {
    let done = output(scene.command("python3", &["-c", MEASURED, POMS, "process"], NOW));
    let mut words = done.stdout.split_whitespace();
    let mut next = || words.next().unwrap_or_else(|| panic!("{}", done.stderr));
    (next().parse().unwrap(), next().parse().unwrap())
}

/// A packet of the new format with a length of four octets, true or not (RFC 9580, 4.2.1.3).
fn packet(tag: u8, length: u32, body: &[u8]) -> Vec<u8> {
    let mut packet = vec![0xc0 | tag, 0xff];
    packet.extend(length.to_be_bytes());
    packet.extend_from_slice(body);
    packet
}

/// Bytes as a stored block of DEFLATE in a compressed packet (RFC 9580, 5.6; RFC 1951, 3.2.4).
fn stored(inner: &[u8]) -> Vec<u8> {
    let mut body = vec![1];
    let mut pieces = inner.chunks(0xffff).peekable();
    while let Some(piece) = pieces.next() {
        let length = u16::try_from(piece.len()).unwrap();
        body.push(u8::from(pieces.peek().is_none()));
        body.extend(length.to_le_bytes());
        body.extend((!length).to_le_bytes());
        body.extend_from_slice(piece);
    }
    packet(8, u32::try_from(body.len()).unwrap(), &body)
}

fn armoured(packets: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(Vec::new(), Kind::Message).unwrap();
    writer.write_all(packets).unwrap();
    writer.finalize().unwrap()
}

/// What stands inside the encryption.
fn inside() -> Vec<(&'static str, Vec<u8>)> {
    let literal = |length, body: &[u8]| packet(11, length, &[b"b\0\0\0\0\0", body].concat());
    let mut nested = literal(7, b"x");
    for _ in 0..128 {
        nested = stored(&nested);
    }
    let long = u32::MAX;
    vec![
        ("a literal that claims 4 GB", literal(long, b"{}")),
        (
            "a signature that claims 4 GB",
            packet(2, long, &[4, 0, 22, 8]),
        ),
        (
            "a key that claims 4 GB",
            packet(6, long, &[4, 0, 0, 0, 0, 1, 0xff, 0xff]),
        ),
        ("a user id that claims 4 GB", packet(13, long, b"x")),
        ("an unknown packet that claims 4 GB", packet(60, long, b"x")),
        (
            "a compressed packet that claims 4 GB",
            packet(8, long, &[1, 0, 0]),
        ),
        ("128 compressions of one another", nested),
    ]
}

#[test]
fn mails_that_claim_gigabytes_cost_no_memory_and_keep_no_order_waiting() {
    let desk = TestDesk::stocked();
    let at = desk.moment();
    let all = inside();
    let count = all.len();
    for (_, packets) in &all {
        let sealed = make::encrypt_packets(packets, &[desk.shop_key()], at).unwrap();
        desk.raw_mail(&envelope("W1", &sealed, at));
        // the same, with nothing around it
        desk.raw_mail(&envelope("W1", &armoured(packets), at));
    }
    let mut outside = Vec::new();
    for tag in [1, 3, 9, 18, 20] {
        outside.push(packet(tag, u32::MAX, &[1; 40]));
    }
    for packets in &outside {
        desk.raw_mail(&envelope("W1", &armoured(packets), at));
    }
    desk.order(&TestDesk::plain_order("W300002"));
    let scene = Scene::of(&desk);
    let (code, peak) = run(&scene);
    assert_eq!(code, 0);
    assert!(peak < MOST, "{peak} KiB");
    let placed = "SELECT count(*) FROM orders WHERE state = 'placed'";
    assert_eq!(scene.count(placed), 1);
    let kept = "SELECT count(*) FROM message WHERE state IN ('quarantined', 'held')";
    let expected = i64::try_from(2 * count + outside.len()).unwrap();
    assert_eq!(scene.count(kept), expected);
}
