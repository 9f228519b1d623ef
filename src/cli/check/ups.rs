//! `poms check` at UPS: a fresh token, and a question about a way that every ground network has.

use crate::app;
use crate::carriers::ups_api::UpsFault;
use crate::carriers::ups_api::client::Client;
use crate::carriers::ups_api::transit::{self, Question};
use crate::config::Config;
use crate::domain::address::Address;
use crate::domain::promise::Service;
use anyhow::bail;
use chrono::{DateTime, Days, Utc};
use std::time::{Duration, Instant};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Tries it; says what it found. Nothing at UPS changes by it.
///
/// # Errors
/// What is wrong, in UPS' words where it said some, and how to mend it.
pub fn check(config: &Config, now: DateTime<Utc>) -> anyhow::Result<String> {
    let Some(settings) = app::ups(config) else {
        return Ok("not asked".to_owned());
    };
    let host = settings.endpoint.host().to_owned();
    let tried = || -> Result<(), (bool, UpsFault)> {
        let deadline = Instant::now() + PATIENCE;
        let client = Client::new(&settings, now, deadline).map_err(|fault| (false, fault))?;
        client.log_in().map_err(|fault| (false, fault))?;
        match transit::ask(&client, &harmless(now)) {
            // it was let in and understood, which is all that is tried here
            Ok(_) | Err(UpsFault::Refused(_)) => Ok(()),
            Err(fault) => Err((true, fault)),
        }
    };
    match tried() {
        Ok(()) => Ok(format!("{host} lets us in and tells transit times")),
        Err((inside, fault)) => bail!(
            "{fault}; {}. Until then promised days are estimates by the table",
            advice(inside, &fault, &host)
        ),
    }
}

/// What to do, by what went wrong and whether UPS had given a token before.
fn advice(inside: bool, fault: &UpsFault, host: &str) -> String {
    match fault {
        UpsFault::Credentials(_) if inside => {
            "the app may not ask for transit times: add the product \"Time in Transit\" to it at developer.ups.com, My Apps".to_owned()
        }
        UpsFault::Credentials(_) => {
            "compare client_id and client_secret in [promise] with the app at developer.ups.com, My Apps: the test \
             host (server = \"cie\") and production may have apps of their own".to_owned()
        }
        UpsFault::Late | UpsFault::Unreachable(_) => format!(
            "see whether this machine may reach {host} (firewall, name server), and whether [promise] server and ca_file are right"
        ),
        UpsFault::Busy => "wait a quarter of an hour; UPS lets each app ask only so often".to_owned(),
        UpsFault::Server(_) => "there is nothing to mend here: try again later, and see https://developer.ups.com for disturbances".to_owned(),
        UpsFault::Refused(_) | UpsFault::Malformed(_) => {
            "[promise] server may name a host that is not UPS".to_owned()
        }
    }
}

/// From Portland, Maine to Asheville, North Carolina, tomorrow.
fn harmless(now: DateTime<Utc>) -> Question {
    let place = |city: &str, state: &str, zip: &str| Address {
        city: city.to_owned(),
        state: state.to_owned(),
        zip: zip.to_owned(),
        country: "US".to_owned(),
        ..Address::default()
    };
    Question {
        origin: place("Portland", "ME", "04101"),
        destination: place("Asheville", "NC", "28801"),
        service: Service::Ground,
        ship_day: now.date_naive() + Days::new(1),
    }
}
