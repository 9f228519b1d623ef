//! Who acts: the person behind sudo, else the user, else cron; never blank.

use nix::unistd::{Uid, User};
use std::io::IsTerminal;

/// The name under which the audit trail records what is done now.
///
/// `SUDO_USER` counts only for root, who could as well be anybody; everyone else is who the kernel
/// says. A run without a terminal by a system user is cron's.
pub fn name() -> String {
    let uid = Uid::current();
    let user = match User::from_uid(uid) {
        Ok(Some(user)) => user.name,
        _ => format!("uid {uid}"),
    };
    if uid.is_root() {
        if let Some(person) = std::env::var("SUDO_USER")
            .ok()
            .filter(|name| is_login(name))
        {
            return format!("{person} (sudo)");
        }
        if !std::io::stdin().is_terminal() && std::env::var_os("SHLVL").is_none() {
            return "cron".to_owned();
        }
    }
    user
}

fn is_login(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c))
}
