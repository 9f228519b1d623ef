//! Mails to customers, vendors and admins: templates in, outbox rows out.

pub mod admin_mail;
mod built_in;
pub mod cancellation;
pub mod chase;
pub mod context;
pub mod customer;
pub mod dispute;
mod filters;
pub mod gather;
mod memory;
mod page;
pub mod question;
pub mod queue;
mod rehearsal;
pub mod returns;
mod source;
pub mod templates;

pub use built_in::{BUILT_IN, NoticeKind};
pub use chase::{ChaseContext, ChaseLine, ChasePo, ChasesContext};
pub use context::{AdminContext, AdminItem, PlacedContext, PlacedLine};
pub use source::TemplateError;
pub use templates::{Rendered, Templates};
