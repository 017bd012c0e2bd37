//! Steps that submit, look at and control jobs.

use serde_json::{Map, Value, json};

use crate::e2e::behaviour::{Await, ClusterInfo, Control, Get, History, List, Subject, Submit};
use crate::e2e::matching;
use crate::e2e::world::{World, check_refusal, patience};
use crate::failure::Failure;

const SUBMIT: i64 = 2;
const GET: i64 = 3;
pub(super) const CONTROL: i64 = 5;
const CLUSTER_INFO: i64 = 9;

const TERMINAL: [&str; 4] = ["Finished", "Failed", "Killed", "Canceled"];

pub(super) async fn submit(step: &Submit, world: &mut World) -> Result<(), Failure> {
    let user = world.user(step.user.as_deref());
    if user != "*" {
        // Follow the user's jobs from before the submission, so that no state is missed.
        world.watcher(None, &user).await?;
    }
    let job = job_to_submit(&step.job, world);
    let answer = world.ask(None, SUBMIT, &user, json!({"job": job})).await?;
    check_refusal(&answer, step.refused.as_ref())?;
    if step.refused.is_some() {
        return Ok(());
    }
    let jobs = answer["jobs"].as_array().map(Vec::as_slice).unwrap_or_default();
    let [job] = jobs else {
        return Err(Failure::new(format!("a submission must be answered with one job: {answer}")));
    };
    let id = job["id"].as_str().unwrap_or("");
    if id.is_empty() || job["submissionTime"].as_str().is_none_or(str::is_empty) {
        return Err(Failure::new(format!("the job has no id or no submissionTime: {job}")));
    }
    let owner = job["user"].as_str().unwrap_or(&user).to_owned();
    world.remember(step.alias.as_deref(), id.to_owned(), owner);
    expect_part(step.has.as_ref(), job, world)
}

/// The job as the step writes it, with a name, the image, and repeated texts written out.
fn job_to_submit(written: &Map<String, Value>, world: &World) -> Value {
    let mut job = written.clone();
    job.entry("name").or_insert_with(|| "case".into());
    job.entry("container").or_insert_with(|| json!({"image": "$IMAGE"}));
    job.retain(|_, value| !value.is_null());
    let mut job = world.meant_except_stdin(job);
    write_out_repeats(&mut job);
    job
}

/// Puts the text in the place of every `{ repeat: text, times: n }`.
fn write_out_repeats(value: &mut Value) {
    match value {
        Value::Object(map) if map.len() == 2 && map.contains_key("repeat") && map.contains_key("times") => {
            let times = map["times"].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
            *value = map["repeat"].as_str().unwrap_or("").repeat(times).into();
        }
        Value::Object(map) => map.values_mut().for_each(write_out_repeats),
        Value::Array(items) => items.iter_mut().for_each(write_out_repeats),
        _ => {}
    }
}

impl World {
    /// Variables are replaced everywhere but in `stdin`, which is data.
    fn meant_except_stdin(&self, mut job: Map<String, Value>) -> Value {
        let stdin = job.remove("stdin");
        let mut job = self.meant(&Value::Object(job));
        if let Some(stdin) = stdin {
            job["stdin"] = stdin;
        }
        job
    }
}

fn expect_part(expected: Option<&Value>, actual: &Value, world: &World) -> Result<(), Failure> {
    let Some(expected) = expected else { return Ok(()) };
    match matching::difference(&world.meant(expected), actual) {
        None => Ok(()),
        Some(difference) => Err(Failure::new(format!("{difference}\nin {actual}"))),
    }
}

/// The job as Get answers it.
async fn fetch(subject: &Subject, world: &mut World, more: Value) -> Result<Value, Failure> {
    let (id, user) = world.resolve(subject)?;
    let mut fields = json!({"jobId": id});
    if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
        fields.extend(more);
    }
    world.ask(subject.plugin.as_deref(), GET, &user, fields).await
}

pub(super) async fn get(step: &Get, world: &mut World) -> Result<(), Failure> {
    let more = step.fields.as_ref().map_or_else(|| json!({}), |fields| json!({"fields": fields}));
    let answer = fetch(&step.subject, world, more).await?;
    check_refusal(&answer, step.refused.as_ref())?;
    if step.refused.is_some() {
        return Ok(());
    }
    let job = &answer["jobs"][0];
    if !job["id"].is_string() {
        return Err(Failure::new(format!("the answer holds no job with an id: {answer}")));
    }
    if let Some(key) = step.lacks.iter().find(|key| job.get(key.as_str()).is_some()) {
        return Err(Failure::new(format!("'{key}' was not asked for: {job}")));
    }
    expect_part(step.has.as_ref(), job, world)
}

/// A job in all its fields, as a user's plugin answers it now.
///
/// # Errors
/// It is not there.
pub(super) async fn whole(alias: &str, world: &mut World) -> Result<Value, Failure> {
    let subject = Subject { job: Some(alias.to_owned()), ..Subject::default() };
    let answer = fetch(&subject, world, json!({})).await?;
    check_refusal(&answer, None)?;
    Ok(answer["jobs"][0].clone())
}

