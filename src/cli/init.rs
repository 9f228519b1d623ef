//! `poms init`: an empty site to fill in.

use super::args::Init;
use super::{Context, exit};
use crate::intake::openpgp::make::{KeyKind, KeyPair};
use crate::notices::BUILT_IN;
use crate::site::init::{InitOptions, MadeKey, init};
use serde_json::json;
use zeroize::Zeroizing;

/// Makes the site.
pub fn run(context: &Context, args: &Init) -> anyhow::Result<u8> {
    let now = context.clock()?.now();
    let generate = || {
        let key = KeyPair::generate("poms order desk", KeyKind::Cv25519, now)
            .map_err(|fault| fault.to_string())?;
        let secret = key
            .secret_armoured(None)
            .map_err(|fault| fault.to_string())?;
        let public = key.public_armoured().map_err(|fault| fault.to_string())?;
        Ok(MadeKey {
            secret: Zeroizing::new(secret),
            public,
        })
    };
    let options = InitOptions {
        generate_key: args.generate_key.then_some(&generate),
        templates: if args.templates { &BUILT_IN } else { &[] },
    };
    let report = init(&args.dir, &options)?;
    context.out.answer(
        || json!({"made": report.made, "next": report.next}),
        || {
            let mut text = format!("Made in {}:\n", args.dir.display());
            for path in &report.made {
                text.push_str(&format!("  {}\n", path.display()));
            }
            text.push_str("\nNext:\n");
            for (number, step) in report.next.iter().enumerate() {
                text.push_str(&format!("  {}. {step}\n", number + 1));
            }
            text
        },
    );
    Ok(exit::DONE)
}
