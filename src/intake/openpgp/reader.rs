//! A reader that stops when its time is over.

use nix::time::{ClockId, clock_gettime};
use std::io::{Error, ErrorKind, Read, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A deadline of the work on one message; remembers that it was passed.
///
/// What counts is the time that this thread computed, not the wall's: a machine that was paused, or
/// has too much to do, makes no message hostile.
pub struct Deadline {
    end: Duration,
    wall: Instant,
    missed: AtomicBool,
}

/// Without a clock of the thread's own, which Linux always has, the wall's would do.
fn worked(since: Instant) -> Duration {
    match clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID) {
        Ok(time) => Duration::from(time),
        Err(_) => since.elapsed(),
    }
}

impl Deadline {
    /// From now on this long, of work by the calling thread, which must be the one that asks.
    pub fn after(time: Duration) -> Deadline {
        let wall = Instant::now();
        Deadline {
            end: worked(wall) + time,
            wall,
            missed: AtomicBool::new(false),
        }
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        if worked(self.wall) >= self.end {
            self.missed.store(true, Ordering::Relaxed);
        }
        self.missed()
    }

    /// Whether someone found it over before.
    pub fn missed(&self) -> bool {
        self.missed.load(Ordering::Relaxed)
    }
}

/// Hands the ciphertext out in small pieces and looks at the clock before each. One piece cannot
/// grow to more than a thousandfold of it (deflate's best, and compression may not be nested), so
/// the time between two looks stays small.
pub struct TimedReader<'a> {
    rest: &'a [u8],
    deadline: &'a Deadline,
}

const PIECE_BYTES: usize = 32 << 10;

impl<'a> TimedReader<'a> {
    /// Reads `bytes` until `deadline`.
    pub fn new(bytes: &'a [u8], deadline: &'a Deadline) -> TimedReader<'a> {
        TimedReader {
            rest: bytes,
            deadline,
        }
    }
}

impl Read for TimedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.deadline.is_over() {
            return Err(Error::new(ErrorKind::TimedOut, "time budget used up"));
        }
        let piece = buffer.len().min(PIECE_BYTES);
        self.rest.read(&mut buffer[..piece])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_work_counts_not_a_pause() {
        let deadline = Deadline::after(Duration::from_millis(200));
        std::thread::sleep(Duration::from_millis(400));
        assert!(!deadline.is_over(), "the thread slept");
        let mut sum = 0u64;
        let wall = Instant::now();
        while !deadline.is_over() {
            sum = std::hint::black_box(sum.wrapping_mul(31) + 1);
            assert!(wall.elapsed() < Duration::from_secs(60), "it never ends");
        }
        assert!(deadline.missed());
    }
}
