//! Whether texts on stderr are coloured.

use std::io::IsTerminal as _;

/// Whether stderr is a terminal that colours are wanted on: `NO_COLOR` is not set.
pub(crate) fn on_stderr() -> bool {
    wanted() && std::io::stderr().is_terminal()
}

/// Whether the user has nothing against colours.
pub(crate) fn wanted() -> bool {
    std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}
