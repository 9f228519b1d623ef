//! Mails to customers and admins: templates in, outbox rows out.
