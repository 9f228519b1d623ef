//! The binary: everything is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // a run has many small heaps, one for each thread: in pages of 2 MiB they took a third of all its
    // memory. The allocator is built not to ask for such pages; the kernel may hand them out unasked.
    // Where it cannot be told, it goes as before
    #[cfg(target_os = "linux")]
    let _ = nix::sys::prctl::set_thp_disable(true);
    poms::cli::main()
}
