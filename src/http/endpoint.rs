//! Where a service is, and whether it may be asked there.

use crate::net;
use reqwest::Url;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

/// The address of a service, and what may be believed of that place.
#[derive(Clone)]
pub struct Endpoint {
    /// Scheme, host, port, and the path below which everything lies. May be a secret: no message
    /// names more of it than the host.
    pub base: Url,
    /// Which hosts it may be.
    pub hosts: Hosts,
    /// Whether plain `http` to another machine is meant.
    pub allow_plaintext: bool,
    /// Authorities (PEM) to trust instead of the system's.
    pub ca_file: Option<PathBuf>,
    /// What messages name.
    pub settings: SettingNames,
}

/// The hosts at which a service may be asked, beside this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hosts {
    /// These names, at public addresses.
    Only(&'static [&'static str]),
    /// Any name at public addresses.
    Public,
    /// Any, in private networks too: the configuration says so.
    Any,
}

/// The settings by which a person lets more in.
#[derive(Clone, Copy, Debug)]
pub struct SettingNames {
    /// The address, such as `delivery.fax.base_url`.
    pub base: &'static str,
    /// What lets other hosts or private networks in, such as `delivery.fax.allow_private`.
    pub hosts: &'static str,
}

impl Endpoint {
    /// The host, with brackets around an address of IPv6.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default()
    }

    /// The host as name servers and certificates have it.
    pub fn bare_host(&self) -> &str {
        self.host().trim_matches(['[', ']'])
    }

    /// Whether the host is this machine by its name alone.
    fn is_this_machine(&self) -> bool {
        let host = self.bare_host();
        host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(is_loopback)
    }

    /// The addresses of the host, if it may be asked at all of them. The name server is given `limit`.
    ///
    /// # Errors
    /// Why it may not be asked, and the setting that would let it in.
    pub fn addresses(&self, limit: Duration) -> Result<Vec<SocketAddr>, String> {
        let host = self.host();
        match self.base.scheme() {
            "https" => {}
            "http" if self.allow_plaintext || self.is_this_machine() => {}
            "http" => {
                return Err(format!(
                    "{}: plain http to {host} would show everything to everyone on the way; use https",
                    self.settings.base
                ));
            }
            other => {
                return Err(format!(
                    "{}: {other} is no way to a service; use https",
                    self.settings.base
                ));
            }
        }
        if let Hosts::Only(hosts) = self.hosts
            && !self.is_this_machine()
            && !hosts.contains(&self.bare_host())
        {
            return Err(format!(
                "{host} is none of the service's hosts ({}); {} lets another in",
                hosts.join(", "),
                self.settings.hosts
            ));
        }
        let port = self.base.port_or_known_default().unwrap_or(443);
        let found = find(self.bare_host(), port, limit)?;
        self.judge(&found)?;
        Ok(found)
    }

    fn judge(&self, found: &[SocketAddr]) -> Result<(), String> {
        let host = self.host();
        let first = |wrong: fn(IpAddr) -> bool| {
            let mut ips = found.iter().map(SocketAddr::ip);
            ips.find(|ip| wrong(*ip))
        };
        if self.is_this_machine() {
            return match first(|ip| !is_loopback(ip)) {
                Some(ip) => Err(format!("{host} is {ip}, not this machine")),
                None => Ok(()),
            };
        }
        match first(net::inside) {
            Some(ip) if self.hosts != Hosts::Any => Err(format!(
                "{host} is {ip}, an address inside a private network: nothing is sent there unless {} says so",
                self.settings.hosts
            )),
            _ => Ok(()),
        }
    }
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

/// The addresses of a host by the system's resolver, which knows no deadline: it works on a thread
/// that is left behind when `limit` is over.
///
/// # Errors
/// That it was not found, or not in time.
pub fn find(host: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, String> {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(ip, port)]);
    }
    let (sender, receiver) = mpsc::channel();
    let name = host.to_owned();
    let begun = std::thread::Builder::new().spawn(move || {
        // nobody may listen any more
        let _ = sender.send(net::addresses(&name, port));
    });
    begun.map_err(|fault| format!("no thread can be started: {fault}"))?;
    let advice = "check the address and this machine's DNS";
    let found = receiver
        .recv_timeout(limit)
        .map_err(|_| format!("{host} was not found in time; {advice}"))?
        .map_err(|fault| format!("{host} cannot be looked up: {fault}; {advice}"))?;
    match found.is_empty() {
        true => Err(format!("{host} has no address; {advice}")),
        false => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base: &str, hosts: Hosts) -> Endpoint {
        Endpoint {
            base: Url::parse(base).unwrap(),
            hosts,
            allow_plaintext: false,
            ca_file: None,
            settings: SettingNames {
                base: "service.base_url",
                hosts: "service.allow_private",
            },
        }
    }

    fn judged(base: &str, hosts: Hosts, at: &str) -> Result<(), String> {
        endpoint(base, hosts).judge(&[SocketAddr::new(at.parse().unwrap(), 443)])
    }

    #[test]
    fn a_name_is_asked_only_at_addresses_that_it_may_have() {
        let only = Hosts::Only(&["api.example"]);
        for (base, hosts, at, is_good) in [
            ("https://api.example", only, "93.184.216.34", true),
            ("https://api.example", only, "10.0.0.7", false),
            (
                "https://api.example",
                Hosts::Public,
                "::ffff:10.0.0.7",
                false,
            ),
            ("https://api.example", Hosts::Any, "10.0.0.7", true),
            ("https://localhost", Hosts::Any, "127.0.0.1", true),
            // a name server that says where this machine is
            ("https://localhost", Hosts::Any, "93.184.216.34", false),
            ("https://[::1]", only, "::1", true),
        ] {
            let said = judged(base, hosts, at);
            assert_eq!(said.is_ok(), is_good, "{base} at {at}: {said:?}");
        }
    }

    #[test]
    fn what_may_not_be_asked_is_not_looked_up() {
        let limit = Duration::from_secs(5);
        for (base, hosts, words) in [
            (
                "http://api.example",
                Hosts::Any,
                "service.base_url: plain http",
            ),
            ("ftp://api.example", Hosts::Any, "no way to a service"),
            (
                "https://evil.example",
                Hosts::Only(&["api.example"]),
                "none of the service's hosts (api.example)",
            ),
        ] {
            let said = endpoint(base, hosts).addresses(limit).unwrap_err();
            assert!(said.contains(words), "{said}");
        }
        let own = endpoint("http://127.0.0.1:8080", Hosts::Only(&[]));
        assert_eq!(own.addresses(limit).unwrap().len(), 1);
    }
}
