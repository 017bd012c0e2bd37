use serde_json::json;

use super::*;

fn job(name: &str) -> Value {
    json!({"metadata": {"name": name}, "spec": {"suspend": true}})
}

#[tokio::test]
async fn a_watch_sees_what_happened_after_its_version_and_nothing_before() {
    let store = Store::new(100);
    store.create(Kind::Job, Some("rstudio"), job("before")).unwrap();
    let mut watch = store.watch(Kind::Job, store.revision());
    store.create(Kind::Job, Some("rstudio"), job("after")).unwrap();
    store
        .update(Kind::Job, Some("rstudio"), "after", |job| {
            job["spec"]["suspend"] = json!(false);
            Ok(())
        })
        .unwrap();
    let first = watch.next().await.unwrap();
    assert_eq!((first.kind, first.object.name()), (ChangeKind::Added, "after"));
    let second = watch.next().await.unwrap();
    assert_eq!(second.kind, ChangeKind::Modified);
    assert_eq!(second.object.value()["metadata"]["generation"], 2);
    assert!(watch.try_next().unwrap().is_none());
}

#[tokio::test]
async fn a_watch_that_fell_out_of_the_window_is_told_so() {
    let store = Store::new(2);
    let from = store.revision();
    for name in ["a", "b", "c"] {
        store.create(Kind::Job, Some("rstudio"), job(name)).unwrap();
    }
    let expired = store.watch(Kind::Job, from).next().await.unwrap_err();
    assert_eq!(expired.to_string(), format!("too old resource version: {from} ({})", from + 1));
}

#[test]
fn a_change_of_nothing_writes_nothing() {
    let store = Store::new(10);
    let made = store.create(Kind::Job, Some("rstudio"), job("a")).unwrap();
    let same = store.update(Kind::Job, Some("rstudio"), "a", |_| Ok(())).unwrap();
    assert_eq!(same.revision(), made.revision());
}

#[test]
fn an_object_with_a_finalizer_goes_when_its_last_finalizer_does() {
    let store = Store::new(10);
    let mut object = job("a");
    object["metadata"]["finalizers"] = json!(["example.com/hold"]);
    store.create(Kind::Job, Some("rstudio"), object).unwrap();
    let outcome = store.delete(Kind::Job, Some("rstudio"), "a", &DeleteOptions::default()).unwrap();
    assert!(matches!(outcome, DeleteOutcome::Pending(_)));
    store
        .update(Kind::Job, Some("rstudio"), "a", |job| {
            job["metadata"]["finalizers"] = json!([]);
            Ok(())
        })
        .unwrap();
    assert!(store.get(Kind::Job, Some("rstudio"), "a").unwrap_err().is_not_found());
}
