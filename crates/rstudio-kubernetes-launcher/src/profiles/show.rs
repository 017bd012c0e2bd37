//! `--show-profile`: what holds for a user, and where it is written.

use std::fmt::Write as _;
use std::path::Path;

use kubernetes_backend::Profiles;
use kubernetes_backend::profiles::Person;

use super::key;

/// The name that stands for nobody in particular.
pub const ANYONE: &str = "*";

/// Every key with its value and the line that it is from, one a line.
///
/// `groups` are those of the user's groups that have a section.
#[must_use]
pub fn text(profiles: &Profiles, file: &Path, user: &str, groups: &[String]) -> String {
    let (person, whom) = match user {
        ANYONE => (Person::Anyone, "everyone".to_owned()),
        name => (Person::User { name, groups }, format!("'{name}'")),
    };
    let effective = profiles.effective(person);
    // Writing to a String cannot fail.
    let mut text = format!("What holds for {whom} by {}", file.display());
    if !groups.is_empty() {
        let names: Vec<String> = groups.iter().map(|group| format!("[@{group}]")).collect();
        let _ = write!(text, ", as a member of {}", names.join(", "));
    }
    text.push_str(":\n");
    let name_width = key::ALL.iter().map(|key| key.name.len()).max().unwrap_or_default();
    let rows: Vec<_> = key::ALL.iter().map(|key| (key.name, key.show(&effective))).collect();
    let places: Vec<String> = rows
        .iter()
        .map(|(_, (_, place))| place.map_or_else(|| "default".to_owned(), ToString::to_string))
        .collect();
    let place_width = places.iter().map(String::len).max().unwrap_or_default();
    for ((name, (value, _)), place) in rows.iter().zip(places) {
        let line = format!("{place:place_width$}  {name:name_width$} = {value}");
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_shown_with_the_line_that_it_is_from() {
        let content = "[*]\ndefault-cpus=1\nplacement-constraints=node,region:us\nallow-unknown-images=0\n\
                       [@staff]\nmax-cpus=20\njob-json-overrides=\"/a\":\"/etc/a\"\n[jsmith]\nmax-cpus=2.5\n";
        let path = Path::new("/etc/profiles.conf");
        let profiles = super::super::parse(path, content.as_bytes()).unwrap().profiles;
        let mut shown = text(&profiles, path, "jsmith", &["staff".to_owned()]);
        shown.push('\n');
        shown.push_str(&text(&profiles, path, ANYONE, &[]));
        insta::assert_snapshot!("a_profile_and_that_of_everyone", shown);
    }
}
