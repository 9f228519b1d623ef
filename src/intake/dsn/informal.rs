//! Reports of no standard form: what mail systems write in words.

use super::{Action, DeliveryReport, answered, copied, or_anywhere, returned};
use crate::domain::text::one_line;
use crate::intake::auto_submitted::Machine;
use crate::intake::head::{self, HeaderField};
use mail_parser::Message;

/// Words with which mail systems begin a report of their own form, in small letters; each together
/// with the sign of a machine is one. The first that is found counts.
const WORDS: [(&str, Action); 41] = [
    ("you do not need to resend", Action::Delayed),
    ("this is a warning message only", Action::Delayed),
    ("this is a warning only", Action::Delayed),
    ("delivery attempts will continue", Action::Delayed),
    ("this is the qmail-send program at", Action::Failed),
    (
        "i'm afraid i wasn't able to deliver your message",
        Action::Failed,
    ),
    (
        "a message that you sent could not be delivered to",
        Action::Failed,
    ),
    (
        "a message that you sent has not yet been delivered",
        Action::Delayed,
    ),
    (
        "i'm sorry to have to inform you that your message could not be delivered",
        Action::Failed,
    ),
    ("had permanent fatal errors", Action::Failed),
    ("had transient non-fatal errors", Action::Delayed),
    ("had permanent delivery errors", Action::Failed),
    ("did not reach the following recipient", Action::Failed),
    (
        "did not reach some or all of the intended recipients",
        Action::Failed,
    ),
    ("delivery has failed to these recipients", Action::Failed),
    ("delivery is delayed to these recipients", Action::Delayed),
    (
        "unable to deliver message to the following address",
        Action::Failed,
    ),
    (
        "your message cannot be delivered to the following",
        Action::Failed,
    ),
    (
        "sorry, we were unable to deliver your message",
        Action::Failed,
    ),
    (
        "delivery to the following recipient failed permanently",
        Action::Failed,
    ),
    (
        "delivery to the following recipients failed",
        Action::Failed,
    ),
    (
        "delivery to the following recipient has been delayed",
        Action::Delayed,
    ),
    ("delivery incomplete", Action::Delayed),
    (
        "an error occurred while trying to deliver the mail to the following recipients",
        Action::Failed,
    ),
    ("the following addresses were not delivered", Action::Failed),
    ("undeliverable to the following", Action::Failed),
    ("user mailbox exceeds allowed size", Action::Failed),
    ("permanent failure in delivering", Action::Failed),
    ("not able to deliver your message", Action::Failed),
    ("unable to deliver message to", Action::Failed),
    ("had delivery errors", Action::Failed),
    ("had fatal errors", Action::Failed),
    ("there was an error delivering your mail", Action::Failed),
    ("rejected by a remote mail server", Action::Failed),
    ("returned permanent errors", Action::Failed),
    // telephones: Verizon, au
    ("could not be delivered to mobile", Action::Failed),
    ("the user(s) account is disabled", Action::Failed),
    ("as their mailbox is full", Action::Failed),
    // m-FILTER, InterScan
    ("-------server message", Action::Failed),
    ("メッセージを配信できません", Action::Failed),
    ("メール配信に失敗しました", Action::Failed),
];

/// Words that others write too, about parcels for instance: they count from a mail system, or beside
/// our mail.
const LOOSE: [(&str, Action); 25] = [
    ("no action is required on your part", Action::Delayed),
    ("has not yet been delivered", Action::Delayed),
    ("we will keep trying", Action::Delayed),
    ("has been delayed", Action::Delayed),
    ("couldn't be delivered", Action::Failed),
    ("was not delivered to", Action::Failed),
    ("failed to deliver to", Action::Failed),
    ("could not be delivered to", Action::Failed),
    ("unable to deliver your message", Action::Failed),
    ("message delivery to", Action::Failed),
    ("could not be delivered", Action::Failed),
    ("can not be delivered", Action::Failed),
    ("cannot be delivered", Action::Failed),
    ("this has been a permanent failure", Action::Failed),
    ("did not receive this message", Action::Failed),
    ("could not deliver", Action::Failed),
    ("konnte nicht zugestellt werden", Action::Failed),
    ("konnte nicht ausgeliefert werden", Action::Failed),
    ("n'a pas pu être remis", Action::Failed),
    ("no pudo ser entregado", Action::Failed),
    ("no such user", Action::Failed),
    ("user unknown", Action::Failed),
    ("mailbox is full", Action::Failed),
    ("mailbox full", Action::Failed),
    ("does not exist", Action::Failed),
];
/// The longest text in which they are looked for, in characters.
const LOOKED_AT: usize = 4000;