pub(super) async fn list(step: &List, world: &mut World) -> Result<(), Failure> {
    let user = world.user(step.user.as_deref());
    let mut request = json!({"jobId": "*"});
    if let Some(tags) = &step.tags {
        request["tags"] = json!(tags);
    }
    if let Some(statuses) = &step.statuses {
        request["statuses"] = json!(statuses);
    }
    for (key, time) in [("startTime", &step.start), ("endTime", &step.end)] {
        if let Some(time) = time {
            request[key] = time.as_str().into();
        }
    }
    let answer = world.ask(None, GET, &user, request).await?;
    check_refusal(&answer, step.refused.as_ref())?;
    if step.refused.is_some() {
        return Ok(());
    }
    let ids: Vec<&str> =
        answer["jobs"].as_array().into_iter().flatten().filter_map(|job| job["id"].as_str()).collect();
    if !ids.is_sorted() {
        return Err(Failure::new(format!("the list is not in the order of ids: {ids:?}")));
    }
    for (aliases, wanted) in [(&step.holds, true), (&step.lacks, false)] {
        for alias in aliases {
            let id = world.job(Some(alias))?.id;
            if ids.contains(&id.as_str()) != wanted {
                let word = if wanted { "lacks" } else { "must not hold" };
                return Err(Failure::new(format!("the list {word} '{alias}': {ids:?}")));
            }
        }
    }
    Ok(())
}

pub(super) async fn await_state(step: &Await, world: &mut World) -> Result<(), Failure> {
    let subject = &step.subject;
    let (id, user) = world.resolve(subject)?;
    let plugin = subject.plugin.as_deref();
    let watcher = world.watcher(plugin, &user).await?;
    let expected =
        format!("{:?} of {id}, saying {:?}", step.status.as_deref().unwrap_or("an end"), step.says);
    let wanted = step.status.clone();
    let says = step.says.as_ref().map(|text| world.meant(&json!(text)).as_str().unwrap_or("").to_lowercase());
    let mut last_seen = None;
    let listener = world.plugin(plugin)?.listener().clone();
    let found = listener
        .until(patience(step.within_seconds), &expected, |heard| {
            let state = heard.streams.get(&watcher)?.latest(&id)?.clone();
            last_seen = Some(state.clone());
            let over = TERMINAL.contains(&state.status.as_str());
            let met = match &wanted {
                Some(status) => state.status == *status,
                None => over && step.ended,
            } && says.as_ref().is_none_or(|part| state.message.to_lowercase().contains(part));
            (met || over).then_some((met, state))
        })
        .await;
    match found {
        Ok((true, _)) => {}
        Ok((false, state)) => {
            return Err(Failure::new(format!("{expected}: it is {} '{}'", state.status, state.message)));
        }
        // A job that is gone altogether is not told of: ask.
        Err(_) if step.ended && fetch(subject, world, json!({})).await?["errorCode"] == 3 => return Ok(()),
        Err(e) => return Err(Failure::new(format!("{e}; last seen: {last_seen:?}"))),
    }
    let Some(code) = step.exit_code else { return Ok(()) };
    let job = fetch(subject, world, json!({})).await?["jobs"][0].clone();
    if job["exitCode"] == code {
        return Ok(());
    }
    Err(Failure::new(format!("the exit code is {}, expected {code}: {job}", job["exitCode"])))
}

pub(super) async fn history(step: &History, world: &mut World) -> Result<(), Failure> {
    let (id, user) = world.resolve(&step.subject)?;
    let watcher = world.watcher(None, &user).await?;
    let listener = world.plugin(None)?.listener().clone();
    let heard = listener.heard();
    let told = heard.streams.get(&watcher).map(|stream| stream.history(&id)).unwrap_or_default();
    if told == step.is {
        return Ok(());
    }
    Err(Failure::new(format!("told {told:?}, expected {:?}", step.is)))
}

pub(super) async fn control(step: &Control, world: &mut World) -> Result<(), Failure> {
    if let Some(status) = &step.once {
        let wait = Await {
            subject: Subject { user: None, ..step.subject.clone() },
            status: Some(status.clone()),
            ended: false,
            exit_code: None,
            says: None,
            within_seconds: None,
        };
        await_state(&wait, world).await?;
    }
    let (id, user) = world.resolve(&step.subject)?;
    let operation = operation_number(&step.operation)?;
    let answer = world
        .ask(step.subject.plugin.as_deref(), CONTROL, &user, json!({"jobId": id, "operation": operation}))
        .await?;
    check_refusal(&answer, step.refused.as_ref())?;
    if step.refused.is_none() && answer["operationComplete"] != true {
        return Err(Failure::new(format!("the operation was not carried out: {answer}")));
    }
    Ok(())
}

/// The number of an operation on the wire.
///
/// # Errors
/// There is none of that name.
pub(super) fn operation_number(name: &str) -> Result<i64, Failure> {
    match name {
        "suspend" => Ok(0),
        "resume" => Ok(1),
        "stop" => Ok(2),
        "kill" => Ok(3),
        "cancel" => Ok(4),
        other => Err(Failure::new(format!("'{other}' is no operation"))),
    }
}

pub(super) async fn cluster_info(step: &ClusterInfo, world: &mut World) -> Result<(), Failure> {
    let user = world.user(step.user.as_deref());
    let answer = world.ask(None, CLUSTER_INFO, &user, json!({})).await?;
    check_refusal(&answer, None)?;
    expect_part(Some(&step.has), &answer, world)
}
