//! What rendering a site's own templates may take of the machine's memory. The engine's steps and what
//! is printed are counted (`page.rs`), but not how long a text grows that is joined to itself, as in
//! `{% set x = x ~ x %}`: forty steps ask for a terabyte, and nothing of ours is asked on the way. So a
//! thread looks at the process while such a template is rendered, and ends it in time: safe at any moment,
//! as a crash is.

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};
use std::time::Duration;

/// By how much the process may grow while one text is rendered, in bytes: more than what the engine's steps
/// and the bounds of what is printed let any useful template gather.
const MOST: u64 = 512 << 20;

/// From one look to the next. Memory is filled at some gigabytes a second.
const GLANCE: Duration = Duration::from_millis(3);

/// The exit code: the configuration is wrong.
const WRONG: i32 = 2;

/// One rendering that goes on.
struct Rendering {
    file: String,
    /// The size of the process when it was first looked at.
    first: Option<u64>,
}

/// Those that go on, by number.
struct All {
    next: u64,
    open: BTreeMap<u64, Rendering>,
}

static ALL: Mutex<All> = Mutex::new(All {
    next: 0,
    open: BTreeMap::new(),
});
static WATCH: Once = Once::new();

fn all() -> MutexGuard<'static, All> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

/// While this lives, the process is looked at.
pub(super) struct MemoryWatch(u64);

impl MemoryWatch {
    /// The rendering of a template of this file begins.
    pub fn begin(file: &str) -> MemoryWatch {
        WATCH.call_once(|| {
            let named = std::thread::Builder::new().name("templates".to_owned());
            // without a thread there is no watch, and mails go out all the same
            let _ = named.spawn(watch);
        });
        let mut all = all();
        all.next += 1;
        let number = all.next;
        let file = file.to_owned();
        all.open.insert(number, Rendering { file, first: None });
        MemoryWatch(number)
    }
}

impl Drop for MemoryWatch {
    fn drop(&mut self) {
        all().open.remove(&self.0);
    }
}

fn watch() {
    loop {
        std::thread::sleep(GLANCE);
        let mut all = all();
        if all.open.is_empty() {
            continue;
        }
        let Some(now) = resident() else { continue };
        for rendering in all.open.values_mut() {
            let first = *rendering.first.get_or_insert(now);
            if now.saturating_sub(first) > MOST {
                end(&rendering.file);
            }
        }
    }
}

/// The memory that the process has, in bytes (proc(5): `VmRSS` of `status` is in KiB).
fn resident() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kib: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kib << 10)
}

/// Says why, and ends the process.
fn end(file: &str) -> ! {
    let _ = writeln!(
        std::io::stderr(),
        "poms: {file}: takes more than {} MiB of memory: a text or list in it is joined to itself and grows \
         without end (as in {{% set x = x ~ x %}}). Mend the template, try it with 'poms check', and run again; \
         what was not done yet is done then",
        MOST >> 20
    );
    std::process::exit(WRONG)
}
