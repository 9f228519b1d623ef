//! Who acts: the person behind sudo, else the user, else cron, each with the number by which the
//! kernel knows them; never blank.

use nix::unistd::{Uid, User};
use std::io::IsTerminal;

/// The name under which the audit trail records what is done now: `jane, uid 1000`, `jane by sudo, uid
/// 1000`, `cron, uid 0`. Logins are given anew to others, and numbers mean nothing to people.
///
/// `SUDO_USER` counts only for root, who could as well be anybody; everyone else is who the kernel
/// says. A run without a terminal by a system user is cron's.
pub fn name() -> String {
    let uid = Uid::current();
    let user = match User::from_uid(uid) {
        Ok(Some(user)) => format!("{}, uid {uid}", user.name),
        _ => format!("uid {uid}"),
    };
    if uid.is_root() {
        let said = |key| std::env::var(key).ok();
        if let Some(person) = said("SUDO_USER").filter(|name| is_login(name)) {
            let number = said("SUDO_UID").and_then(|text| text.parse::<u32>().ok());
            let number = number.map_or_else(String::new, |number| format!(", uid {number}"));
            return format!("{person} by sudo{number}");
        }
        if !std::io::stdin().is_terminal() && std::env::var_os("SHLVL").is_none() {
            return format!("cron, uid {uid}");
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
