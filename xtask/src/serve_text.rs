//! A job's own little HTTP server: answers every request with one text.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use crate::failure::Failure;

/// How many are served.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Visitors {
    /// The first one, then it ends.
    One,
    /// All that come, until it is killed.
    All,
}

/// Serves.
///
/// # Errors
/// The port can't be listened on.
pub(crate) fn run(port: u16, text: &str, visitors: Visitors) -> Result<(), Failure> {
    let listener = TcpListener::bind(("127.0.0.1", port))
        .map_err(|e| Failure::during(format!("listening on 127.0.0.1:{port}"), e))?;
    for connection in listener.incoming() {
        let Ok(mut connection) = connection else { continue };
        // The request does not matter, and a client that went away needs no answer.
        let _ = connection.read(&mut [0; 4096]);
        let _ = write!(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
            text.len()
        );
        if visitors == Visitors::One {
            break;
        }
    }
    Ok(())
}
