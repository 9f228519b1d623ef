//! Customers: what they were told, by their mails alone, and what they write back.

use super::days;
use super::post::{Letter, Sent};
use super::world::{Customer, Wish};
use chrono::{DateTime, NaiveDate, Utc};
use regex::Regex;
use std::sync::LazyLock;

/// What a mail to a customer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Placed,
    Shipped,
    Corrected,
    NotShipped,
    Delayed,
    Overdue,
    Question,
    Cancelled,
    TakenOff,
    Answer,
    Other,
}

/// What a mail says, as far as it can be counted.
pub struct Told {
    pub at: DateTime<Utc>,
    pub kind: Kind,
    /// Words of goods, pieces, and the day by which they come.
    pub promises: Vec<(String, i64, NaiveDate)>,
    /// What it says is late, is off, is asked about or left: words and pieces.
    pub about: Vec<(String, i64)>,
}

/// A customer, and the mails that came.
pub struct Shopper {
    pub customer: Customer,
    pub mails: Vec<Sent>,
    pub told: Vec<Told>,
    /// Promises that were looked at when their day was over.
    pub judged: usize,
    pub checked: Vec<bool>,
}

static DAY: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"[A-Z][a-z]+day, ([A-Z][a-z]+ \d{1,2}, \d{4})").unwrap());
static ITEM: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^ +(\d+) x (.+?)(?: \([A-Z0-9-]+\))?$").unwrap());

fn day(text: &str) -> Option<NaiveDate> {
    let found = DAY.captures(text)?;
    NaiveDate::parse_from_str(&found[1], "%B %d, %Y").ok()
}

pub fn kind(subject: &str) -> Kind {
    let has = |words: &str| subject.contains(words);
    match () {
        () if has("Re:") => Kind::Answer,
        () if has("Please tell us") => Kind::Question,
        () if has("Thank you for your order") => Kind::Placed,
        () if has("The right tracking number") => Kind::Corrected,
        () if has("is on its way") => Kind::Shipped,
        () if has("has not left yet") => Kind::NotShipped,
        () if has("comes later") || has("is delayed") || has("now expected by") => Kind::Delayed,
        () if has("is late") => Kind::Overdue,
        () if has("is cancelled") => Kind::Cancelled,
        () if has("will not come") => Kind::TakenOff,
        () => Kind::Other,
    }
}

/// Takes a mail apart.
fn told(mail: &Sent, lines: &[(String, String, i64)]) -> Told {
    let kind = kind(&mail.subject);
    let mut told = Told {
        at: mail.at,
        kind,
        promises: Vec::new(),
        about: Vec::new(),
    };
    // `None`: what the mail is about; else what else is still to come
    let (mut still, mut current) = (false, None);
    for line in mail.text.lines() {
        let dated = line.trim_start().starts_with("By ") || line.starts_with("Expected by ");
        if dated {
            current = day(line);
        } else if line.contains("Day not yet known") {
            current = None;
        } else if !line.starts_with(' ') && !line.is_empty() {
            current = None;
            still = [
                "Still to come",
                "What else is still",
                "What is not late",
                "What is still to come",
                "What you ordered",
                "You read of this before",
                "This was to be cancelled",
            ]
            .iter()
            .any(|words| line.starts_with(words));
        }
        let Some(item) = ITEM.captures(line) else {
            continue;
        };
        let (qty, name) = (item[1].parse::<i64>().unwrap(), item[2].to_owned());
        if let Some(day) = current {
            told.promises.push((name.clone(), qty, day));
        }
        if !still {
            told.about.push((name, qty));
        }
    }
    if kind == Kind::Placed {
        told.about.clear();
        let flat = mail.text.split_whitespace().collect::<Vec<_>>().join(" ");
        if told.promises.is_empty()
            && let Some(by) = flat.split(" to reach you by ").nth(1).and_then(day)
        {
            told.promises = lines
                .iter()
                .map(|(_, name, qty)| (name.clone(), *qty, by))
                .collect();
        }
    }
    told
}

impl Shopper {
    pub fn new(customer: Customer) -> Shopper {
        Shopper {
            customer,
            mails: Vec::new(),
            told: Vec::new(),
            judged: 0,
            checked: Vec::new(),
        }
    }

