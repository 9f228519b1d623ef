//! `stop_switch`: the stop switch is on: nothing new is placed.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::{Limit, RuleSettings};

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::StopSwitch,
    limits: &[ON.key],
    check,
};

const ON: Limit<bool> = Limit::switch(
    Code::StopSwitch,
    "on",
    "engage the stop switch by configuration",
);

/// Whether the configuration has it on, whatever the ledger says.
pub fn is_configured(settings: &RuleSettings) -> bool {
    *settings.get(&ON)
}

fn check(facts: &Facts, settings: &RuleSettings) -> Option<String> {
    match facts.stopped.as_deref().map(str::trim) {
        Some("") => Some("the stop switch is on".to_owned()),
        Some(reason) => Some(format!("the stop switch is on: {}", shown(reason))),
        None => is_configured(settings).then(|| {
            "the stop switch is on in the configuration (rules.stop_switch.on)".to_owned()
        }),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn by_command_or_by_configuration() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::StopSwitch), None);
        desk.set("stop_switch.on = true");
        let said = desk.says(Code::StopSwitch).expect("fires");
        assert!(said.contains("rules.stop_switch.on"), "{said}");
        desk.stopped = Some("stocktaking".to_owned());
        let said = desk.says(Code::StopSwitch);
        assert_eq!(said.as_deref(), Some("the stop switch is on: stocktaking"));
    }
}
