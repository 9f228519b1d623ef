//! Ports for servers that are started after the look for a free one.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// A port on 127.0.0.1 that nobody has and that no other call in this process gets. It lies below
/// the ports that the system gives to whoever asks for any (32,768 and up on Linux), among which it
/// could be taken between this look and the server's start.
pub fn free() -> u16 {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    // runs side by side begin far from each other
    let begin = std::process::id().wrapping_mul(307);
    loop {
        let step = begin.wrapping_add(TAKEN.fetch_add(1, Ordering::Relaxed)) % 20_000;
        let port = 11_000 + u16::try_from(step).expect("small");
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}
