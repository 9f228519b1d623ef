//! Postal addresses as orders and vendors carry them.

use serde::{Deserialize, Serialize};

/// An address that goods go to or come from. Fields are as the shop sent them; an empty field is for the rules.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// Person or company.
    pub name: String,
    /// The company that the person is with; may be empty.
    #[serde(
        default,
        skip_serializing_if = "String::is_empty",
        deserialize_with = "as_text"
    )]
    pub company: String,
    /// Street and number.
    pub street1: String,
    /// Apartment, suite, care of.
    #[serde(default)]
    pub street2: String,
    /// City.
    pub city: String,
    /// State: two letters (USPS Publication 28, appendix B).
    pub state: String,
    /// ZIP or ZIP+4.
    pub zip: String,
    /// ISO 3166 country, two letters.
    pub country: String,
    /// What the shop sent beside these, kept as it came.
    #[serde(flatten)]
    pub extra: serde_json::Map<String, serde_json::Value>,
}

impl Address {
    /// The address as lines of a label, without empty ones; the country only when it is not the US.
    pub fn label(&self) -> Vec<String> {
        let place = [self.city.as_str(), &format!("{} {}", self.state, self.zip)]
            .iter()
            .map(|part| part.trim())
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ");
        let country = if self.country == "US" {
            ""
        } else {
            &self.country
        };
        let company = match self.company.trim() == self.name.trim() {
            true => "",
            false => &self.company,
        };
        [
            &self.name,
            company,
            &self.street1,
            &self.street2,
            &place,
            country,
        ]
        .iter()
        .map(|line| line.trim().to_owned())
        .filter(|line| !line.is_empty())
        .collect()
    }
}

/// A text; whatever else an older order has there as the text of its JSON.
fn as_text<'de, D: serde::Deserializer<'de>>(input: D) -> Result<String, D::Error> {
    Ok(match serde_json::Value::deserialize(input)? {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    })
}
