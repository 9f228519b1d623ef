//! The dice of a simulated world: one seeded generator, which also stands in for OpenSSL's on the
//! thread of the world, so that salts, Message-IDs, session keys and waiting times are the seed's.

use std::cell::RefCell;
use std::ffi::{c_int, c_uchar, c_void};
use std::sync::OnceLock;

/// SplitMix64 (Steele, Lea, Flood 2014): every seed gives a stream of its own.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// Dice for one thing by its name: whatever else is thrown meanwhile, they fall the same.
    pub fn of(seed: u64, name: &str) -> Chance {
        let digest = openssl::sha::sha256(format!("{seed} {name}").as_bytes());
        let eight = digest[..8].try_into().expect("eight bytes");
        Chance(u64::from_be_bytes(eight))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `end`, without it.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    pub fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(usize::try_from(self.below(of.len() as u64)).ok()?)
    }
}

thread_local! {
    static DICE: RefCell<Option<Chance>> = const { RefCell::new(None) };
}

/// OpenSSL's table of a generator (rand.h, `RAND_METHOD`).
#[repr(C)]
struct Method {
    seed: *const c_void,
    bytes: Option<unsafe extern "C" fn(*mut c_uchar, c_int) -> c_int>,
    cleanup: *const c_void,
    add: *const c_void,
    pseudorand: Option<unsafe extern "C" fn(*mut c_uchar, c_int) -> c_int>,
    status: *const c_void,
}

// SAFETY: a table of functions that is never written to.
unsafe impl Sync for Method {}
// SAFETY: the same.
unsafe impl Send for Method {}

unsafe extern "C" {
    fn RAND_OpenSSL() -> *const Method;
    fn RAND_set_rand_method(method: *const Method) -> c_int;
}

static METHOD: OnceLock<Method> = OnceLock::new();

/// From here on the randomness of this thread is the seed's. Other threads' stays OpenSSL's own.
pub fn govern(seed: u64) {
    METHOD.get_or_init(|| {
        // SAFETY: OpenSSL's own table lives as long as the process.
        let own = unsafe { &*RAND_OpenSSL() };
        Method {
            seed: own.seed,
            bytes: Some(bytes),
            cleanup: own.cleanup,
            add: own.add,
            pseudorand: Some(bytes),
            status: own.status,
        }
    });
    let method: *const Method = METHOD.get().expect("made above");
    // SAFETY: a static table, valid for ever; setting it twice is the same.
    assert_eq!(unsafe { RAND_set_rand_method(method) }, 1);
    DICE.set(Some(Chance::new(seed)));
}

/// Gives this thread OpenSSL's randomness back.
pub fn release() {
    DICE.set(None);
}

unsafe extern "C" fn bytes(out: *mut c_uchar, count: c_int) -> c_int {
    let governed = DICE.with_borrow_mut(|dice| {
        let dice = dice.as_mut()?;
        for place in 0..usize::try_from(count).ok()? {
            // SAFETY: OpenSSL promises `count` bytes at `out`.
            unsafe { out.add(place).write(dice.next().to_be_bytes()[0]) };
        }
        Some(())
    });
    if governed.is_some() {
        return 1;
    }
    // SAFETY: OpenSSL's own generator, asked as OpenSSL asks it.
    unsafe {
        match (*RAND_OpenSSL()).bytes {
            Some(own) => own(out, count),
            None => 0,
        }
    }
}
