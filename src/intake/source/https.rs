//! A list that lies at an address: asked for every so often, and again only where it is another.

use super::files::{identity, media_type};
use super::{
    Budget, Cursor, DocumentContent, DocumentName, Page, Source, SourceChecked, SourceDocument,
    SourceFailure, Vouched,
};
use crate::config::{HttpsConfig, HttpsLogin};
use crate::domain::foreign::cut;
use crate::domain::lifecycle::MessageState;
use crate::http::{Auth, CallLimits, HttpAnswer, HttpClient, Request};
use chrono::{DateTime, TimeDelta, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// Bytes of an answer that is only looked at.
const LARGEST_TRIED: u64 = 64 << 20;

/// When an address was asked last, and what told the list that it gave from another (RFC 9110, 8.8).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct LastAnswer {
    at: DateTime<Utc>,
    #[serde(default)]
    etag: Option<String>,
    #[serde(default)]
    modified: Option<String>,
}

/// An address that is asked.
pub struct HttpsList {
    name: String,
    config: HttpsConfig,
    asked: bool,
}

impl HttpsList {
    /// The address that the configuration names; asks when it is asked for something.
    pub fn open(name: &str, config: &HttpsConfig) -> HttpsList {
        HttpsList {
            name: name.to_owned(),
            config: config.clone(),
            asked: false,
        }
    }

    fn ask(&self, last: Option<&LastAnswer>, largest: u64) -> Result<HttpAnswer, SourceFailure> {
        let limits = CallLimits {
            one_call: self.config.timeout,
            deadline: None,
            longest_answer: largest,
            keep_connections: false,
        };
        let place = self.config.place();
        let passing = |why: String| {
            SourceFailure::passing(
                format!("{place} cannot be asked: {why}"),
                "the next run tries again",
            )
        };
        let http = HttpClient::new(&self.config.endpoint, limits).map_err(passing)?;
        let secret = self.secret()?;
        let mut headers = vec![("Accept", "*/*")];
        let etag = last.and_then(|last| last.etag.as_deref());
        headers.extend(etag.map(|etag| ("If-None-Match", etag)));
        let modified = last.and_then(|last| last.modified.as_deref());
        headers.extend(modified.map(|moment| ("If-Modified-Since", moment)));
        let auth = match (&self.config.login, &secret) {
            (Some(HttpsLogin::Basic(user, _)), Some(secret)) => Auth::Basic(user, secret),
            (Some(HttpsLogin::Bearer(_)), Some(secret)) => Auth::Bearer(secret),
            _ => Auth::None,
        };
        let request = Request {
            headers: &headers,
            auth,
            ..Request::get(&[], &[])
        };
        http.send(&request)
            .map_err(|failure| passing(failure.reason().to_string()))
    }

    fn secret(&self) -> Result<Option<SecretString>, SourceFailure> {
        let source = match &self.config.login {
            Some(HttpsLogin::Basic(_, source) | HttpsLogin::Bearer(source)) => source,
            None => return Ok(None),
        };
        let secret = source.read();
        secret.map(Some).map_err(|fault| {
            SourceFailure::lasting(
                format!(
                    "the secret for {} cannot be read: {fault}",
                    self.config.place()
                ),
                "see to password_ or token_ of its [[source]]",
            )
        })
    }

    /// That an answer is none with a list.
    fn refused(&self, answer: &HttpAnswer, now: DateTime<Utc>) -> SourceFailure {
        let (place, status) = (self.config.place(), answer.status);
        let what = format!("{place} answers with HTTP status {status}");
        match status {
            401 | 403 => SourceFailure::lasting(
                what,
                "ask the vendor for another user and password, or token",
            ),
            300..=399 => {
                let to = answer.header("Location").unwrap_or("elsewhere");
                SourceFailure::lasting(
                    what,
                    format!(
                        "it points to {}: is that the vendor's? Then write it as url",
                        cut(to.split('?').next().unwrap_or(to), 120)
                    ),
                )
            }
            404 | 410 => SourceFailure::lasting(what, "ask the vendor where its list is now"),
            429 | 503 if answer.retry_after.is_some() => {
                let rest = answer.retry_after.unwrap_or_default();
                let rest = TimeDelta::from_std(rest).unwrap_or(TimeDelta::hours(1));
                SourceFailure::throttled(what, now + rest.min(TimeDelta::days(1)))
            }
            _ => SourceFailure::passing(what, "the next run tries again"),
        }
    }

