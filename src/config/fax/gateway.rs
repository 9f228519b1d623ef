//! `[delivery.fax]` with `kind = "gateway"`: faxes by mail, and what comes back by mail.

use super::super::delivery::is_host;
use super::super::reader::Section;
use crate::domain::fax_pattern::{NUMBER_WORDS, fault};
use regex::{Regex, RegexBuilder};

/// A gateway from mail to fax.
#[derive(Clone)]
pub struct GatewayConfig {
    /// Pattern of the address.
    pub address: String,
    /// Pattern of the subject.
    pub subject: String,
    /// The body.
    pub text: String,
    /// Name of the attachment.
    pub attachment: String,
    /// Type of the attachment.
    pub attachment_type: String,
    /// The address that the gateway knows us by; `site.email` unless set.
    pub from: Option<String>,
    /// Domains whose signature (DKIM), seen by our own mail server, makes a mail the gateway's.
    pub reports_from: Vec<String>,
    /// What the gateway's reports say of a fax that arrived.
    pub report_success: Vec<Regex>,
    /// What they say of one that did not.
    pub report_failure: Vec<Regex>,
}

/// Reads what a gateway needs.
pub fn gateway(section: &Section<'_>) -> GatewayConfig {
    let address = section.required("address", "a pattern such as {number}@fax.example");
    if let Some(why) = fault(&address, NUMBER_WORDS, true).filter(|_| !address.is_empty()) {
        section.fault("address", why);
    } else if !address.is_empty() && !address.contains('@') {
        section.fault(
            "address",
            "must have the gateway's domain in it, after an @",
        );
    }
    let subject = section
        .text("subject")
        .unwrap_or_else(|| "{subject}".to_owned());
    let words: Vec<&str> = NUMBER_WORDS.iter().copied().chain(["subject"]).collect();
    if let Some(why) = fault(&subject, &words, false) {
        section.fault("subject", why);
    }
    let attachment = section
        .text("attachment")
        .unwrap_or_else(|| "purchase-order.pdf".to_owned());
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if attachment.is_empty() || !attachment.chars().all(plain) {
        section.fault(
            "attachment",
            "must be a file name of letters, digits, dots and dashes",
        );
    }
    let from = section.text("from");
    let valid = |address: &String| email_address::EmailAddress::is_valid(address);
    if from.as_ref().is_some_and(|from| !valid(from)) {
        section.fault("from", "must be a plain e-mail address");
    }
    GatewayConfig {
        address,
        subject,
        text: section
            .long_text("text")
            .unwrap_or_else(|| "A purchase order is attached.".to_owned()),
        attachment,
        attachment_type: section
            .text("attachment_type")
            .unwrap_or_else(|| "application/pdf".to_owned()),
        from,
        reports_from: domains(section),
        report_success: patterns(section, "report_success"),
        report_failure: patterns(section, "report_failure"),
    }
}

fn domains(section: &Section<'_>) -> Vec<String> {
    let domains = section.texts("reports_from");
    let domain = |text: &String| {
        text.contains('.') && is_host(text) && text.parse::<std::net::IpAddr>().is_err()
    };
    if !domains.iter().all(domain) {
        section.fault("reports_from", "must be domains, such as \"fax.example\"");
    }
    domains
}

/// Regular expressions, found anywhere in a line of a report's subject or text, in any case.
fn patterns(section: &Section<'_>, key: &str) -> Vec<Regex> {
    let texts = section.texts(key);
    let compile = |text: &String| {
        let built = RegexBuilder::new(text)
            .case_insensitive(true)
            .size_limit(1 << 20)
            .build();
        // one that fits an empty line fits every report
        built.ok().filter(|pattern| !pattern.is_match(""))
    };
    let patterns: Vec<Regex> = texts.iter().filter_map(compile).collect();
    if patterns.len() < texts.len() {
        section.fault(
            key,
            "must be regular expressions that fit what the gateway writes, and not the empty line",
        );
    }
    patterns
}
