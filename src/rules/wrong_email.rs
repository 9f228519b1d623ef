//! `wrong_email`: the customer's e-mail address is a vendor's or the shop's own, so that what the
//! customer is to read would go to somebody else.

use super::phrases::shown;
use super::{Facts, Rule};
use crate::domain::codes::Code;
use crate::domain::rule_settings::RuleSettings;

/// The registry's entry.
pub(super) const RULE: Rule = Rule {
    code: Code::WrongEmail,
    limits: &[],
    check,
};

fn check(facts: &Facts, _: &RuleSettings) -> Option<String> {
    let whose = facts.around.mailbox_of.as_deref()?;
    let address = shown(facts.order.customer.email.trim());
    Some(format!("customer.email '{address}' is {}", shown(whose)))
}

#[cfg(test)]
mod tests {
    use crate::domain::codes::Code;
    use crate::rules::testing::desk;

    #[test]
    fn whose_it_is_is_said() {
        let mut desk = desk();
        assert_eq!(desk.says(Code::WrongEmail), None);
        desk.around.mailbox_of = Some("the shop's own".to_owned());
        assert_eq!(
            desk.says(Code::WrongEmail).as_deref(),
            Some("customer.email 'c@mail.example' is the shop's own")
        );
    }
}
