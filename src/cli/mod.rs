//! One file per command group: arguments in, tables and JSON out, nothing decided here.
