//! What was taken once and is taken never again: the content of orders, the signed words of vendors.

use super::orders::{OrderRow, content_hash, reference};
use super::{Result, Tx};
use crate::clock::Moment;
use crate::domain::order::Order;
use chrono::{DateTime, Utc};
use openssl::sha::sha256;
use serde::Serialize;

/// How the reason of a revision begins that the shop made.
pub const BY_SHOP: &str = "changed in the shop, by message ";

/// Who gave an order, and how new the newest is that came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderGiven {
    /// Fingerprint of the key that signed it first; `None` where nobody did.
    pub signer: Option<String>,
    /// When the shop had changed it last, as far as it says.
    pub changed_at: Option<DateTime<Utc>>,
}

/// A content of an order that came.
#[derive(Clone, Debug)]
pub struct TakenContent {
    order: i64,
    hash: Vec<u8>,
    /// The message that brought it.
    pub message: Option<i64>,
    /// When the shop had changed it, as far as it says.
    pub changed_at: Option<Moment>,
}

impl TakenContent {
    /// Whether it is the content of this hash, when it came first or again.
    pub fn is(&self, hash: &[u8; 32]) -> bool {
        let by = self.message.unwrap_or(-self.order);
        self.hash == hash || self.hash == again(hash, by, self.changed_at)
    }
}

/// What a content is kept under that came before and returned after another: by which message, or for which order
/// (negative) a person brought it, and of when.
fn again(hash: &[u8; 32], by: i64, at: Option<Moment>) -> [u8; 32] {
    let at = at.map(|at| at.to_string()).unwrap_or_default();
    sha256(&[&hash[..], format!("again:{by}:{at}").as_bytes()].concat())
}

/// An address from which mails came whose sender was proved.
#[derive(Clone, Debug, Serialize)]
pub struct Sender {
    /// The address in `From:`.
    pub address: String,
    /// How many mails.
    pub mails: i64,
    /// When the last of them came.
    pub last: Moment,
}

