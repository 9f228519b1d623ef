//! Stage 4. Delivery: the outbox, its attempts and outcomes, and the channels that carry documents.
//!
//! [`outbox`] is the stage; [`engine`] drives several [`channel`]s side by side with few commits, and
//! [`journal`] keeps how far each mail came;
//! [`smtp`], [`directory`], [`fax_sinch`], [`fax_gateway`] and [`fax_hylafax`] are channels;
//! [`mod@drop`] puts files where systems of vendors take them; [`shop`] is one that tells shops of shipments; [`fax::watch`] asks what became of faxes; [`crate::domain::backoff`] says when to try
//! again; [`envelope`] gives each mail its bounce address.

pub mod bounce;
pub mod channel;
pub mod channels;
pub mod directory;
pub mod drop;
pub mod engine;
pub mod envelope;
pub mod fax;
pub mod fax_gateway;
pub mod fax_hylafax;
pub mod fax_sinch;
pub mod hook;
pub mod journal;
pub mod outbox;
pub mod shop;
pub mod smtp;
