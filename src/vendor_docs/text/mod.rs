//! What advices and replies have in common: bytes to text, HTML to text, quotes, dates, titles.

pub mod alternatives;
mod contact;
pub mod dates;
pub mod decode;
mod hidden;
pub mod html;
pub mod quote;
mod signers;
pub mod titles;
