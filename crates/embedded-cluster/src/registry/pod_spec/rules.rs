//! The specification of a pod: what may be wrong with it.

use serde_json::{Value, json};

use super::{
    super::{causes::Causes, metadata, names},
    container_rules, volume_rules,
};

const MAX_ID: i64 = i32::MAX as i64;

/// Checks a specification at `path` (`spec`, or `spec.template.spec`).
pub(in crate::registry) fn validate(spec: &Value, path: &str, causes: &mut Causes) {
    volume_rules::validate(&spec["volumes"], path, causes);
    container_rules::validate(spec, path, causes);
    causes.one_of(format!("{path}.restartPolicy"), &spec["restartPolicy"], &["Always", "OnFailure", "Never"]);
    causes.one_of(
        format!("{path}.dnsPolicy"),
        &spec["dnsPolicy"],
        &["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"],
    );
    security(&spec["securityContext"], path, causes);
    metadata::labels(&spec["nodeSelector"], &format!("{path}.nodeSelector"), causes);
    if let Some(name) = spec["serviceAccountName"].as_str().filter(|name| !name.is_empty()) {
        causes.check(format!("{path}.serviceAccountName"), name, names::subdomain(name));
    }
    if let Some(name) = spec["hostname"].as_str().filter(|name| !name.is_empty()) {
        causes.check(format!("{path}.hostname"), name, names::label(name));
    }
    causes.between(format!("{path}.activeDeadlineSeconds"), &spec["activeDeadlineSeconds"], 1, MAX_ID);
    tolerations(&spec["tolerations"], path, causes);
    for (index, alias) in spec["hostAliases"].as_array().into_iter().flatten().enumerate() {
        let address = alias["ip"].as_str().unwrap_or_default();
        if address.parse::<std::net::IpAddr>().is_err() {
            causes.invalid(
                format!("{path}.hostAliases[{index}].ip"),
                &alias["ip"],
                "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)",
            );
        }
    }
    if spec["shareProcessNamespace"] == true && spec["hostPID"] == true {
        causes.invalid(
            format!("{path}.shareProcessNamespace"),
            &json!(true),
            "ShareProcessNamespace and HostPID cannot both be enabled",
        );
    }
}

fn security(context: &Value, path: &str, causes: &mut Causes) {
    for field in ["fsGroup", "runAsUser", "runAsGroup"] {
        causes.between(format!("{path}.securityContext.{field}"), &context[field], 0, MAX_ID);
    }
    for (index, group) in context["supplementalGroups"].as_array().into_iter().flatten().enumerate() {
        causes.between(format!("{path}.securityContext.supplementalGroups[{index}]"), group, 0, MAX_ID);
    }
}

fn tolerations(tolerations: &Value, path: &str, causes: &mut Causes) {
    for (index, toleration) in tolerations.as_array().into_iter().flatten().enumerate() {
        let path = format!("{path}.tolerations[{index}]");
        let key = toleration["key"].as_str().unwrap_or_default();
        if key.is_empty() && toleration["operator"] != "Exists" {
            causes.invalid(
                format!("{path}.operator"),
                &toleration["operator"],
                "operator must be Exists when `key` is empty, which means \"match all values and all keys\"",
            );
        } else {
            causes.check(
                format!("{path}.key"),
                key,
                (!key.is_empty()).then(|| names::qualified_key(key)).flatten(),
            );
        }
        causes.one_of(format!("{path}.operator"), &toleration["operator"], &["Equal", "Exists"]);
        causes.one_of(
            format!("{path}.effect"),
            &toleration["effect"],
            &["NoSchedule", "PreferNoSchedule", "NoExecute"],
        );
    }
}

/// What a client is warned about.
pub(in crate::registry) fn warnings(spec: &Value, path: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    for (index, secret) in spec["imagePullSecrets"].as_array().into_iter().flatten().enumerate() {
        if secret["name"].as_str().unwrap_or_default().is_empty() {
            warnings.push(format!("{path}.imagePullSecrets[{index}].name: invalid empty name \"\""));
        }
    }
    warnings.extend(container_rules::warnings(spec, path));
    warnings
}
