//! What advices and replies have in common: bytes to text, HTML to text, quotes, dates, titles.

pub mod alternatives;
pub mod contact;
pub mod dates;
pub mod decode;
mod hidden;
pub mod html;
pub mod quote;
pub mod signers;
pub mod titles;
