//! Counts the allocations of each row: a line of JSON with the row's title and a count for each side.

use std::io::{Write as _, stdout};

use serde_json::json;
use template_bench::{Failure, Work, all};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = stdout().lock();
    for row in all()? {
        let here = count(row.here()?)?;
        let peer = row.peer()?.map(count).transpose()?;
        writeln!(out, "{}", json!({"row": row.title, "here": here, "peer": peer}))?;
    }
    Ok(())
}

/// The allocations of one repetition, after one that made all buffers large enough.
fn count(mut work: Work) -> Result<u64, Failure> {
    let mut out = Vec::new();
    work(&mut out)?;
    out.clear();
    let mut result = Ok(());
    let counted = allocation_counter::measure(|| result = work(&mut out));
    result.map(|()| counted.count_total)
}