/// Subjects under which mail systems report, in small letters; the first that is found counts.
const SUBJECTS: [(&str, Action); 47] = [
    ("(delay)", Action::Delayed),
    ("delayed", Action::Delayed),
    ("delivery delay", Action::Delayed),
    ("still being retried", Action::Delayed),
    ("notification: warning", Action::Delayed),
    ("delivery warning", Action::Delayed),
    ("could not send m", Action::Delayed),
    ("not yet been delivered", Action::Delayed),
    ("returned mail", Action::Failed),
    ("returned to sender", Action::Failed),
    ("returning to sender", Action::Failed),
    ("returning message to sender", Action::Failed),
    ("undeliver", Action::Failed),
    ("undelivrable", Action::Failed),
    ("non-deliver", Action::Failed),
    ("nondeliver", Action::Failed),
    ("not delivered", Action::Failed),
    ("not deliverable", Action::Failed),
    ("could not be delivered", Action::Failed),
    ("cannot be delivered", Action::Failed),
    ("couldn't be delivered", Action::Failed),
    ("delivery failure", Action::Failed),
    ("delivery failed", Action::Failed),
    ("delivery has failed", Action::Failed),
    ("delivery error", Action::Failed),
    ("delivery problem", Action::Failed),
    ("during delivery", Action::Failed),
    ("(failure)", Action::Failed),
    ("notification: error", Action::Failed),
    ("failure notice", Action::Failed),
    ("mail failure", Action::Failed),
    ("failed mail", Action::Failed),
    ("mail system error", Action::Failed),
    ("error sending your mail", Action::Failed),
    ("unzustellbar", Action::Failed),
    ("nicht zugestellt", Action::Failed),
    ("non remis", Action::Failed),
    ("no se puede entregar", Action::Failed),
    ("no entregado", Action::Failed),
    ("non recapitabile", Action::Failed),
    ("mancato recapito", Action::Failed),
    ("onbestelbaar", Action::Failed),
    ("não entregue", Action::Failed),
    ("niedostarcz", Action::Failed),
    ("не доставлен", Action::Failed),
    ("配信できません", Action::Failed),
    ("配信に失敗", Action::Failed),
];

/// A report in words; `machine` says what beside the words shows that no person wrote. From what has
/// a mail system's name, or with our mail beside them, looser words and the usual subjects count as
/// well, and from a mail system a server's refusal.
pub fn in_words(
    mail: &Message<'_>,
    outer: &[HeaderField],
    text: &str,
    machine: Machine,
    enveloped: bool,
) -> Option<DeliveryReport> {
    if machine == Machine::No {
        return None;
    }
    let own: Vec<&str> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('>'))
        .collect();
    let begin: String = own
        .iter()
        .flat_map(|line| [line.trim(), " "])
        .collect::<String>()
        .chars()
        .take(LOOKED_AT)
        .collect();
    let subject = simple(mail.subject().unwrap_or_default());
    let mut given_back = returned(mail);
    given_back.extend(copied(text));
    let text_of_it = simple(&begin);
    let sure = machine == Machine::System || !given_back.is_empty();
    let failed = head::first(outer, "x-failed-recipients").unwrap_or_default();
    let refused = || {
        let answer = own
            .iter()
            .take(200)
            .any(|line| answer_code(line.trim()) == Some('5'));
        (machine == Machine::System && (answer || !failed.is_empty())).then_some(Action::Failed)
    };
    let action = match of(&WORDS, &text_of_it) {
        Some(action) => action,
        // to an envelope of ours and from nobody: its subject is a mail system's
        None if !sure && enveloped => of(&SUBJECTS, &subject)?,
        None if !sure => return None,
        None => of(&LOOSE, &text_of_it)
            .or_else(|| of(&SUBJECTS, &subject))
            .or_else(refused)?,
    };
    let recipients = failed
        .split(',')
        .map(one_line)
        .filter(|address| !address.is_empty())
        .collect();
    given_back.extend(answered(outer));
    or_anywhere(mail, &mut given_back);
    Some(DeliveryReport {
        action,
        recipients,
        diagnostic: reason(text),
        about: given_back,
    })
}

/// Small letters, plain apostrophes, single spaces.
fn simple(text: &str) -> String {
    let small = text.to_lowercase().replace('\u{2019}', "'");
    small.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn of(table: &[(&str, Action)], text: &str) -> Option<Action> {
    let mut found = table.iter().filter(|(words, _)| text.contains(words));
    found.next().map(|(_, action)| *action)
}

/// The line with the server's answer, else the first lines.
fn reason(text: &str) -> String {
    let mut lines = text.lines().take(200).map(str::trim);
    match lines.find(|line| answer_code(line).is_some()) {
        Some(line) => one_line(line),
        None => one_line(text),
    }
}

/// The class of the SMTP answer that a line quotes: `4` or `5` (RFC 5321, 4.2.1).
fn answer_code(line: &str) -> Option<char> {
    let code = |at: usize| {
        let digits = line.get(at..at + 3).unwrap_or_default();
        digits.starts_with(['4', '5']) && digits.bytes().all(|b| b.is_ascii_digit())
    };
    let mut found = line.char_indices().filter(|(at, c)| {
        let apart = *at == 0 || !line.as_bytes()[at - 1].is_ascii_alphanumeric();
        c.is_ascii_digit()
            && apart
            && code(*at)
            && line
                .get(at + 3..)
                .is_some_and(|rest| rest.starts_with([' ', '-']))
    });
    found.next().map(|(_, class)| class)
}
