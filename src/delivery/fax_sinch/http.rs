//! The way to the service: below one project, with its key, and one connection for each request.

use crate::http::{
    Auth, Body, CallLimits, Endpoint, Failure, HttpAnswer, HttpClient, Reason, Request,
};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;

/// The longest answer that is read, in bytes: a list of 1,000 faxes.
const LONGEST_ANSWER: u64 = 8 << 20;

/// Where the service is, and as whom we come.
#[derive(Clone)]
pub struct SinchSettings {
    /// Where it is.
    pub endpoint: Endpoint,
    /// The project at Sinch.
    pub project: String,
    /// Key id and secret for Basic authentication.
    pub login: (SecretString, SecretString),
    /// The number that we call from, E.164, if the service shall not choose.
    pub from: Option<String>,
    /// The fax service at Sinch, if not the project's own.
    pub service: Option<String>,
    /// The text at the head of each page that the service prints; at most 50 characters.
    pub header: String,
    /// Calls that the service itself repeats, 0 to 5.
    pub retries: u8,
    /// How long one request may take.
    pub timeout: Duration,
}

/// The client; made at the first request.
pub struct Http {
    settings: SinchSettings,
    client: Option<HttpClient>,
}

impl Http {
    /// Opens nothing yet.
    pub fn new(settings: SinchSettings) -> Http {
        Http {
            settings,
            client: None,
        }
    }

    /// What it works with.
    pub fn settings(&self) -> &SinchSettings {
        &self.settings
    }

    /// Makes the client, if it is not there: looks the host up, and refuses addresses inside.
    ///
    /// # Errors
    /// `NotSent`, with what to do.
    pub fn ready(&mut self) -> Result<(), Failure> {
        if self.client.is_none() {
            let limits = CallLimits {
                one_call: self.settings.timeout,
                deadline: None,
                longest_answer: LONGEST_ANSWER,
                // a fax must not go twice
                keep_connections: false,
            };
            let client = HttpClient::new(&self.settings.endpoint, limits);
            self.client = Some(client.map_err(not_sent)?);
        }
        Ok(())
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn post(&mut self, below: &[&str], json: &[u8]) -> Result<HttpAnswer, Failure> {
        self.send(below, &[], Body::Json(json))
    }

    /// Asks.
    ///
    /// # Errors
    /// [`Failure`].
    pub fn get(&mut self, below: &[&str], query: &[(&str, &str)]) -> Result<HttpAnswer, Failure> {
        self.send(below, query, Body::Empty)
    }

    fn send(
        &mut self,
        below: &[&str],
        query: &[(&str, &str)],
        body: Body<'_>,
    ) -> Result<HttpAnswer, Failure> {
        self.ready()?;
        let Some(client) = &self.client else {
            return Err(not_sent("there is no client".to_owned()));
        };
        let (key, secret) = &self.settings.login;
        let mut path = vec!["v3", "projects", self.settings.project.as_str()];
        path.extend(below);
        client.send(&Request {
            auth: Auth::Basic(key.expose_secret(), secret),
            body,
            ..Request::get(&path, query)
        })
    }
}

fn not_sent(why: String) -> Failure {
    Failure::NotSent(Reason::Broken(why))
}
