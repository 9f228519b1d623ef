//! What HylaFAX's programs print, and what it means.

use super::SERVICE;
use super::program::ProgramEnded;
use crate::delivery::channel::{DeliveryOutcome, Job, one_line};
use crate::delivery::fax::{FaxAnswer, Worth};
use crate::ledger::fax::FaxNews;

/// One line of `faxstat`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FaxstatLine {
    pub job: String,
    pub state: char,
    pub pages: Option<i64>,
    pub calls: Option<i64>,
    pub tag: String,
    pub status: String,
}

/// A line that our columns made; its head and everything else is none.
pub(super) fn listed(line: &str) -> Option<FaxstatLine> {
    let mut cells = line.trim_end().strip_prefix("poms|")?.splitn(6, '|');
    let job = cells.next()?.trim();
    job.parse::<u64>().ok()?;
    let state = cells.next()?.trim().chars().next()?;
    let mut number = || cells.next().map(|cell| cell.trim().parse::<i64>().ok());
    let (pages, calls) = (number()?, number()?);
    Some(FaxstatLine {
        job: job.to_owned(),
        state,
        pages,
        calls,
        tag: cells.next()?.trim().to_owned(),
        status: one_line(cells.next()?),
    })
}

/// What `sendfax` did. Only a job's number proves that the server has it, and only a server that
/// was not reached or said no proves that it has not.
pub(super) fn submitted(ended: &ProgramEnded, number: String) -> DeliveryOutcome {
    let id = ended.stdout.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("request id is ")?;
        let id = rest.split_whitespace().next()?;
        id.parse::<u64>().ok().map(|id| id.to_string())
    });
    if let Some(id) = id {
        return DeliveryOutcome::handed_over(
            format!("HylaFAX took it as job {id}"),
            Job {
                service: SERVICE,
                id,
                number,
                tells: true,
            },
        );
    }
    let said = one_line(&ended.stderr);
    let refusal = ended.stderr.lines().find_map(|line| {
        let code = line.trim().get(..3)?.parse::<u16>().ok()?;
        (400..600).contains(&code).then_some(code)
    });
    match refusal {
        _ if ended.too_slow => {}
        _ if said.contains("Can not reach") || said.contains("nknown host") => {
            return DeliveryOutcome::unreachable(format!("HylaFAX cannot be reached: {said}"));
        }
        Some(530 | 550) => {
            return DeliveryOutcome::unreachable(format!(
                "HylaFAX does not let us in: {said}; see hosts.hfaxd and delivery.fax.user"
            ));
        }
        Some(400..=499) => return DeliveryOutcome::deferred(format!("HylaFAX says {said}")),
        Some(_) => return DeliveryOutcome::refused(format!("HylaFAX says {said}")),
        None => {}
    }
    DeliveryOutcome::unknown(format!(
        "sendfax ended without the job's number ({said}); the next run looks for it by its tag"
    ))
}

pub(super) fn lost() -> FaxAnswer {
    FaxAnswer {
        news: FaxNews {
            state: "lost",
            status: "gone".to_owned(),
            detail: "HylaFAX no longer lists this job (faxqclean removes jobs that are done)"
                .to_owned(),
            ..FaxNews::default()
        },
        worth: Worth::GiveUp,
    }
}

pub(super) fn answer(listed: FaxstatLine) -> FaxAnswer {
    let state = match listed.state {
        'D' => "delivered",
        'F' => "failed",
        // suspended, pending, sleeping, blocked, waiting for a modem, running
        _ => "waiting",
    };
    let detail = match (state, listed.status.is_empty()) {
        ("delivered", _) => "HylaFAX sent it".to_owned(),
        (_, true) => format!("HylaFAX has it in state {}", listed.state),
        (_, false) => listed.status.clone(),
    };
    FaxAnswer {
        worth: worth(&listed.status),
        news: FaxNews {
            state,
            status: listed.state.to_string(),
            error: (state == "failed").then(|| listed.status.clone()),
            detail,
            pages: listed.pages,
            seconds: None,
            attempts: listed.calls,
        },
    }
}

/// HylaFAX repeats calls by itself; what ends there for lack of a line may get through later.
fn worth(status: &str) -> Worth {
    let hopeless = [
        "rejected",
        "aborted by request",
        "nable to convert",
        "onversion",
        "nvalid",
        "no document",
        "lacklist",
    ];
    match hopeless.iter().any(|words| status.contains(words)) {
        true => Worth::GiveUp,
        false => Worth::Retry,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ended(stdout: &str, stderr: &str, fine: bool) -> ProgramEnded {
        ProgramEnded {
            fine,
            too_slow: false,
            stdout: stdout.to_owned(),
            stderr: stderr.to_owned(),
        }
    }

    #[test]
    fn only_a_jobs_number_is_a_fax_that_was_taken() {
        let took = "request id is 17 (group id 17) for host 127.0.0.1 (1 file)\n";
        for (stdout, stderr, word) in [
            (took, "", "handed over"),
            (
                "",
                "Can not reach service 4559 at host \"x\".\n",
                "deferred (server unreachable)",
            ),
            ("", "460 Failed to submit job 5: no FIFO.\n", "deferred"),
            ("", "501 bad number\n", "refused"),
            ("", "530 Access denied\n", "deferred (server unreachable)"),
            ("", "Connection timed out\n", "unknown"),
            ("", "", "unknown"),
            ("request id is x", "", "unknown"),
        ] {
            let outcome = submitted(&ended(stdout, stderr, stderr.is_empty()), String::new());
            assert_eq!(outcome.word(), word, "{stdout}{stderr}");
        }
    }

    #[test]
    fn a_line_of_faxstat_is_read_and_its_head_is_not() {
        assert_eq!(listed("poms|JID|State|Pages|TotDials|JobTag|Status"), None);
        let line = listed("poms|12|F|0|3|ab@fax|Busy signal detected; too | many");
        let line = line.unwrap();
        assert_eq!(
            (line.job.as_str(), line.state, line.calls),
            ("12", 'F', Some(3))
        );
        assert_eq!(line.status, "Busy signal detected; too | many");
        let told = answer(line);
        assert_eq!((told.news.state, told.worth), ("failed", Worth::Retry));
        assert_eq!(worth("Job aborted by request"), Worth::GiveUp);
    }

    proptest! {
        #[test]
        fn no_output_makes_a_panic(text in "(poms\\||[|a-zA-Z0-9 \u{e9}]){0,40}", other in any::<String>()) {
            for text in [text, other] {
                let _ = listed(&text).map(answer);
                let _ = submitted(&ended(&text, &text, true), String::new());
            }
        }
    }
}
