//! Mails to customers and admins: templates in, outbox rows out.

pub mod context;
pub mod dispute;
mod filters;
mod rehearsal;
pub mod returns;
mod source;
pub mod tell;
pub mod templates;

pub use context::{AdminContext, AdminItem, ChaseContext, ChaseLine, PlacedContext, PlacedLine};
pub use source::TemplateError;
pub use templates::{Rendered, Templates};