    /// Reads a mail; an answer if it asks something and this customer is one who answers: after how
    /// many hours, and what.
    pub fn reads(&mut self, mail: Sent, chance: usize) -> Option<(i64, String)> {
        let told = told(&mail, &self.customer.lines);
        let asked = told.kind == Kind::Question;
        let words: Vec<&str> = ["WAIT", "TAKE IT OFF", "CANCEL"]
            .into_iter()
            .filter(|word| mail.text.contains(&format!("  {word}: ")))
            .collect();
        self.told.push(told);
        self.mails.push(mail);
        // one in five never answers
        (asked && !chance.is_multiple_of(5) && !words.is_empty()).then(|| {
            let word = words[chance / 5 % words.len()];
            (2 + (chance % 60) as i64, word.to_owned())
        })
    }

    /// Pieces of an article of which the customer read that they left, in mails up to a moment.
    pub fn left(&self, name: &str, until: DateTime<Utc>) -> i64 {
        let mut sum = 0;
        for told in self.told.iter().filter(|told| told.at <= until) {
            let pieces = told
                .about
                .iter()
                .filter(|(known, _)| known == name)
                .map(|(_, qty)| qty);
            match told.kind {
                Kind::Shipped => sum += pieces.sum::<i64>(),
                Kind::NotShipped => sum -= pieces.sum::<i64>(),
                _ => {}
            }
        }
        sum
    }

    /// A mail of this customer, as an answer to the last one that came.
    pub fn writes(&self, words: &str, number: usize) -> Letter {
        let last = self
            .mails
            .iter()
            .rev()
            .find(|mail| kind(&mail.subject) != Kind::Answer);
        let question = self
            .mails
            .iter()
            .rev()
            .find(|mail| kind(&mail.subject) == Kind::Question);
        let of = match words.chars().all(|c| c.is_ascii_uppercase() || c == ' ') {
            true => question.or(last),
            false => last,
        };
        let quoted = of.map(|mail| {
            let lines = mail.text.lines().take(12).map(|line| format!("> {line}\n"));
            format!(
                "\n\nOn {} Example Shop wrote:\n{}",
                days::text(mail.at),
                lines.collect::<String>()
            )
        });
        Letter {
            id: format!("c{number}.{}@mail.example", self.customer.number),
            from: self.customer.email.clone(),
            to: of.map_or("orders@shop.example".to_owned(), |mail| mail.reply.clone()),
            subject: of.map_or(format!("My order {}", self.customer.number), |mail| {
                format!("Re: {}", mail.subject)
            }),
            text: format!("{words}{}", quoted.unwrap_or_default()),
            ..Letter::default()
        }
    }
}

/// When a customer writes unasked, and what.
pub fn wish(wish: Wish) -> Option<(i64, &'static str)> {
    match wish {
        Wish::Nothing => None,
        Wish::Cancel(hours) => Some((hours, "Please cancel my order, I have found it elsewhere.")),
        Wish::Where(days) => Some((days * 24, "Where is my order? Nothing has come yet.")),
        Wish::Moved(days) => Some((
            days * 24,
            "I have moved: please send it to 12 Elm Street instead.",
        )),
    }
}

/// The month counts by this: goods that could not be stopped stand twice in the mail, and left once.
#[test]
fn what_came_too_late_to_be_stopped_left_once() {
    let text = "this left for you from your order W1 of Monday, November 3, 2025.\n\n\
                Expected by Friday, November 7, 2025 (estimate)\nLeft on Tuesday, November 4, 2025\n  \
                2 x Brass Lamp 3 (AB01-00003)\n  UPS 1Z5R89390357567127\n\n\
                This was to be cancelled, and came too late to be stopped:\n  2 x Brass Lamp 3 (AB01-00003)\n\
                If you do not want to keep it, answer this mail before you send anything\nback.\n\n\
                Still to come\n  By Friday, November 7, 2025\n    1 x Brass Lamp 3\n";
    let mail = Sent {
        at: DateTime::UNIX_EPOCH,
        id: String::new(),
        to: String::new(),
        reply: String::new(),
        subject: "A part of your order W1 is on its way".to_owned(),
        text: text.to_owned(),
        csv: None,
    };
    let told = told(&mail, &[]);
    assert_eq!(told.about, [("Brass Lamp 3".to_owned(), 2)]);
}
