//! Every kind of object that the cluster keeps, as one table: group, version, names, scope.

use std::fmt;

/// A kind of object that is stored. Reviews, tokens and metrics are answers, not objects, and are not listed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    ConfigMap,
    Endpoints,
    Event,
    Namespace,
    Node,
    PersistentVolumeClaim,
    Pod,
    Secret,
    Service,
    ServiceAccount,
    Job,
    EndpointSlice,
    ClusterRole,
    ClusterRoleBinding,
    Role,
    RoleBinding,
}

/// Whether objects of a kind live in a namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    Namespaced,
    Cluster,
}

/// What discovery tells of a kind, and what the store needs to know of it.
#[derive(Debug)]
pub(crate) struct KindInfo {
    /// The Go type's name, as in `kind:`.
    pub(crate) name: &'static str,
    /// The API group; empty for the core group.
    pub(crate) group: &'static str,
    pub(crate) version: &'static str,
    pub(crate) plural: &'static str,
    pub(crate) singular: &'static str,
    pub(crate) short_names: &'static [&'static str],
    pub(crate) scope: Scope,
    /// Subresources that the API serves besides the object itself.
    pub(crate) subresources: &'static [&'static str],
    /// Whether `metadata.generation` counts changes of `spec`.
    pub(crate) counts_generation: bool,
    /// Part of `kubectl get all`.
    pub(crate) in_all: bool,
}

const fn info(
    name: &'static str,
    group: &'static str,
    plural: &'static str,
    singular: &'static str,
    short_names: &'static [&'static str],
    scope: Scope,
) -> KindInfo {
    KindInfo {
        name,
        group,
        version: "v1",
        plural,
        singular,
        short_names,
        scope,
        subresources: &[],
        counts_generation: false,
        in_all: false,
    }
}

use Scope::{Cluster, Namespaced};

static CONFIG_MAP: KindInfo = info("ConfigMap", "", "configmaps", "configmap", &["cm"], Namespaced);
static ENDPOINTS: KindInfo = info("Endpoints", "", "endpoints", "endpoints", &["ep"], Namespaced);
static EVENT: KindInfo = info("Event", "", "events", "event", &["ev"], Namespaced);
static NAMESPACE: KindInfo = KindInfo {
    subresources: &["finalize", "status"],
    ..info("Namespace", "", "namespaces", "namespace", &["ns"], Cluster)
};
static NODE: KindInfo =
    KindInfo { subresources: &["status"], ..info("Node", "", "nodes", "node", &["no"], Cluster) };
static CLAIM: KindInfo = KindInfo {
    subresources: &["status"],
    ..info(
        "PersistentVolumeClaim",
        "",
        "persistentvolumeclaims",
        "persistentvolumeclaim",
        &["pvc"],
        Namespaced,
    )
};
static POD: KindInfo = KindInfo {
    subresources: &["attach", "exec", "log", "status"],
    counts_generation: true,
    in_all: true,
    ..info("Pod", "", "pods", "pod", &["po"], Namespaced)
};
static SECRET: KindInfo = info("Secret", "", "secrets", "secret", &[], Namespaced);
static SERVICE: KindInfo = KindInfo {
    subresources: &["status"],
    in_all: true,
    ..info("Service", "", "services", "service", &["svc"], Namespaced)
};
static SERVICE_ACCOUNT: KindInfo = KindInfo {
    subresources: &["token"],
    ..info("ServiceAccount", "", "serviceaccounts", "serviceaccount", &["sa"], Namespaced)
};
static JOB: KindInfo = KindInfo {
    subresources: &["status"],
    counts_generation: true,
    in_all: true,
    ..info("Job", "batch", "jobs", "job", &[], Namespaced)
};
static ENDPOINT_SLICE: KindInfo = KindInfo {
    counts_generation: true,
    ..info("EndpointSlice", "discovery.k8s.io", "endpointslices", "endpointslice", &[], Namespaced)
};
const RBAC: &str = "rbac.authorization.k8s.io";
static CLUSTER_ROLE: KindInfo = info("ClusterRole", RBAC, "clusterroles", "clusterrole", &[], Cluster);
static CLUSTER_ROLE_BINDING: KindInfo =
    info("ClusterRoleBinding", RBAC, "clusterrolebindings", "clusterrolebinding", &[], Cluster);
static ROLE: KindInfo = info("Role", RBAC, "roles", "role", &[], Namespaced);
static ROLE_BINDING: KindInfo = info("RoleBinding", RBAC, "rolebindings", "rolebinding", &[], Namespaced);

impl Kind {
    /// Every kind, in the order of discovery: by group, then by plural.
    pub(crate) const ALL: [Kind; 16] = [
        Kind::ConfigMap,
        Kind::Endpoints,
        Kind::Event,
        Kind::Namespace,
        Kind::Node,
        Kind::PersistentVolumeClaim,
        Kind::Pod,
        Kind::Secret,
        Kind::Service,
        Kind::ServiceAccount,
        Kind::Job,
        Kind::EndpointSlice,
        Kind::ClusterRole,
        Kind::ClusterRoleBinding,
        Kind::Role,
        Kind::RoleBinding,
    ];

    /// This kind's row of the table.
    pub(crate) fn info(self) -> &'static KindInfo {
        match self {
            Kind::ConfigMap => &CONFIG_MAP,
            Kind::Endpoints => &ENDPOINTS,
            Kind::Event => &EVENT,
            Kind::Namespace => &NAMESPACE,
            Kind::Node => &NODE,
            Kind::PersistentVolumeClaim => &CLAIM,
            Kind::Pod => &POD,
            Kind::Secret => &SECRET,
            Kind::Service => &SERVICE,
            Kind::ServiceAccount => &SERVICE_ACCOUNT,
            Kind::Job => &JOB,
            Kind::EndpointSlice => &ENDPOINT_SLICE,
            Kind::ClusterRole => &CLUSTER_ROLE,
            Kind::ClusterRoleBinding => &CLUSTER_ROLE_BINDING,
            Kind::Role => &ROLE,
            Kind::RoleBinding => &ROLE_BINDING,
        }
    }

    /// The kind behind a path such as `/apis/batch/v1/…/jobs`; `None` when it is not stored here.
    pub(crate) fn of_resource(group: &str, version: &str, plural: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| {
            let info = kind.info();
            info.plural == plural && info.group == group && info.version == version
        })
    }

    /// The kind that an object or a reference names by `apiVersion` and `kind`.
    pub(crate) fn of_reference(api_version: &str, name: &str) -> Option<Kind> {
        Kind::ALL.into_iter().find(|kind| kind.info().name == name && kind.api_version() == api_version)
    }

    /// `v1`, `batch/v1`, …
    pub(crate) fn api_version(self) -> String {
        let info = self.info();
        if info.group.is_empty() {
            info.version.to_owned()
        } else {
            format!("{}/{}", info.group, info.version)
        }
    }

    /// The name by which errors call the resource: `pods`, `jobs.batch`.
    pub(crate) fn qualified_resource(self) -> String {
        let info = self.info();
        if info.group.is_empty() { info.plural.to_owned() } else { format!("{}.{}", info.plural, info.group) }
    }

    pub(crate) fn is_namespaced(self) -> bool {
        self.info().scope == Namespaced
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().name)
    }
}