impl Tx<'_> {
    /// The order that this content made, as it came, whatever its number is now; `None` when it never
    /// came.
    pub fn order_of_content(&self, hash: &[u8; 32], number: &str) -> Result<Option<OrderRow>> {
        let id: Option<i64> = self.first(
            "SELECT order_id FROM order_taken WHERE content_hash = ?1",
            [&hash[..]],
            |row| row.get(0),
        )?;
        if let Some(id) = id {
            return self.order(id).map(Some);
        }
        for (id, document) in self.first_documents(number)? {
            let same = serde_json::from_str::<Order>(&document)
                .is_ok_and(|order| content_hash(&order) == *hash);
            if same {
                return self.order(id).map(Some);
            }
        }
        Ok(None)
    }

    /// Orders that were amended, as they came under this number: of those that came before contents
    /// were kept there is nothing else. The trail says which came under it.
    fn first_documents(&self, number: &str) -> Result<Vec<(i64, String)>> {
        let mut all = Vec::new();
        for copy in 1.. {
            // each copy has facts, also one that was amended to another number since
            let facts: Vec<(bool, Option<i64>)> = self.rows(
                "SELECT kind = 'order.received', order_id FROM audit WHERE entity = ?1 ORDER BY seq",
                [format!("order:{}", reference(number, copy))],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            if facts.is_empty() {
                break;
            }
            let came = facts.into_iter().filter(|(received, _)| *received);
            for id in came.filter_map(|(_, order)| order) {
                let first = self.first(
                    "SELECT document FROM order_revision WHERE order_id = ?1 AND revision = 1",
                    [id],
                    |row| row.get(0),
                )?;
                all.extend(first.map(|document| (id, document)));
            }
        }
        Ok(all)
    }

    /// The order that came under this number first, and has another one now.
    pub fn order_once_numbered(&self, number: &str, except: i64) -> Result<Option<OrderRow>> {
        let taken: Option<i64> = self.first(
            "SELECT order_id FROM order_taken WHERE number = ?1 AND order_id <> ?2 ORDER BY id LIMIT 1",
            (number, except),
            |row| row.get(0),
        )?;
        let id = match taken {
            Some(id) => Some(id),
            None => {
                let first = self.first_documents(number)?.into_iter();
                first.map(|(id, _)| id).find(|id| *id != except)
            }
        };
        id.map(|id| self.order(id)).transpose()
    }

    /// Keeps the content of an order as it came.
    ///
    /// # Errors
    /// SQLite's.
    pub fn take_order(
        &self,
        row: &OrderRow,
        hash: &[u8; 32],
        message: Option<i64>,
        signer: Option<&str>,
    ) -> Result<()> {
        self.take_content(row, &row.order, hash, (message, signer))
    }

    /// Keeps another content that came for an order, or one that came before and returns.
    ///
    /// # Errors
    /// SQLite's.
    pub fn take_content(
        &self,
        row: &OrderRow,
        content: &Order,
        hash: &[u8; 32],
        (message, signer): (Option<i64>, Option<&str>),
    ) -> Result<()> {
        let changed = content.changed_at().map(|at| Moment::from(at.to_utc()));
        let came: bool = self.value(
            "SELECT EXISTS (SELECT 1 FROM order_taken WHERE content_hash = ?1)",
            [&hash[..]],
        )?;
        let hash = match came {
            true => again(hash, message.unwrap_or(-row.id), changed),
            false => *hash,
        };
        self.insert(
            "INSERT INTO order_taken (content_hash, number, order_id, message_id, signer, changed_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (&hash[..], &content.order_number, row.id, message, signer, changed),
        )?;
        Ok(())
    }

    /// The contents of an order that came under a number, the newest last.
    pub fn contents_of(&self, order: i64, number: &str) -> Result<Vec<TakenContent>> {
        self.rows(
            "SELECT content_hash, message_id, changed_at FROM order_taken WHERE number = ?1 AND order_id = ?2 ORDER BY id",
            (number, order),
            |row| {
                Ok(TakenContent {
                    order,
                    hash: row.get(0)?,
                    message: row.get(1)?,
                    changed_at: row.get(2)?,
                })
            },
        )
    }

    /// By whom the first content of an order was signed, and when the shop had changed it last, as the
    /// newest says that came; `None` where no content of it was kept.
    pub fn order_given(&self, row: &OrderRow) -> Result<Option<OrderGiven>> {
        let all: Vec<(Option<String>, Option<Moment>)> = self.rows(
            "SELECT signer, changed_at FROM order_taken WHERE number = ?1 AND order_id = ?2 ORDER BY id",
            (&row.order.order_number, row.id),
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        let last = all.iter().filter_map(|(_, at)| at.map(Moment::time)).max();
        let first = all.into_iter().next();
        Ok(first.map(|(signer, _)| OrderGiven {
            signer,
            changed_at: last,
        }))
    }

    /// Whether a message brought an order, or a content of it.
    pub fn order_came_by(&self, row: &OrderRow, message: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM order_taken WHERE number = ?1 AND order_id = ?2 AND message_id = ?3)",
            (&row.order.order_number, row.id, message),
        )
    }

    /// Whether a person changed an order, or anybody but its shop.
    pub fn amended_by_hand(&self, row: &OrderRow) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM order_revision WHERE order_id = ?1 AND substr(reason, 1, length(?2)) <> ?2)",
            (row.id, BY_SHOP),
        )
    }

    /// The message by which a signed mail of a vendor was taken that has one of these marks, other
    /// than this one.
    pub fn word_taken(&self, marks: &[[u8; 32]], except: i64) -> Result<Option<i64>> {
        for mark in marks {
            let found = self.first(
                "SELECT message_id FROM vendor_word WHERE mark = ?1 AND message_id <> ?2",
                (&mark[..], except),
                |row| row.get(0),
            )?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    /// Whether a message was taken for a vendor's signed mail.
    pub fn is_vendor_word(&self, message: i64) -> Result<bool> {
        self.value(
            "SELECT EXISTS (SELECT 1 FROM vendor_word WHERE message_id = ?1)",
            [message],
        )
    }

    /// Keeps by what a signed mail of a vendor is known again.
    pub fn keep_word(&self, marks: &[[u8; 32]], message: i64, vendor: &str) -> Result<()> {
        for mark in marks {
            self.execute(
                "INSERT INTO vendor_word (mark, message_id, vendor_id) VALUES (?1, ?2, ?3) ON CONFLICT (mark) DO NOTHING",
                (&mark[..], message, vendor),
            )?;
        }
        Ok(())
    }

    /// Of these words those that the ledger has letter for letter as the number of an article, an
    /// order, a purchase order or a parcel.
    pub fn known_words(&self, words: &[String]) -> Result<Vec<String>> {
        let mut known = Vec::new();
        for word in words {
            let there: bool = self.value(
                "SELECT EXISTS (SELECT 1 FROM offer WHERE sku = ?1) OR EXISTS (SELECT 1 FROM orders WHERE number = ?1) \
                 OR EXISTS (SELECT 1 FROM purchase_order WHERE number = ?1) OR EXISTS (SELECT 1 FROM parcel WHERE tracking = ?1) \
                 OR EXISTS (SELECT 1 FROM offer WHERE vendor_sku = ?1)",
                [word],
            )?;
            if there {
                known.push(word.clone());
            }
        }
        Ok(known)
    }

    /// From which addresses mails came whose sender was proved.
    pub fn proved_senders(&self) -> Result<Vec<Sender>> {
        self.rows(
            "SELECT sender, count(*), max(received) FROM message \
             WHERE state = 'accepted' OR (state = 'held' AND code IS NULL) GROUP BY sender ORDER BY sender",
            [],
            |row| {
                Ok(Sender {
                    address: row.get(0)?,
                    mails: row.get(1)?,
                    last: row.get(2)?,
                })
            },
        )
    }
}
