//! The mails' templates: poms' own, any of which a site may replace by a file of the same name.
//!
//! Data is never parsed as a template; a value that does not exist is an error, not a blank; what
//! goes into HTML is escaped.

use super::built_in::{ADMIN, BUILT_IN, DISPUTE, NoticeKind, PARTS, PO_CHASE, PO_CHASES, PO_MAIL};
use super::chase::{ChaseContext, ChasesContext};
use super::context::{self, AdminContext, PlacedContext, Tidy};
use super::dispute::DisputeContext;
use super::page::{self, MOST_STEPS, MailPage, said};
use super::source::{self, TemplateError};
use super::{cancellation, filters, memory::MemoryWatch, rehearsal};
use crate::domain::money::Money;
use crate::domain::po_document::PoDocument;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What the first line of a text template begins with.
const SUBJECT: &str = "Subject: ";

/// Markup that no text of an order may bring into a mail.
const MARKUP: &str = "<poms-markup>";

/// A mail's words.
#[derive(Clone, PartialEq, Eq)]
pub struct Rendered {
    /// One line, without control characters.
    pub subject: String,
    /// The plain text; lines end in `\n`.
    pub text: String,
    /// The same as HTML, where there is one.
    pub html: Option<String>,
}

/// All templates, compiled.
pub struct Templates {
    env: Environment<'static>,
    /// Template name to what errors call it, and its text.
    files: BTreeMap<&'static str, (String, String)>,
    /// Whether the values are made up, so that errors may repeat them.
    rehearsing: bool,
    /// The files of the site's own directory.
    own: BTreeSet<String>,
}

impl std::fmt::Debug for Templates {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Templates")
            .field("names", &self.files.keys())
            .finish_non_exhaustive()
    }
}

impl Templates {
    /// Compiles the templates, those in `dir` instead of poms' own, and tries each on made-up
    /// values, so that a wrong name shows now and not with a customer's order. An empty
    /// `customer_placed.html` means mails to customers in plain text only.
    ///
    /// # Errors
    /// When `dir` cannot be read, has a `.txt` or `.html` file of another name or one that leads out
    /// of it, or a template is wrong.
    pub fn load(dir: Option<&Path>) -> Result<Templates, TemplateError> {
        let names = BUILT_IN.map(|(name, _)| name);
        let own = match dir {
            Some(dir) => source::own_files(dir, &names)?,
            None => BTreeMap::new(),
        };
        let mut templates = Templates {
            env: environment(),
            files: BTreeMap::new(),
            rehearsing: true,
            own: own.values().map(|(file, _)| file.clone()).collect(),
        };
        for (name, built_in) in BUILT_IN {
            let (file, source) = match own.get(name) {
                Some((file, source)) => (file.clone(), source.as_str()),
                None => (format!("poms' own {name}"), built_in),
            };
            templates.files.insert(name, (file, source.to_owned()));
            templates.add(name, source)?;
        }
        let steps = page::steps(own.values().map(|(_, source)| source.as_str()));
        templates.env.set_fuel(Some(steps));
        templates.rehearse()?;
        templates.rehearsing = false;
        Ok(templates)
    }

    /// Compiles one template; a text's first line, the subject, apart from its body.
    fn add(&mut self, name: &'static str, source: &str) -> Result<(), TemplateError> {
        let source = source.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let mut body = source.clone();
        if name.ends_with(".txt") && !PARTS.contains(&name) {
            let (first, rest) = source.split_once('\n').unwrap_or((&source, ""));
            let Some(subject) = first.strip_prefix(SUBJECT) else {
                let message = format!("the first line must begin with '{SUBJECT}'");
                return Err(self.fault(name, 1, message));
            };
            // the empty line keeps the line numbers of errors right
            body = format!("\n{rest}");
            self.env
                .add_template_owned(subject_of(name), subject.trim().to_owned())
                .map_err(|fault| self.explain(name, &fault))?;
        }
        self.env
            .add_template_owned(name, body)
            .map_err(|fault| self.explain(name, &fault))
    }

    fn fault(&self, name: &str, line: usize, message: String) -> TemplateError {
        let file = self
            .files
            .get(name)
            .map_or(name, |(file, _)| file)
            .to_owned();
        TemplateError::Fault {
            file,
            line,
            message,
        }
    }

