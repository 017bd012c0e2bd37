//! The reference page of the configuration, in Markdown.

use std::fmt::Write as _;

use super::{options_of, remark, sentence};
use crate::option::{Group, Places};
use crate::profiles::key;

const INTRODUCTION: &str = "\
# Configuration reference

<!-- Made from the definitions of the options. Do not edit; see the README of rstudio-kubernetes-launcher. -->

Every option can stand in `/etc/rstudio/launcher.kubernetes.conf` as `name=value`, one a line, and on the command line as
`--name=value` or `--name value`. **The file beats the command line**, because the Launcher always passes a full set of
flags and the file is the administrator's word. A commented sample with every option is
[launcher.kubernetes.conf.sample](launcher.kubernetes.conf.sample).

- Booleans are `1`, `true`, `yes`, `on` or `0`, `false`, `no`, `off`, in any case; a boolean flag alone means yes.
- `#` begins a comment anywhere in a line. There are no quotes, no sections and no continued lines.
- An unknown name, a name given twice or a wrong value in the file is an error at start, with file and line; all of them
  are reported at once. An unknown flag on the command line is a warning only, since a newer Launcher may pass some.
- The configuration directory is `$RSTUDIO_CONFIG_DIR`, else the first subdirectory `rstudio` in a directory of
  `$XDG_CONFIG_DIRS`, else `/etc/rstudio`. A missing file is an empty one.
- In a pod of the cluster, `api-url`, the token and `certificate-authority` are what Kubernetes gives the pod, each
  unless it is set.
";

const PROFILES: &str = "
## User and group profiles

`/etc/rstudio/launcher.kubernetes.profiles.conf` (or `profile-config`) has sections for everyone (`[*]`), for the members
of a Unix group (`[@group]`) and for a user (`[user]`). `;` or `#` at the start of a line begins a comment; values may hold
both. A commented sample is [launcher.kubernetes.profiles.conf.sample](launcher.kubernetes.profiles.conf.sample).

The file is read again when the Launcher reloads its configuration, and when the plugin receives the signal HUP. A file
with mistakes is refused as a whole, and what was in force stays in force.

**The file counts from top to bottom**: of all lines that concern a user, the last one overrides those above it, also where
a section for everyone stands below one for a user. Groups are those that the system knows, the primary group of a user too;
they are looked up again after a minute. A group that does not exist is an error.
`rstudio-kubernetes-launcher --show-profile USER` prints what holds for a user, and the line that each value is from.

- A job gets the default image and the default limits where it names none, and tells them from then on. A default beyond
  the maximum counts as the maximum; where there is only a maximum, it is the default, as a job without a limit would go
  beyond it.
- A job that asks for more than the maximum, for an image that is not allowed or for a constraint that is not offered is
  refused, and the message says what there is. Images of init containers count. While `placement-constraints` is empty, a
  job may name any constraint.
- What a user may ask for is what Cluster Info tells that user. For `*` it is what the sections for everyone say.
- `job-json-overrides` is a list of `\"/json/pointer\":\"/path/of/file\"` (RFC 6901: `~1` is a slash within a name, `~0` a tilde,
  `-` the end of a list). The value in the file replaces what stands there in the Job; parents that are absent are made, a
  list for `-` and `0`, else an object. The files are read by the server user, at start and with every reload. A change that
  takes away what the plugin needs is warned of.
- `template-data` names a file with a map, as JSON if its name ends in `.json`, else as YAML (numbers as Helm reads them). Object
  templates (`use-templating`) read it as `.Profile`, so that users and groups differ without a program: with `queue: night` in
  the file, `{{ .Profile.queue | default \"day\" | quote }}`. The last file that concerns a user counts, whole; `template-data=`
  is none. Without one, `.Profile` is an empty map. `--validate-templates` tries every file. The files are read as those of overrides are.

| key | meaning | default |
| --- | --- | --- |
";

/// The text of the page.
#[must_use]
pub fn text() -> String {
    let mut text = INTRODUCTION.to_owned();
    for group in Group::ALL {
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\n## {}\n\n| option | value | meaning | default |\n| --- | --- | --- | --- |\n",
            group.title()
        );
        for option in options_of(group) {
            let definition = option.definition();
            let mut meaning = cell(&sentence(definition.summary));
            if definition.places == Places::Flag {
                meaning.push_str(" Command line only.");
            }
            if let Some(remark) = remark(definition.support) {
                let _ = write!(meaning, " **{}**", cell(&sentence(&remark)));
            }
            let _ = writeln!(
                text,
                "| `{}` | `{}` | {meaning} | {} |",
                definition.name,
                cell(option.shape().placeholder),
                cell(&option.default_text()),
            );
        }
    }
    text.push_str(include_str!("templates.md"));
    text.push_str(PROFILES);
    for key in key::ALL {
        let _ =
            writeln!(text, "| `{}` | {} | {} |", key.name, cell(&sentence(key.summary)), cell(key.default));
    }
    text
}

/// A text that does not end its cell of a Markdown table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
