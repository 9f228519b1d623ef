//! What comes by mail on a day, and who answers what left.

use super::checks;
use super::days::Life;
use super::senders::{self, Asked};

impl Life {
    pub fn put(&mut self, mailbox: &'static str, mail: Vec<u8>) {
        self.memory
            .mails
            .push((mailbox.to_owned(), checks::digest(&mail)));
        self.world.door.outside().put(mailbox, &mail);
        self.mails.push((mailbox, mail));
    }

    pub fn order(&mut self) {
        self.serial += 1;
        let serial = self.serial;
        let known = self.orders.len();
        let order = match self.dice().below(10) {
            // the same content, sealed again
            0 if known > 0 => {
                let orders = self.orders.clone();
                self.dice().pick(&orders).cloned().expect("one")
            }
            // the same number, another content
            1 if known > 0 => {
                let orders = self.orders.clone();
                let mut order = self.dice().pick(&orders).cloned().expect("one");
                order["customer"]["phone"] = format!("859-589-{:04}", serial % 10_000).into();
                order
            }
            _ => senders::order(&format!("W{}", 1000 + serial), self.dice()),
        };
        let mail = senders::sealed(&order, self.world.now, serial);
        let number = order["order_number"].as_str().unwrap_or_default();
        self.numbers
            .insert(checks::digest(&mail), number.to_owned());
        self.world
            .note(format!("order {} comes", order["order_number"]));
        if !self.orders.contains(&order) {
            self.orders.push(order);
        }
        self.put("orders", mail);
    }

    /// A customer answers a mail: a person reads it.
    fn customer(&mut self) {
        let letters = self.letters.clone();
        let Some(letter) = self.dice().pick(&letters).cloned() else {
            return;
        };
        self.serial += 1;
        let words = [
            "Please cancel my order.\n",
            "When does it come?\n",
            "Thank you!\n",
        ];
        let words = self.dice().pick(&words).copied().unwrap_or_default();
        let mail = senders::mail(&letter, self.world.now, words, None, self.serial);
        self.world
            .note(format!("a customer answers '{}'", letter.number));
        self.put("vendors", mail);
    }

    pub fn vendor(&mut self) {
        if self.dice().one_in(5) {
            return self.customer();
        }
        let asked = self.asked.clone();
        let Some(asked) = self.dice().pick(&asked).cloned() else {
            return;
        };
        self.serial += 1;
        let (now, serial) = (self.world.now, self.serial);
        let mail = senders::answer(&asked, now, self.dice(), serial);
        self.world
            .note(format!("the vendor of {} writes", asked.number));
        self.put("vendors", mail);
    }

    /// An old mail comes once more, and now and then into the wrong mailbox.
    pub fn replay(&mut self) {
        let mails = self.mails.clone();
        let Some((mailbox, mail)) = self.dice().pick(&mails).cloned() else {
            return;
        };
        let mailbox = match self.dice().below(8) {
            0 => "orders",
            1 => "vendors",
            _ => mailbox,
        };
        self.world
            .note(format!("an old mail comes into {mailbox} again"));
        self.put(mailbox, mail);
    }

    /// What vendors learn of what was sent.
    pub fn look_at_what_left(&mut self) {
        let new: Vec<_> = self.world.door.outside().taken[self.seen..].to_vec();
        self.seen += new.len();
        let conn = checks::connection(&self.world);
        for one in new {
            let po = conn.query_row(
                "SELECT p.id, p.number FROM delivery d JOIN purchase_order p ON p.id = d.po_id WHERE d.reference = ?1 AND d.kind = 'purchase_order'",
                [&one.reference],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)),
            );
            let Some(reply_to) = senders::header(&one.content, "Reply-To") else {
                continue;
            };
            let Ok((id, number)) = po else {
                self.letters.push(Asked {
                    number: one.subject,
                    reply_to,
                    lines: Vec::new(),
                });
                continue;
            };
            let mut lines = conn
                .prepare("SELECT sku, qty FROM po_line WHERE po_id = ?1 ORDER BY line")
                .expect("lines");
            let lines = lines
                .query_map([id], |row| Ok((row.get(0)?, row.get(1)?)))
                .expect("lines");
            let lines = lines.map(|line| line.expect("a line")).collect();
            self.asked.push(Asked {
                number,
                reply_to,
                lines,
            });
        }
    }
}