    fn document(&self, answer: HttpAnswer, now: DateTime<Utc>) -> SourceDocument {
        let path = self.config.endpoint.base.path_segments();
        let file = path
            .and_then(|mut path| path.next_back())
            .unwrap_or_default();
        let file = match file.is_empty() {
            true => self.config.endpoint.host(),
            false => file,
        };
        let written = answer.header("Last-Modified").and_then(moment);
        let stated = answer.header("Content-Type").unwrap_or_default();
        let stated = stated.split(';').next().unwrap_or_default().trim();
        SourceDocument {
            name: DocumentName {
                identity: identity(file, true, written.unwrap_or(now).timestamp()),
                by_content: true,
                media_type: match media_type(file) {
                    "" => stated.to_owned(),
                    known => known.to_owned(),
                },
                file_name: file.to_owned(),
                vouched: Vouched::Api,
            },
            content: DocumentContent::Whole(answer.body),
            follows: None,
        }
    }
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    let moment = DateTime::parse_from_rfc2822(text).ok()?;
    Some(moment.with_timezone(&Utc))
}

impl Source for HttpsList {
    fn name(&self) -> &str {
        &self.name
    }

    fn poll(&mut self, after: Option<&Cursor>, budget: &Budget) -> Result<Page, SourceFailure> {
        let last: Option<LastAnswer> =
            after.and_then(|after| serde_json::from_str(after.as_str()).ok());
        let every = TimeDelta::from_std(self.config.every).unwrap_or(TimeDelta::hours(1));
        // the clock may have been set back: a moment ahead keeps nobody waiting
        let rests = |last: &LastAnswer| last.at <= budget.now && budget.now - last.at < every;
        if self.asked || last.as_ref().is_some_and(rests) {
            return Ok(Page::default());
        }
        self.asked = true;
        let answer = self.ask(last.as_ref(), budget.largest)?;
        let header = |name: &str| answer.header(name).map(str::to_owned);
        let mut said = LastAnswer {
            at: budget.now,
            etag: header("ETag"),
            modified: header("Last-Modified"),
        };
        let mut page = Page::default();
        match answer.status {
            200 => page.documents.push(self.document(answer, budget.now)),
            304 => {
                let last = last.unwrap_or_default();
                said.etag = said.etag.or(last.etag);
                said.modified = said.modified.or(last.modified);
            }
            _ => return Err(self.refused(&answer, budget.now)),
        }
        page.after = serde_json::to_string(&said).ok().map(Cursor::new);
        Ok(page)
    }

    fn settle(&mut self, _: &DocumentName, _: MessageState) -> Result<(), SourceFailure> {
        Ok(())
    }

    fn check(&mut self, now: DateTime<Utc>) -> Result<SourceChecked, SourceFailure> {
        let answer = self.ask(None, LARGEST_TRIED)?;
        if answer.status != 200 {
            return Err(self.refused(&answer, now));
        }
        let written = answer.header("Last-Modified").and_then(moment);
        let written = match written {
            Some(written) => format!("written {}", written.format("%Y-%m-%d %H:%M UTC")),
            None => "which does not say when it was written".to_owned(),
        };
        Ok(SourceChecked {
            found: format!(
                "{} gives {} bytes, {written}",
                self.config.place(),
                answer.body.len()
            ),
            warnings: Vec::new(),
        })
    }
}
