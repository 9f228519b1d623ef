//! Customers.

use super::Random;
use super::words::{CITY_ENDS, DOMAINS, FIRST, LAST, STATES, STREET_ENDS};
use serde_json::{Value, json};

/// Name and e-mail address.
pub fn person(random: &mut Random, number: usize) -> (String, String) {
    let (first, last) = (random.one(&FIRST), random.one(&LAST));
    let name = match random.below(20) {
        0 => format!("Dr. {first} {last}"),
        1 => format!("{first} {last} DDS"),
        2 => format!("{first} {last}-{}", random.one(&LAST)),
        _ => format!("{first} {last}"),
    };
    let ascii: String = last.chars().filter(char::is_ascii_alphabetic).collect();
    let email = format!("{}{number}@{}", ascii.to_lowercase(), random.one(&DOMAINS));
    (name, email)
}

/// As payment services number their charges. Of plain hexadecimal digits one in some thousands has
/// the digits of a card number in a row, and would rightly be held.
pub fn reference(random: &mut Random) -> String {
    let four = |random: &mut Random| {
        format!(
            "{:03}{}",
            random.below(1000),
            random.one(&["k", "Q", "x", "T"])
        )
    };
    let parts: Vec<String> = (0..4).map(|_| four(random)).collect();
    format!("ch_{}", parts.concat())
}

/// In the spellings that shops let through.
pub fn phone(random: &mut Random) -> String {
    let area = random.one(&[
        "859", "573", "312", "201", "612", "617", "714", "512", "404", "206",
    ]);
    let (office, line) = (200 + random.below(700), random.below(10_000));
    match random.below(5) {
        0 => format!("({area}){office}-{line:04}"),
        1 => format!("+1-{area}-{office}-{line:04}"),
        2 => format!("{area}.{office}.{line:04}"),
        3 => format!("{area}-{office}-{line:04}x{}", 10 + random.below(990)),
        _ => format!("{area}-{office}-{line:04}"),
    }
}

/// A ship-to address whose ZIP is of its state.
pub fn address(random: &mut Random, name: &str) -> Value {
    let street = format!(
        "{} {} {}{}",
        100 + random.below(99_000),
        random.one(&LAST),
        random.one(&STREET_ENDS),
        match random.below(4) {
            0 => format!(" Apt. {}", 100 + random.below(900)),
            1 => format!(" Suite {}", 100 + random.below(900)),
            _ => String::new(),
        }
    );
    let city = match random.below(3) {
        0 => format!(
            "{} {}",
            random.one(&["North", "South", "East", "West", "New", "Lake", "Port"]),
            random.one(&FIRST)
        ),
        _ => format!("{}{}", random.one(&LAST), random.one(&CITY_ENDS)),
    };
    let (state, low, high) = STATES[random.below(STATES.len())];
    let prefix = low + random.below((high - low + 1) as usize) as u16;
    let zip = format!("{prefix:03}{:02}", random.below(100));
    let zip = match random.below(10) {
        0 => format!("{zip}-{:04}", random.below(10_000)),
        _ => zip,
    };
    json!({"name": name, "street1": street, "street2": "", "city": city, "state": state, "zip": zip, "country": "US"})
}
