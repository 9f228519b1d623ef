//! What people look at: gathered from the ledger, as values, as JSON, and as text for a screen.

mod books_words;
pub mod exception_case;
pub mod exceptions;
pub mod invoice_sheet;
pub mod invoices;
pub mod layout;
pub mod money;
pub mod order_story;
pub mod orders_found;
pub mod parcels;
pub mod plain_words;
pub mod po_sheet;
pub mod returns;
pub mod shop;
pub mod status;
pub mod status_sources;
pub mod supply;
pub mod trail;
pub mod vendor_mail;
