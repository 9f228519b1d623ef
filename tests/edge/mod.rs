//! poms at its edge: what is typed and what arrives, and what a user then sees.

mod clocks;
mod filing;
mod hostile;
mod monitoring;
mod process;
mod secrets;
mod trouble;
