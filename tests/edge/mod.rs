//! poms at its edge: what is typed and what arrives, and what a user then sees.

mod hostile;
mod process;
mod rehearsal;
mod secrets;
mod trouble;
