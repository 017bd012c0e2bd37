//! The backend on a cluster: the embedded one, or a real one that the environment names.
//!
//! With `LAUNCHWAY_TEST_API_URL`, `LAUNCHWAY_TEST_TOKEN_FILE` and `LAUNCHWAY_TEST_CA_FILE` set, the tests of `life`,
//! `output`, `control`, `input`, `usage` and some of `silence` run on that server, in its namespace `rstudio`, with the image
//! `LAUNCHWAY_TEST_IMAGE` (which needs a shell).

mod answers;
mod control;
mod faults;
mod input;
mod life;
mod output;
mod silence;
mod support;
mod usage;
