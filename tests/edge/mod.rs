//! poms at its edge: what is typed and what arrives, and what a user then sees.

mod apart;
mod bombs;
mod checks;
mod clocks;
mod damage;
mod disk;
mod filing;
mod gates;
mod held_for;
mod hostile;
mod insider;
mod lost_commits;
mod modes;
mod monitoring;
mod odd_orders;
mod own_words;
mod process;
mod put_off;
mod rehearsal;
mod secrets;
mod signers;
mod specials;
mod spreadsheets;
mod stages;
mod told;
mod trouble;
mod withheld;
mod workbooks;

/// Whether every point of a sweep is to be tried (`tests/faults`).
fn full() -> bool {
    std::env::var("POMS_SWEEP").is_ok_and(|sweep| sweep == "full")
}
