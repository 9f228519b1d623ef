//! When a run that was told to end does not: a server that says nothing can hold it up for as long
//! as its timeout. Then it is ended here, which is safe at any moment, as a crash is; only mail that
//! is past its point of no return is waited for.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// How long a run may take to end by itself.
const PATIENCE: Duration = Duration::from_secs(4);
const GLANCE: Duration = Duration::from_millis(100);

/// Whether documents are on their way.
static SENDING: AtomicBool = AtomicBool::new(false);

/// Says whether documents are on their way: the run is not ended meanwhile.
pub(super) fn sending(now: bool) {
    SENDING.store(now, Ordering::SeqCst);
}

/// From now on the process ends with exit code 0 when `stop` was set and the run has not ended by
/// itself in time. What it left is for the next run.
///
/// # Errors
/// When no thread can be started.
pub fn enforce(stop: Arc<AtomicBool>) -> std::io::Result<()> {
    let watch = move || {
        let mut since = None;
        loop {
            std::thread::sleep(GLANCE);
            if !stop.load(Ordering::Relaxed) || SENDING.load(Ordering::SeqCst) {
                since = None;
            } else if since.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
                std::process::exit(0);
            }
        }
    };
    let named = std::thread::Builder::new().name("ending".to_owned());
    named.spawn(watch).map(drop)
}
