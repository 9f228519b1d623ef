//! Faxes by way of an e-mail-to-fax gateway: a mail to `number@gateway` with the PDF attached,
//! through the same channel as all mail (RFC 3191 and 3192 have the general form).
//!
//! The server's 250 says that the gateway has the mail, not that the vendor has the fax; the
//! gateway tells that by mail, to the sender.

use super::channel::{Channel, DeliveryOutcome, Job, OutgoingMessage};
use super::fax_sinch::number_of;
use crate::domain::fax_pattern as pattern;
use crate::mail::compose::{Attachment, Letter};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The service's word in the ledger.
pub const SERVICE: &str = "gateway";

/// How the gateway wants its mails.
#[derive(Clone, Debug)]
pub struct GatewaySettings {
    /// Pattern of its address: `{number}@fax.example`.
    pub address: String,
    /// Pattern of the subject: `{subject}` and the number.
    pub subject: String,
    /// What the body says; many gateways print it as a cover page.
    pub text: String,
    /// The attachment's name, with `.pdf` at its end.
    pub attachment: String,
    /// The attachment's type.
    pub attachment_type: String,
    /// The address that the gateway knows us by.
    pub sender: String,
    /// The shop's own address: no address of a single fax.
    pub site_email: String,
    /// The shop's name.
    pub name: String,
}

/// A gateway behind one mail connection.
pub struct Gateway {
    settings: Arc<GatewaySettings>,
    now: DateTime<Utc>,
    mail: Box<dyn Channel>,
    prepared: Option<(OutgoingMessage, String)>,
}

impl Gateway {
    /// Through this channel of mail; `now` dates the mails.
    pub fn new(
        settings: Arc<GatewaySettings>,
        mail: Box<dyn Channel>,
        now: DateTime<Utc>,
    ) -> Gateway {
        Gateway {
            settings,
            now,
            mail,
            prepared: None,
        }
    }

    fn mail(
        &self,
        message: &OutgoingMessage,
        number: &str,
    ) -> Result<OutgoingMessage, DeliveryOutcome> {
        let settings = &self.settings;
        let address = pattern::fill(&settings.address, number);
        let subject = pattern::fill(&settings.subject, number);
        let subject = subject.replace("{subject}", &message.subject);
        let content = Letter {
            from: (settings.name.clone(), settings.sender.clone()),
            to: vec![(String::new(), address.clone())],
            // where the gateway answers to, if it heeds that: the address names the fax
            reply_to: Some(message.from.clone()).filter(|from| {
                ![&settings.sender, &settings.site_email].contains(&from) && !from.is_empty()
            }),
            subject: subject.clone(),
            text: format!("{}\n", settings.text),
            html: None,
            attachments: vec![Attachment {
                name: settings.attachment.clone(),
                mime: settings.attachment_type.clone(),
                bytes: message.content.clone(),
            }],
            message_id: message.reference.clone(),
            date: self.now,
            auto_submitted: true,
            extra_headers: Vec::new(),
        }
        .render()
        .map_err(|fault| {
            DeliveryOutcome::refused(format!("the gateway's mail cannot be written: {fault}"))
        })?;
        Ok(OutgoingMessage {
            id: message.id,
            reference: message.reference.clone(),
            from: settings.sender.clone(),
            to: vec![address],
            subject,
            content,
        })
    }
}

impl Channel for Gateway {
    fn prepare(&mut self, message: &OutgoingMessage) -> Result<(), DeliveryOutcome> {
        self.prepared = None;
        let number = number_of(message)?;
        let mail = self.mail(message, &number)?;
        self.mail.prepare(&mail)?;
        self.prepared = Some((mail, number));
        Ok(())
    }

    fn complete(&mut self, message: &OutgoingMessage) -> DeliveryOutcome {
        let Some((mail, number)) = self
            .prepared
            .take()
            .filter(|(mail, _)| mail.id == message.id)
        else {
            return DeliveryOutcome::deferred("the fax was not prepared; nothing was sent");
        };
        match self.mail.complete(&mail) {
            DeliveryOutcome::Accepted { detail } => DeliveryOutcome::handed_over(
                format!("the gateway {} has the mail: {detail}", mail.to.join(", ")),
                Job {
                    service: SERVICE,
                    id: String::new(),
                    number,
                    tells: false,
                },
            ),
            other => other,
        }
    }

    fn abandon(&mut self) {
        self.prepared = None;
        self.mail.abandon();
    }

    fn close(&mut self) {
        self.prepared = None;
        self.mail.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::directory::DirectoryChannel;

    fn settings() -> GatewaySettings {
        GatewaySettings {
            address: "{number}@fax.example".to_owned(),
            subject: "{subject} [{national}]".to_owned(),
            text: "See the attached document.".to_owned(),
            attachment: "order.pdf".to_owned(),
            attachment_type: "application/pdf".to_owned(),
            sender: "fax@shop.example".to_owned(),
            site_email: "orders@shop.example".to_owned(),
            name: "Example Shop".to_owned(),
        }
    }

    fn message(to: &str, content: &[u8]) -> OutgoingMessage {
        OutgoingMessage {
            id: 7,
            reference: "<0a1b@fax>".to_owned(),
            from: "orders@shop.example".to_owned(),
            to: vec![to.to_owned()],
            subject: "Purchase order W1-1".to_owned(),
            content: content.to_vec(),
        }
    }

    fn gateway(root: &std::path::Path) -> Gateway {
        let mail = DirectoryChannel::open(root).unwrap();
        let now = crate::clock::parse("2025-06-02T10:00:00Z").unwrap();
        Gateway::new(Arc::new(settings()), Box::new(mail), now)
    }

    #[test]
    fn a_fax_is_a_mail_to_the_number_with_the_pdf_attached() {
        let site = tempfile::tempdir().unwrap();
        let mut gateway = gateway(site.path());
        let message = message("(207) 555-0142", b"%PDF-1.7 order");
        gateway.prepare(&message).unwrap();
        let DeliveryOutcome::HandedOver { job, .. } = gateway.complete(&message) else {
            panic!("not handed over");
        };
        assert_eq!((job.number.as_str(), job.tells), ("+12075550142", false));
        let entry = std::fs::read_dir(site.path().join("new")).unwrap().next();
        let raw = std::fs::read(entry.unwrap().unwrap().path()).unwrap();
        let mail = mail_parser::MessageParser::default().parse(&raw).unwrap();
        let to = mail.to().and_then(|to| to.first()).unwrap();
        assert_eq!(to.address(), Some("12075550142@fax.example"));
        assert_eq!(mail.subject(), Some("Purchase order W1-1 [2075550142]"));
        assert_eq!(mail.message_id(), Some("0a1b@fax"));
        let file = mail.attachment(0).unwrap();
        assert_eq!(file.contents(), b"%PDF-1.7 order");
        let envelope = String::from_utf8_lossy(&raw);
        assert!(envelope.starts_with("Return-Path: <fax@shop.example>\r\n"));
    }

    #[test]
    fn what_cannot_be_faxed_is_refused_before_any_mail() {
        let site = tempfile::tempdir().unwrap();
        let mut gateway = gateway(site.path());
        for (to, content) in [("555", &b"%PDF-1.7"[..]), ("207-555-0142", b"TIFF")] {
            let refused = gateway.prepare(&message(to, content)).unwrap_err();
            assert!(
                matches!(refused, DeliveryOutcome::Refused { .. }),
                "{refused:?}"
            );
        }
        let tmp = std::fs::read_dir(site.path().join("tmp")).unwrap();
        assert_eq!(tmp.count(), 0);
    }
}
