//! Which container is meant.

use crate::{status_error::StatusError, store::Object};

/// The container that a query names, or the only one.
///
/// # Errors
/// 400 when there are several and none is named, or none of that name.
pub(super) fn container(pod: &Object, asked: Option<&str>) -> Result<String, StatusError> {
    let name = pod.name();
    let names = |field: &str| -> Vec<String> {
        let list = pod.value()["spec"][field].as_array();
        list.into_iter().flatten().filter_map(|item| item["name"].as_str()).map(str::to_owned).collect()
    };
    let containers = names("containers");
    let init_containers = names("initContainers");
    match asked {
        Some(asked) if containers.iter().chain(&init_containers).any(|known| known == asked) => {
            Ok(asked.to_owned())
        }
        Some(asked) => {
            Err(StatusError::bad_request(format!("container {asked} is not valid for pod {name}")))
        }
        None => match containers.as_slice() {
            [only] => Ok(only.clone()),
            _ => {
                let all: Vec<String> = init_containers.into_iter().chain(containers).collect();
                Err(StatusError::bad_request(format!(
                    "a container name must be specified for pod {name}, choose one of: [{}]",
                    all.join(" ")
                )))
            }
        },
    }
}

/// Whether the scheduler has found a node.
pub(super) fn has_node(pod: &Object) -> bool {
    pod.value()["spec"]["nodeName"].as_str().is_some_and(|node| !node.is_empty())
}