    /// A fault as minijinja found it, with the template's line, and with a value only if that is made
    /// up. One in a template that this one extends or includes is named as that one's.
    fn explain(&self, name: &str, fault: &minijinja::Error) -> TemplateError {
        let mut fault = fault;
        while let Some(cause) = std::error::Error::source(fault)
            .and_then(|cause| cause.downcast_ref::<minijinja::Error>())
        {
            fault = cause;
        }
        let within = fault
            .name()
            .filter(|within| self.files.contains_key(within));
        let name = within.unwrap_or(name);
        let line = fault.line().unwrap_or(0);
        let source = self.files.get(name).map_or("", |(_, source)| source);
        let place = line
            .checked_sub(1)
            .and_then(|line| source.lines().nth(line));
        let detail = fault.detail().filter(|_| self.rehearsing);
        let detail = detail
            .map(|detail| format!(": {detail}"))
            .unwrap_or_default();
        let shown: String = place.unwrap_or_default().trim().chars().take(80).collect();
        let shown = if shown.is_empty() {
            shown
        } else {
            format!(" in '{shown}'")
        };
        self.fault(name, line, format!("{}{detail}{shown}", said(fault.kind())))
    }

    /// Renders every template with all values given and with as few as there can be.
    fn rehearse(&self) -> Result<(), TemplateError> {
        for full in [true, false] {
            let (po, placed, admin) = rehearsal::contexts(full);
            self.purchase_order(&po, "PURCHASE ORDER", full)?;
            self.customer_placed(&placed)?;
            self.admin_exceptions(&admin)?;
            let chases = rehearsal::chases(full);
            for chase in &chases {
                self.po_chase(chase)?;
            }
            for cancellation in cancellation::made_up(full) {
                self.po_cancellation(&cancellation)?;
            }
            self.po_chases(&rehearsal::gathered(chases))?;
            let (shipped, delayed, cancelled) = rehearsal::later(full);
            self.customer(NoticeKind::Shipped, &shipped)?;
            self.customer(NoticeKind::NotShipped, &rehearsal::not_shipped(full))?;
            self.customer(NoticeKind::Delayed, &delayed)?;
            self.customer(NoticeKind::Overdue, &rehearsal::overdue(full))?;
            self.customer(NoticeKind::Cancelled, &cancelled)?;
            self.customer(NoticeKind::TakenOff, &rehearsal::taken_off(full))?;
            for question in rehearsal::questions(full) {
                self.customer(NoticeKind::Question, &question)?;
            }
            self.dispute(&rehearsal::dispute(full))?;
            for context in rehearsal::returns(full) {
                self.returned(&context)?;
                self.return_vendor(&context)?;
            }
        }
        Ok(())
    }

    /// The mail around a purchase order. `text` is its text rendering; `pdf_incomplete` says that
    /// the PDF could not show all of it.
    ///
    /// # Errors
    /// When the template does not go with the values, or the subject is empty.
    pub fn purchase_order(
        &self,
        po: &PoDocument,
        text: &str,
        pdf_incomplete: bool,
    ) -> Result<Rendered, TemplateError> {
        let mut values = json!({ "pdf_incomplete": pdf_incomplete });
        values["po"] = self.values(PO_MAIL, po, Tidy::Plain)?;
        values["text"] = Value::String(text.trim_end().to_owned());
        self.mail(PO_MAIL, None, &values)
    }

