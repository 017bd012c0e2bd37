//! The README's table of messages is the code's.

use launcher_api::message_type::{RequestType, ResponseType};

/// Each request with its answer, then what has no request of its own.
fn message_table() -> String {
    let mut table =
        String::from("| request | no. | response | no. | since |\n| --- | --- | --- | --- | --- |\n");
    for request in RequestType::ALL {
        let (response, since) = (request.response(), request.since());
        let (number, response_number) = (request.number(), response.number());
        table.push_str(&format!("| {request} | {number} | {response} | {response_number} | {since} |\n"));
    }
    for (asked, response, since) in [
        ("Multi Cluster Info, from other plugins", ResponseType::MultiClusterInfo, "never general"),
        ("none: by the plugin's own timer", ResponseType::Metrics, "3.7"),
        ("any", ResponseType::Error, "3.0 or before"),
    ] {
        table.push_str(&format!("| {asked} | | {response} | {} | {since} |\n", response.number()));
    }
    table
}

#[test]
fn the_table_of_messages_in_the_readme_is_the_one_in_the_code() {
    let readme = include_str!("../README.md");
    let table = message_table();
    assert!(readme.contains(&table), "put this table into the README:\n{table}");
}

#[test]
fn a_number_belongs_to_one_message_and_leads_back_to_it() {
    for request in RequestType::ALL {
        assert_eq!(RequestType::from_number(request.number()), Some(*request));
    }
    for response in ResponseType::ALL {
        assert_eq!(ResponseType::from_number(response.number()), Some(*response));
    }
    assert_eq!(RequestType::from_number(-1), None);
    assert_eq!(ResponseType::from_number(9), None);
}

#[test]
fn from_get_jobs_to_cluster_info_a_response_is_numbered_one_lower_than_its_request() {
    for request in RequestType::ALL.iter().filter(|request| (3..=9).contains(&request.number())) {
        assert_eq!(request.response().number(), request.number() - 1, "{request}");
    }
}
