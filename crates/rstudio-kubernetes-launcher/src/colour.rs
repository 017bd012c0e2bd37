//! Whether texts on stderr are coloured.

use std::io::IsTerminal as _;

/// Whether stderr is a terminal that colours are wanted on: `NO_COLOR` is not set.
pub(crate) fn on_stderr() -> bool {
    let wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    wanted && std::io::stderr().is_terminal()
}