    /// The mail that asks a vendor after a purchase order.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn po_chase(&self, chase: &ChaseContext) -> Result<Rendered, TemplateError> {
        let values = self.values(PO_CHASE, chase, Tidy::Plain)?;
        self.mail(PO_CHASE, None, &values)
    }

    /// The mail that asks a vendor after several purchase orders.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn po_chases(&self, chases: &ChasesContext) -> Result<Rendered, TemplateError> {
        let values = self.values(PO_CHASES, chases, Tidy::Plain)?;
        self.mail(PO_CHASES, None, &values)
    }

    /// The mail that tells a customer that the order was passed on.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn customer_placed(&self, placed: &PlacedContext) -> Result<Rendered, TemplateError> {
        let mut placed = placed.clone();
        placed.discount = placed.discount.filter(|amount| *amount != Money::ZERO);
        self.customer(NoticeKind::Placed, &placed)
    }

    /// A mail to a customer; `context` is the one that goes with `kind`.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn customer(
        &self,
        kind: NoticeKind,
        context: &impl serde::Serialize,
    ) -> Result<Rendered, TemplateError> {
        let values = self.values(kind.text(), context, Tidy::NoLinks)?;
        self.mail(kind.text(), Some(kind.html()), &values)
    }

    /// The mail that tells admins what is new for them.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn admin_exceptions(&self, found: &AdminContext) -> Result<Rendered, TemplateError> {
        let values = self.values(ADMIN, found, Tidy::Plain)?;
        self.mail(ADMIN, None, &values)
    }

    /// The mail that tells a vendor that a bill is wrong.
    ///
    /// # Errors
    /// As [`Templates::purchase_order`].
    pub fn dispute(&self, bill: &DisputeContext) -> Result<Rendered, TemplateError> {
        let values = self.values(DISPUTE, bill, Tidy::Plain)?;
        self.mail(DISPUTE, None, &values)
    }

    /// Values of which every text holds markup while templates are tried: HTML in which it comes out as
    /// it went in is refused.
    fn must_escape(&self, name: &str, values: &Value) -> Result<(), TemplateError> {
        if !self.rehearsing {
            return Ok(());
        }
        let mut marked = values.clone();
        context::mark(&mut marked, "", MARKUP);
        let marked = minijinja::Value::from(Serde(&marked));
        match self.render(name, name, &marked)?.contains(MARKUP) {
            true => {
                let message = "lets markup out of an order into the mail: no `autoescape`, and \
                               nothing of a .txt in it";
                Err(self.fault(name, 0, message.to_owned()))
            }
            false => Ok(()),
        }
    }

    pub(super) fn values(
        &self,
        name: &str,
        context: &impl serde::Serialize,
        how: Tidy,
    ) -> Result<Value, TemplateError> {
        context::value(context, how).map_err(|fault| self.fault(name, 0, fault.to_string()))
    }

    pub(super) fn mail(
        &self,
        text: &str,
        html: Option<&str>,
        values: &Value,
    ) -> Result<Rendered, TemplateError> {
        // as the templates see them, once for all of the mail's
        let shown = minijinja::Value::from(Serde(values));
        let subject = self.render(text, &subject_of(text), &shown)?;
        let subject = subject.trim().to_owned();
        if subject.is_empty() || subject.chars().any(char::is_control) {
            let message = "the subject must be one line of text".to_owned();
            return Err(self.fault(text, 1, message));
        }
        let body = self.render(text, text, &shown)?;
        if let Some(name) = html {
            self.must_escape(name, values)?;
        }
        let html = match html {
            Some(name) => Some(self.render(name, name, &shown)?).filter(|h| !h.trim().is_empty()),
            None => None,
        };
        Ok(Rendered {
            subject,
            text: format!("{}\n", body.trim_matches('\n')),
            html,
        })
    }

    /// Has the machine's memory looked at while templates are rendered of which the site made any.
    fn watched(&self, file: &str) -> Option<MemoryWatch> {
        let named = self.files.get(file).map_or(file, |(named, _)| named);
        let named = match self.own.contains(named) {
            true => named,
            false => self.own.first()?,
        };
        Some(MemoryWatch::begin(named))
    }

    /// Renders the template `name` of the file `file`.
    fn render(
        &self,
        file: &str,
        name: &str,
        values: &minijinja::Value,
    ) -> Result<String, TemplateError> {
        let mut page = MailPage::new();
        // a template of poms' own may extend or include the site's
        let _watched = self.watched(file);
        let template = self.env.get_template(name);
        template
            .and_then(|template| {
                let values = values.clone();
                template.render_captured_to(values, &mut page).map(drop)
            })
            .map_err(|fault| self.explain(file, &fault))?;
        page.text()
            .map_err(|fault| self.fault(file, 0, fault.to_string()))
    }
}

/// The name under which a text template's subject is compiled.
fn subject_of(name: &str) -> String {
    format!("{name} subject")
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_fuel(Some(MOST_STEPS));
    env.set_auto_escape_callback(|name| match name.ends_with(".html") {
        true => AutoEscape::Html,
        false => AutoEscape::None,
    });
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    if let Ok(syntax) = syntax {
        env.set_syntax(syntax);
    }
    filters::install(&mut env);
    page::count(&mut env);
    env
}

#[cfg(test)]
mod tests;
