//! Registries: one line for each file of a kind.

/// Declares a module for each name, and the list of what each of them calls `FORMAT`, in this order.
/// `cargo fmt` does not find files that a macro names: `.ci/run` asks rustfmt for them.
#[macro_export]
macro_rules! registry {
    ($(#[$about:meta])* $seen:vis static $list:ident: $kind:ty = $($module:ident),+ $(,)?) => {
        $(mod $module;)+
        $(#[$about])*
        $seen static $list: &[$kind] = &[$($module::FORMAT),+];
    };
}

pub use registry;
