//! A reader that stops when its time is over.

use nix::time::{ClockId, clock_gettime};
use sequoia_openpgp::parse::Cookie;
use sequoia_openpgp::parse::buffered_reader::BufferedReader;
use std::io::{Error, ErrorKind, Read, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// A deadline of the work on one message; remembers that it was passed.
///
/// What counts is the time that this thread computed, not the wall's: a machine that was paused, or
/// has too much to do, makes no message hostile.
#[derive(Debug)]
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
///
/// It is a buffer itself: one of sequoia's around it would copy the message, and clear 64 KiB again
/// and again, each time it is asked for more than there is.
#[derive(Debug)]
pub struct TimedReader<'a> {
    rest: &'a [u8],
    /// So much of it has been given out to look at, and may not be taken back.
    shown: usize,
    deadline: &'a Deadline,
    cookie: Cookie,
}

const PIECE_BYTES: usize = 32 << 10;

impl<'a> TimedReader<'a> {
    /// Reads `bytes` until `deadline`.
    pub fn new(bytes: &'a [u8], deadline: &'a Deadline) -> TimedReader<'a> {
        TimedReader {
            rest: bytes,
            shown: 0,
            deadline,
            cookie: Cookie::default(),
        }
    }

    fn given_out(&self) -> &'a [u8] {
        &self.rest[..self.shown]
    }

    fn show(&mut self, amount: usize) -> Result<&'a [u8]> {
        if amount > self.shown {
            if self.deadline.is_over() {
                return Err(Error::new(ErrorKind::TimedOut, "time budget used up"));
            }
            self.shown = amount.max(PIECE_BYTES).min(self.rest.len());
        }
        Ok(self.given_out())
    }

    /// What was given out; `amount` of it is used up.
    fn use_up(&mut self, amount: usize) -> &'a [u8] {
        let there = self.given_out();
        let amount = amount.min(there.len());
        self.rest = &self.rest[amount..];
        self.shown -= amount;
        there
    }
}

impl std::fmt::Display for TimedReader<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TimedReader ({} bytes left)", self.rest.len())
    }
}

impl Read for TimedReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let piece = buffer.len().min(PIECE_BYTES);
        let length = self.show(piece)?.len().min(piece);
        buffer[..length].copy_from_slice(&self.use_up(length)[..length]);
        Ok(length)
    }
}

impl BufferedReader<Cookie> for TimedReader<'_> {
    fn buffer(&self) -> &[u8] {
        self.given_out()
    }

    fn data(&mut self, amount: usize) -> Result<&[u8]> {
        self.show(amount)
    }

    fn consume(&mut self, amount: usize) -> &[u8] {
        self.use_up(amount)
    }

    fn data_consume(&mut self, amount: usize) -> Result<&[u8]> {
        self.show(amount)?;
        Ok(self.use_up(amount))
    }

    fn data_consume_hard(&mut self, amount: usize) -> Result<&[u8]> {
        if self.show(amount)?.len() < amount {
            return Err(Error::new(ErrorKind::UnexpectedEof, "EOF"));
        }
        Ok(self.use_up(amount))
    }

    fn get_mut(&mut self) -> Option<&mut dyn BufferedReader<Cookie>> {
        None
    }

    fn get_ref(&self) -> Option<&dyn BufferedReader<Cookie>> {
        None
    }

    fn into_inner<'b>(self: Box<Self>) -> Option<Box<dyn BufferedReader<Cookie> + 'b>>
    where
        Self: 'b,
    {
        None
    }

    fn cookie_set(&mut self, cookie: Cookie) -> Cookie {
        std::mem::replace(&mut self.cookie, cookie)
    }

    fn cookie_ref(&self) -> &Cookie {
        &self.cookie
    }

    fn cookie_mut(&mut self) -> &mut Cookie {
        &mut self.cookie
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

    #[test]
    fn what_was_shown_stays_until_it_is_used_up_and_comes_whole() {
        let bytes: Vec<u8> = (0..100_000u32).map(|n| (n % 251) as u8).collect();
        let deadline = Deadline::after(Duration::from_secs(60));
        let mut reader = TimedReader::new(&bytes, &deadline);
        assert!(reader.buffer().is_empty());
        assert_eq!(reader.data(1).unwrap().len(), PIECE_BYTES);
        assert_eq!(reader.data(PIECE_BYTES + 1).unwrap().len(), PIECE_BYTES + 1);
        assert_eq!(reader.data(1).unwrap().len(), PIECE_BYTES + 1);
        assert_eq!(reader.data_consume(10).unwrap()[..12], bytes[..12]);
        assert_eq!(reader.buffer()[..5], bytes[10..15]);
        let mut rest = Vec::new();
        reader.read_to_end(&mut rest).unwrap();
        assert_eq!(rest, bytes[10..]);
        assert!(reader.data(5).unwrap().is_empty());
        assert!(reader.data_consume_hard(1).is_err());
    }

    #[test]
    fn nothing_new_is_shown_when_the_time_is_over() {
        let bytes = [7; 3 * PIECE_BYTES];
        let deadline = Deadline::after(Duration::ZERO);
        let mut reader = TimedReader::new(&bytes, &deadline);
        assert_eq!(reader.data(1).unwrap_err().kind(), ErrorKind::TimedOut);
        assert!(reader.read(&mut [0; 8]).is_err() && deadline.missed());
    }
}
