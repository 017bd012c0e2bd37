//! What makes the objects of the jobs that are measured.

use super::stage::USER;
use crate::cluster::Cluster;
use crate::failure::Failure;
use crate::site::Site;

/// By what a plugin makes objects.
#[derive(Clone, Copy, Debug)]
pub(super) enum Objects {
    /// The templates that come with it.
    BuiltIn,
    /// Templates of the scratch path, with data of a profile.
    OwnTemplates,
    /// The templates that come with it, changed by overrides, for a user whose groups and limits count.
    Overridden,
}

impl Objects {
    /// The folder of a plugin that makes objects so.
    ///
    /// # Errors
    /// A file that can't be written.
    pub(super) fn site(self, cluster: &Cluster) -> Result<Site, Failure> {
        let site = Site::for_cluster(cluster)?;
        let (image, scratch) = (&cluster.image, site.scratch());
        let write = |name: &str, text: &str| {
            let path = scratch.join(name);
            std::fs::write(&path, text).map_err(|e| Failure::during(format!("writing {}", path.display()), e))
        };
        match self {
            Self::BuiltIn => {}
            Self::OwnTemplates => {
                write("data.yaml", "costCentre: 4711\nqueues: [day, night]\n")?;
                site.add_option("use-templating=1")?;
                site.write_profiles(&format!(
                    "[*]\ndefault-container-image={image}\ntemplate-data={}/data.yaml\n",
                    scratch.display()
                ))?;
            }
            Self::Overridden => {
                write("aliases", r#"[{"ip": "10.2.141.12", "hostnames": ["db01", "db02"]}]"#)?;
                write("grace", "30")?;
                let here = scratch.display();
                site.write_profiles(&format!(
                    "[*]\ndefault-container-image={image}\ndefault-cpus=0.1\nmax-cpus=4\n[@daemon]\nmax-cpus=8\n[{USER}]\n\
                     job-json-overrides=\"/spec/template/spec/hostAliases\":\"{here}/aliases\",\
                     \"/spec/template/spec/terminationGracePeriodSeconds\":\"{here}/grace\"\n"
                ))?;
            }
        }
        Ok(site)
    }
}
