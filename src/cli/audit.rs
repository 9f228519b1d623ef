//! `poms audit`, `poms verify`: the trail, and the proof that ledger, chain and sums hold.

use super::args::{Audit, Verify};
use super::{Context, exit};
use crate::invoicing::proof;
use crate::ledger::LedgerError;
use crate::reports::layout::{View, count, table};
use crate::reports::plain_words;
use crate::reports::trail::{self, Trail};
use serde_json::json;

/// Runs the command.
pub fn run(context: &Context, command: &Audit) -> anyhow::Result<u8> {
    let Audit::Show { entity, limit } = command;
    let (config, ledger) = context.look()?;
    let view = context.view(&config)?;
    let trail = ledger.snapshot(|tx| trail::find(tx, &entity.join(" "), *limit))?;
    context.out.answer(
        || json!({"about": trail.about, "entries": trail.entries, "earlier": trail.earlier}),
        || text(&trail, &view),
    );
    Ok(exit::DONE)
}

fn text(trail: &Trail, view: &View) -> String {
    let cells: Vec<Vec<String>> = trail
        .entries
        .iter()
        .map(|entry| {
            vec![
                entry.seq.to_string(),
                view.as_written(&entry.at),
                entry.actor.clone(),
                entry.entity.clone(),
                plain_words::fact(entry),
            ]
        })
        .collect();
    let earlier = match trail.earlier {
        true => "; there are earlier ones: --limit N",
        false => "",
    };
    format!(
        "{}\n{} about {}{earlier}. With every detail: --json\n",
        table(&["#", "When", "Who", "About", "What"], &cells, view.width),
        count(trail.entries.len(), "fact"),
        trail.about
    )
}

/// `poms verify`: exit 1 and a line on stderr for each thing that does not hold.
pub fn verify(context: &Context, args: &Verify) -> anyhow::Result<u8> {
    let (config, ledger) = context.examine()?;
    let mut report = ledger.verify(&config.site.anchor, &args.witness)?;
    let desk = context.match_context(&config);
    report.ask("bills", "what was billed", |report| {
        let found = ledger.snapshot(|tx| Ok(proof::billing(tx, &desk)))?;
        found
            .into_iter()
            .for_each(|fault| report.problem("bills", fault));
        Ok::<_, LedgerError>(())
    });
    let loose = report.audit_rows - report.anchored_to;
    if args.anchored && loose > 0 {
        let ends = report.anchored_to;
        report.problem(
            "anchor",
            format!(
                "{} are newer than the last anchor (fact {ends}): if nobody acts on the ledger just now, lines are missing at the end of {}; \
                 put it back from a copy, or compare the head with the X-Poms-Head of the latest mail (--witness)",
                count(usize::try_from(loose).unwrap_or(usize::MAX), "fact"),
                config.site.anchor.display()
            ),
        );
    }
    let holds = report.problems.is_empty();
    if holds || context.out.json {
        context.out.answer(
            || json!({"ok": holds, "audit_rows": report.audit_rows, "table_rows": report.table_rows, "anchors": report.anchors,
                      "anchored_to": report.anchored_to, "unanchored": loose, "witnesses": report.witnesses, "first_bad": report.first_bad, "problems": report.problems}),
            || format!(
                "Everything holds.\n\
                 \x20 schema    tables, indexes and triggers are those of this poms\n\
                 \x20 chain     {} facts, each with the hash of the one before it, every payload as it was written\n\
                 \x20 tables    {} rows, each as poms last sealed it; none added, changed or removed\n\
                 \x20 sums      orders, lines, purchase orders, deliveries, messages and exceptions agree\n\
                 \x20 anchors   {} outside the ledger agree, the last at fact {}; {}\n{}",
                report.audit_rows,
                report.table_rows,
                report.anchors,
                report.anchored_to,
                match loose {
                    0 => "nothing is newer".to_owned(),
                    n => format!("{n} facts are newer: the next command that acts anchors them"),
                },
                match report.witnesses {
                    0 => String::new(),
                    n => format!("  witnesses {n} heads out of mails agree\n"),
                }
            ),
        );
    }
    for problem in &report.problems {
        context.out.error(problem);
    }
    Ok(if holds { exit::DONE } else { exit::FAILED })
}
