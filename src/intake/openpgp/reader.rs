//! A reader that stops when its time is over.

use std::io::{Error, ErrorKind, Read, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// When the work on one message must be done; remembers that it was not.
pub struct Deadline {
    end: Instant,
    missed: AtomicBool,
}

impl Deadline {
    /// From now on this long.
    pub fn after(time: Duration) -> Deadline {
        Deadline {
            end: Instant::now() + time,
            missed: AtomicBool::new(false),
        }
    }

    /// Whether the time is over.
    pub fn is_over(&self) -> bool {
        if Instant::now() >= self.end {
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
