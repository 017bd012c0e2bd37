//! What is mounted where.

use std::path::{Path, PathBuf};

use nix::mount::{MntFlags, umount2};

use crate::error::Error;

/// A line of the kernel's table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) target: PathBuf,
    pub(crate) kind: String,
}

/// The mounts that this process sees, oldest first.
///
/// # Errors
/// `/proc` can't be read.
pub(crate) fn all() -> Result<Vec<Mount>, Error> {
    let path = "/proc/self/mounts";
    let text = std::fs::read_to_string(path).map_err(Error::file("read", path))?;
    Ok(parse(&text))
}

/// `device target type options 0 0` a line, with blanks and their like as octal escapes.
fn parse(table: &str) -> Vec<Mount> {
    let line = |line: &str| {
        let mut words = line.split(' ').skip(1);
        let target = PathBuf::from(unescape(words.next()?));
        Some(Mount { target, kind: words.next()?.to_owned() })
    };
    table.lines().filter_map(line).collect()
}

fn unescape(text: &str) -> String {
    ["\\040 ", "\\011\t", "\\012\n", "\\134\\"].iter().fold(text.to_owned(), |text, pair| {
        let (escape, character) = pair.split_at(4);
        text.replace(escape, character)
    })
}

/// The type of the file system that holds a path.
///
/// # Errors
/// `/proc` can't be read.
pub(crate) fn file_system_of(path: &Path) -> Result<String, Error> {
    let mounts = all()?;
    let holds = mounts.into_iter().filter(|mount| path.starts_with(&mount.target));
    // Of equally long ones the later hides the earlier.
    let nearest = holds.max_by_key(|mount| mount.target.as_os_str().len());
    Ok(nearest.map(|mount| mount.kind).unwrap_or_default())
}

/// Takes away every mount at or below a folder, newest first; those in use go when their users do.
///
/// # Errors
/// One can't be taken away.
pub(crate) fn clear(folder: &Path) -> Result<(), Error> {
    let below = all()?.into_iter().filter(|mount| mount.target.starts_with(folder));
    let mut targets: Vec<PathBuf> = below.map(|mount| mount.target).collect();
    targets.reverse();
    for target in targets {
        umount2(&target, MntFlags::MNT_DETACH)
            .map_err(|errno| Error::file("unmount", &target)(errno.into()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_table_is_read_with_its_escapes() {
        let table = "proc /proc proc rw,nosuid 0 0\ntmpfs /a\\040b\\134c tmpfs ro 0 0\n";
        let read = parse(table);
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].kind, "proc");
        assert_eq!(read[1].target, Path::new("/a b\\c"));
    }
}
