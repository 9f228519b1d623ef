//! What comes back, and what vendors send to the bookkeeper: reports that a mail did not arrive, or not
//! yet, and bills in the watched folder.

use super::chance::Chance;
use super::checks;
use super::days::Life;
use super::outside::Taken;
use super::people;
use super::senders::header;
use super::world::World;
use chrono::{DateTime, Utc};
use std::time::{Duration, SystemTime};

/// A report in the standard form (RFC 3464) about a mail that left.
fn report(taken: &Taken, now: DateTime<Utc>, chance: &mut Chance, serial: u64) -> Vec<u8> {
    let to = header(&taken.content, "To").unwrap_or_default();
    let to = to.rsplit(['<', ' ']).next().unwrap_or_default();
    let to = to.trim_end_matches('>');
    let (action, status, said) = match chance.below(4) {
        0 => ("delayed", "4.4.1", "451 try again later"),
        1 => ("failed", "5.2.2", "552 mailbox full"),
        2 => ("failed", "5.7.1", "554 rejected as spam"),
        _ => ("failed", "5.1.1", "550 no such user"),
    };
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: orders@shop.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
         Date: {}\r\nMessage-ID: <bounce-{serial}@mx.example>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
         Final-Recipient: rfc822; {to}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: smtp; {said}\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {}\r\nSubject: {}\r\nTo: {to}\r\n--b--\r\n",
        now.to_rfc2822(),
        taken.reference,
        taken.subject
    )
    .into_bytes()
}

impl Life {
    /// One of the last mails that left did not arrive.
    pub fn bounce(&mut self) {
        let left: Vec<Taken> = {
            let outside = self.world.door.outside();
            outside.taken.iter().rev().take(12).cloned().collect()
        };
        let Some(taken) = self.dice().pick(&left).cloned() else {
            return;
        };
        self.serial += 1;
        let (now, serial) = (self.world.now, self.serial);
        let mail = report(&taken, now, self.dice(), serial);
        self.world.note(format!("'{}' comes back", taken.subject));
        self.memory.bounced.insert(taken.reference);
        let mailbox = match self.dice().one_in(6) {
            true => "orders",
            false => "vendors",
        };
        self.put(mailbox, mail);
    }

    /// A bill comes into the watched folder.
    pub fn bill(&mut self) {
        let mut dice = Chance::new(self.dice().next());
        let made = self
            .world
            .look(|ledger| people::some_bill(ledger, &mut dice));
        let Some(csv) = made else { return };
        self.serial += 1;
        let name = format!("bill-{:06}.csv", self.serial);
        let path = self.world.bills().join(&name);
        std::fs::write(&path, &csv).expect("a bill");
        let long_ago = SystemTime::from(self.world.now) - Duration::from_secs(60);
        let file = std::fs::File::options().write(true).open(&path);
        file.and_then(|file| file.set_modified(long_ago))
            .expect("a bill");
        self.world.note(format!("{name} comes"));
        self.memory
            .bills
            .push((name, checks::digest(csv.as_bytes())));
    }
}

/// No bill is lost: it waits, or the ledger has the file.
pub fn bills(world: &World, memory: &checks::Memory, conn: &rusqlite::Connection) {
    let mut known = conn
        .prepare("SELECT EXISTS (SELECT 1 FROM invoice_file WHERE sha256 = ?1)")
        .expect("a question");
    for (name, digest) in &memory.bills {
        let there: bool = known
            .query_row([&digest[..]], |row| row.get(0))
            .expect("an answer");
        let waits = world.bills().join(name).exists();
        assert!(there || waits, "the bill {name} is lost");
    }
}
