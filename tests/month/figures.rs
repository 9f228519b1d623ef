//! The month in figures.

use super::Town;
use super::customers::kind;
use super::post::Sent;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What was counted.
#[derive(Default)]
pub struct Tally {
    pub runs: usize,
    pub orders: usize,
    pub letters: usize,
    /// Mails that left, by kind.
    pub mails: BTreeMap<String, usize>,
    /// Mails of vendors, by what they mean.
    pub words: BTreeMap<&'static str, usize>,
    /// What the admin decided about, by code.
    pub acts: BTreeMap<String, usize>,
    /// What nothing that is printed could settle.
    pub stuck: Vec<String>,
    pub most_chases: usize,
    pub kept: usize,
    pub explained: usize,
    pub bills: usize,
    pub wrong_bills: usize,
    pub refunds: usize,
    pub faults: Vec<String>,
}

/// How poms says that there is no other vendor.
pub const NOBODY_ELSE: &str = "active vendor offers";

/// Whether it is a question to a vendor.
pub fn is_chase(subject: &str) -> bool {
    let ours = [
        "Please confirm purchase order",
        "Has purchase order",
        "purchase orders wait for your answer",
    ];
    ours.iter().any(|words| subject.contains(words))
        || subject.starts_with("Purchase order ") && subject.ends_with(" is late")
}

impl Tally {
    /// Counts a mail that left.
    pub fn sent(&mut self, mail: &Sent) {
        let subject = mail.subject.as_str();
        let word = match () {
            () if mail.to.ends_with("@mail.example") => format!("customer, {:?}", kind(subject)),
            () if mail.to.starts_with("ops@") => "admin".to_owned(),
            () if is_chase(subject) => "vendor, question".to_owned(),
            () if subject.starts_with("Do not ship") => "vendor, cancellation".to_owned(),
            () if subject.contains("Purchase order ") && !subject.starts_with("Re:") => {
                "vendor, purchase order".to_owned()
            }
            () if subject.contains("please correct") => "vendor, dispute".to_owned(),
            () => "vendor, other".to_owned(),
        };
        *self.mails.entry(word).or_default() += 1;
    }
}

impl Town {
    fn count(&self, sql: &str) -> i64 {
        self.house
            .ledger()
            .query_row(sql, [], |row| row.get(0))
            .unwrap()
    }

    fn grouped(&self, sql: &str) -> Vec<(String, i64)> {
        let ledger = self.house.ledger();
        let mut query = ledger.prepare(sql).unwrap();
        let rows = query
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// How many mails of vendors needed nobody.
    fn acted_alone(&self) -> String {
        let theirs = "sender LIKE '%@v%.example%' AND sender NOT LIKE 'MAILER%'";
        let alone = format!(
            "SELECT count(*) FROM message m WHERE {theirs} AND state = 'accepted' AND NOT EXISTS (SELECT 1 FROM exception e LEFT JOIN \
             advice_row a ON e.entity = 'advice:' || a.id WHERE m.id IN (e.message_id, a.message_id))"
        );
        let all = self.count(&format!("SELECT count(*) FROM message WHERE {theirs}"));
        let alone = self.count(&alone);
        format!("of {all} mails of vendors {alone} acted by themselves")
    }

    /// All of it as text.
    pub fn report(&self) -> String {
        let tally = &self.tally;
        let mut out = format!(
            "seed {}: {} orders in {} runs\n",
            self.seed, tally.orders, tally.runs
        );
        let list = |out: &mut String, title: &str, rows: &[(String, i64)]| {
            let all: Vec<String> = rows
                .iter()
                .map(|(word, count)| format!("{word} {count}"))
                .collect();
            let _ = writeln!(out, "{title}: {}", all.join(", "));
        };
        list(
            &mut out,
            "orders",
            &self.grouped("SELECT state, count(*) FROM orders GROUP BY state ORDER BY 1"),
        );
        list(
            &mut out,
            "purchase orders",
            &self.grouped("SELECT state, count(*) FROM purchase_order GROUP BY state ORDER BY 1"),
        );
        let mails: Vec<(String, i64)> = tally
            .mails
            .iter()
            .map(|(word, count)| (word.clone(), *count as i64))
            .collect();
        list(&mut out, "mails", &mails);
        let words: Vec<(String, i64)> = tally
            .words
            .iter()
            .map(|(word, count)| ((*word).to_owned(), *count as i64))
            .collect();
        list(&mut out, "vendors wrote", &words);
        let _ = writeln!(out, "{}", self.acted_alone());
        self.ends_with(&mut out);
        out
    }

    /// Exceptions, questions, promises, money and what was refused.
    fn ends_with(&self, out: &mut String) {
        let tally = &self.tally;
        let codes =
            self.grouped("SELECT code, count(*) FROM exception GROUP BY code ORDER BY 2 DESC, 1");
        let all: Vec<String> = codes
            .iter()
            .map(|(word, count)| format!("{word} {count}"))
            .collect();
        let _ = writeln!(out, "exceptions: {}", all.join(", "));
        let sum: i64 = codes.iter().map(|(_, count)| count).sum();
        let _ = writeln!(
            out,
            "{:.1} exceptions for a hundred orders; {} open",
            sum as f64 * 100.0 / tally.orders as f64,
            self.count("SELECT count(*) FROM exception WHERE state = 'open'")
        );
        let _ = writeln!(
            out,
            "at most {} questions to a vendor on a day; promises: {} kept, {} explained; bills {} ({} wrong), refunds {}",
            tally.most_chases,
            tally.kept,
            tally.explained,
            tally.bills,
            tally.wrong_bills,
            tally.refunds
        );
        let nobody = self
            .house
            .refused
            .iter()
            .filter(|(_, why)| why.contains(NOBODY_ELSE));
        let _ = writeln!(
            out,
            "{} commands that poms printed were refused, {} as nobody else has the goods",
            self.house.refused.len(),
            nobody.count()
        );
    }
}
