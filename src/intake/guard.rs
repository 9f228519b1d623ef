//! Around parsers of foreign bytes: one that panics must take neither the other messages of the run
//! with it, nor print its innards into cron's mail. sequoia-openpgp 2.3.0 does panic on some damaged
//! messages (parse.rs:6353).

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Does the work and gives what it returns; `None` when it panicked, of which nothing is printed.
pub fn catch<T>(work: impl FnOnce() -> T) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let usual = take_hook();
        set_hook(Box::new(move |panic| {
            if !QUIET.get() {
                usual(panic);
            }
        }));
    });
    let before = QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    QUIET.set(before);
    result.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_caught_and_the_next_work_is_done() {
        assert_eq!(catch(|| -> u8 { panic!("a parser's bug") }), None);
        assert_eq!(catch(|| 5), Some(5));
        assert!(!QUIET.get(), "other panics are shown again");
    }
}
