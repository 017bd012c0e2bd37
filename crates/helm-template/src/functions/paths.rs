//! Paths with slashes. The `os` ones are the same: templates are rendered on Unix.

use crate::declare::functions;

functions! {
    "base" | "osBase"(path: Text) -> Text = base, "The last element.",
        example r#"{{ base "/a/b.txt" }}"# => "b.txt";
    "dir" | "osDir"(path: Text) -> Text = dir, "All but the last element.",
        example r#"{{ dir "/a/b.txt" }}"# => "/a";
    "clean" | "osClean"(path: Text) -> Text = clean, "The shortest path to the same place, by the text alone.",
        example r#"{{ clean "/a/../b//c/." }}"# => "/b/c";
    "ext" | "osExt"(path: Text) -> Text = ext, "The ending, with its dot.",
        example r#"{{ ext "a.tar.gz" }}"# => ".gz";
    "isAbs" | "osIsAbs"(path: Text) -> Bool = is_abs, "Whether a path begins at the root.",
        example r#"{{ isAbs "/a" }}"# => "true";
}

fn base(path: &[u8]) -> Vec<u8> {
    if path.is_empty() {
        return b".".to_vec();
    }
    let end = path.iter().rposition(|&byte| byte != b'/').map_or(0, |last| last + 1);
    let last = path[..end].rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    if last.is_empty() { b"/".to_vec() } else { last.to_vec() }
}

fn dir(path: &[u8]) -> Vec<u8> {
    let end = path.iter().rposition(|&byte| byte == b'/').map_or(0, |last| last + 1);
    clean(&path[..end])
}

fn clean(path: &[u8]) -> Vec<u8> {
    let is_rooted = path.first() == Some(&b'/');
    let mut kept: Vec<&[u8]> = Vec::new();
    for element in path.split(|&byte| byte == b'/') {
        match element {
            b"" | b"." => {}
            b".." => match kept.last() {
                Some(&last) if last != b".." => {
                    kept.pop();
                }
                _ if !is_rooted => kept.push(element),
                _ => {}
            },
            element => kept.push(element),
        }
    }
    let joined = kept.join(&b'/');
    match (is_rooted, joined.is_empty()) {
        (true, _) => [b"/", &joined[..]].concat(),
        (false, true) => b".".to_vec(),
        (false, false) => joined,
    }
}

fn ext(path: &[u8]) -> &[u8] {
    let name = path.rsplit(|&byte| byte == b'/').next().unwrap_or_default();
    let dot = name.iter().rposition(|&byte| byte == b'.');
    dot.map_or(&[], |dot| &name[dot..])
}

fn is_abs(path: &[u8]) -> bool {
    path.first() == Some(&b'/')
}
