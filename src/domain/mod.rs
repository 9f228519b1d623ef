//! PURE: the trade's nouns and their arithmetic. No I/O, no clock, no SQL.

pub mod address;
pub mod choose;
pub mod codes;
pub mod delivery;
pub mod differences;
pub mod email;
pub mod enclosure;
pub mod fax_number;
pub mod fax_pattern;
pub mod foreign;
pub mod invoice;
pub mod lifecycle;
pub mod mail_domain;
pub mod money;
pub mod order;
pub mod owed;
pub mod own_words;
pub mod promise;
pub mod question;
pub mod remit;
pub mod rma;
pub mod script;
pub mod search_word;
pub mod shares;
pub mod shipment;
pub mod spreadsheet;
pub mod step;
#[cfg(test)]
pub mod testing;
pub mod text;
pub mod token;
pub mod vendor;
pub mod words;
pub mod zones;
