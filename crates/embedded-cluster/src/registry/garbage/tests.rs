use std::time::Duration;

use super::*;
use crate::{
    faults::Faults,
    store::{DEFAULT_WINDOW, Store},
};

/// A registry with a collector, a namespace `n`, a job in it and a service that the job owns.
fn cluster() -> (Registry, CancellationToken) {
    let store = Store::new(DEFAULT_WINDOW);
    let registry = Registry::new(store.clone(), Faults::new(store));
    let stop = CancellationToken::new();
    tokio::spawn(collect(registry.clone(), stop.clone()));
    registry.create(Kind::Namespace, None, json!({"metadata": {"name": "n"}})).unwrap();
    let template = json!({"spec": {"restartPolicy": "Never", "containers": [{"name": "a", "image": "b"}]}});
    let job = json!({"metadata": {"name": "job"}, "spec": {"template": template, "suspend": true}});
    let job = registry.create(Kind::Job, Some("n"), job).unwrap();
    let owner = json!({
        "apiVersion": "batch/v1", "kind": "Job", "name": "job", "uid": job.uid(), "blockOwnerDeletion": true,
    });
    let service = json!({
        "metadata": {"name": "service", "ownerReferences": [owner]}, "spec": {"ports": [{"port": 80}]}
    });
    registry.create(Kind::Service, Some("n"), service).unwrap();
    (registry, stop)
}

/// Waits until the object is there (or not).
async fn until(registry: &Registry, kind: Kind, name: &str, wanted: impl Fn(Option<&Object>) -> bool) {
    let looking = async {
        while !wanted(registry.store().get(kind, Some("n"), name).ok().as_deref()) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), looking).await.unwrap();
}

fn delete(registry: &Registry, propagation: Propagation) {
    let options = DeleteOptions { propagation, ..DeleteOptions::default() };
    registry.delete(Kind::Job, Some("n"), "job", &options).unwrap();
}

#[tokio::test]
async fn dependents_follow_their_owner() {
    for propagation in [Propagation::Background, Propagation::Foreground] {
        let (registry, _stop) = cluster();
        delete(&registry, propagation);
        until(&registry, Kind::Service, "service", |found| found.is_none()).await;
        until(&registry, Kind::Job, "job", |found| found.is_none()).await;
    }
}

#[tokio::test]
async fn a_foreground_deletion_waits_for_a_dependent_that_blocks_it() {
    let (registry, _stop) = cluster();
    let hold = |finalizers: Value| {
        registry
            .store()
            .update(Kind::Service, Some("n"), "service", |service| {
                service["metadata"]["finalizers"] = finalizers.clone();
                Ok(())
            })
            .unwrap();
    };
    hold(json!(["example.com/hold"]));
    delete(&registry, Propagation::Foreground);
    until(&registry, Kind::Service, "service", |found| found.is_some_and(Object::is_being_deleted)).await;
    assert!(registry.store().get(Kind::Job, Some("n"), "job").unwrap().is_being_deleted());
    hold(json!([]));
    until(&registry, Kind::Job, "job", |found| found.is_none()).await;
}

#[tokio::test]
async fn orphans_live_on_without_their_owner() {
    let (registry, _stop) = cluster();
    delete(&registry, Propagation::Orphan);
    until(&registry, Kind::Job, "job", |found| found.is_none()).await;
    let service = registry.store().get(Kind::Service, Some("n"), "service").unwrap();
    assert!(Owner::of(service.value()).is_empty());
    assert!(!service.is_being_deleted());
}

#[tokio::test]
async fn an_object_made_for_an_owner_that_is_gone_does_not_stay() {
    let (registry, _stop) = cluster();
    let owner = json!({"apiVersion": "batch/v1", "kind": "Job", "name": "job", "uid": "another"});
    let service = json!({
        "metadata": {"name": "late", "ownerReferences": [owner]}, "spec": {"ports": [{"port": 80}]}
    });
    registry.create(Kind::Service, Some("n"), service).unwrap();
    until(&registry, Kind::Service, "late", |found| found.is_none()).await;
}

#[tokio::test]
async fn a_namespace_takes_its_objects_with_it() {
    let (registry, _stop) = cluster();
    registry.delete(Kind::Namespace, None, "n", &DeleteOptions::default()).unwrap();
    let refused =
        registry.create(Kind::ConfigMap, Some("n"), json!({"metadata": {"name": "x"}})).unwrap_err();
    assert_eq!(refused.to_value()["details"]["causes"][0]["reason"], "NamespaceTerminating");
    let gone = async {
        while registry.store().get(Kind::Namespace, None, "n").is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), gone).await.unwrap();
    assert!(registry.store().list(Kind::Job, Some("n")).items.is_empty());
}
