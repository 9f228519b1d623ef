//! `poms recover`: a ledger is accepted as it is, although its anchors say otherwise; or a clock.

use super::args::Note;
use super::output::Usage;
use super::{Context, exit};
use crate::desk::reason;
use crate::ledger::recovery::Recovery;
use crate::run;

/// Accepts a restored ledger: the anchors begin anew from its head. Or a clock. The fact is written
/// first: whoever is interrupted types the same again, and what the old anchors knew is in the trail.
pub fn recover(context: &Context, args: &Note) -> anyhow::Result<u8> {
    let config = context.config()?;
    let now = context.clock()?.now();
    let why = reason(&args.note)?;
    let mut ledger = context.open_ledger(&config)?;
    let anchors = &config.site.anchor;
    let agrees = ledger.check_anchor(anchors).is_ok();
    if agrees && run::time::check(&ledger, now, config.limits.longest_pause).is_err() {
        ledger.write(now, |tx| tx.accept_clock(why))?;
        ledger.anchor(anchors, now)?;
        let said = "The clock is taken for right as it is now: runs go on.";
        context.out.said(&[said.to_owned()]);
        return Ok(exit::DONE);
    }
    if agrees {
        let said = "the ledger agrees with its last anchor: there is nothing to recover from";
        return Err(Usage(said.to_owned()).into());
    }
    let (recovery, kept) = ledger.accept(anchors, now, why)?;
    context.out.said(&told(&recovery, &kept));
    Ok(exit::DONE)
}

fn told(recovery: &Recovery, kept: &[String]) -> Vec<String> {
    let mut said = vec![format!(
        "The ledger is accepted as it is, with {}; {}.",
        facts(recovery.ended_at),
        match kept {
            [] => "there were no anchors to keep".to_owned(),
            kept => format!("the old anchors are kept in {}", kept.join(" and ")),
        }
    )];
    if recovery.missing() > 0 {
        said.push(lost(recovery));
    }
    said
}

/// What is not in a ledger that is older than its anchors, and what to do about it.
fn lost(recovery: &Recovery) -> String {
    let since = match recovery.ended.as_str() {
        "" => "the beginning",
        at => at,
    };
    format!(
        "{} after {since} {} not in it. Mails that were taken in since lie in the mailbox's folder Processed (or Quarantine): \
         move back into the inbox those whose purchase orders did not leave, and poms takes them as new. What left since is in the mail \
         server's log: take it out of the outbox (poms outbox list --all, poms outbox drop ID --note WHY). What the ledger has and had not \
         placed then may have left as well: put the stop switch on before the next run (poms stop on --note WHY), and take back (poms \
         order cancel) whose purchase orders left",
        match recovery.missing() {
            1 => "The fact".to_owned(),
            n => format!("The {n} facts"),
        },
        if recovery.missing() == 1 { "is" } else { "are" }
    )
}

fn facts(number: i64) -> String {
    match number {
        1 => "1 fact".to_owned(),
        n => format!("{n} facts"),
    }
}
