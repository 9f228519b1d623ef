//! `poms recover`: a ledger is accepted as it is, although its anchors say otherwise; or a clock.

use super::args::Note;
use super::output::Usage;
use super::{Context, exit};
use crate::desk::reason;
use crate::ledger::anchor;
use crate::ledger::recovery::Recovery;
use crate::run;
use anyhow::Context as _;
use std::path::{Path, PathBuf};

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
    let mut recovery = ledger.recovery(&anchor::read(anchors)?)?;
    let earlier = recovery.old_anchors.take();
    let earlier = earlier.filter(|kept| Path::new(kept).exists());
    let aside = anchors
        .exists()
        .then(|| aside(anchors, &now.format("%Y%m%dT%H%M%S").to_string()));
    let named = aside.as_ref().map(|aside| aside.display().to_string());
    let kept: Vec<String> = earlier.into_iter().chain(named).collect();
    recovery.old_anchors = kept.first().cloned();
    ledger.write(now, |tx| tx.recovered(why, &recovery))?;
    if let Some(aside) = aside.as_ref().filter(|_| !context.args.dry_run) {
        std::fs::rename(anchors, aside)
            .with_context(|| format!("cannot set {} aside", anchors.display()))?;
    }
    ledger.anchor_anew(anchors, now)?;
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
         server's log: take it out of the outbox (poms outbox list --all, poms outbox drop ID --note WHY)",
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

/// A name that is free, beside the anchors.
fn aside(anchors: &Path, when: &str) -> PathBuf {
    let first = anchors.with_extension(format!("before-{when}"));
    let more = (2..).map(|n: u32| anchors.with_extension(format!("before-{when}-{n}")));
    std::iter::once(first.clone())
        .chain(more)
        .find(|name| !name.exists())
        .unwrap_or(first)
}
