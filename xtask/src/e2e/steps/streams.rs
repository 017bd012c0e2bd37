//! Steps that follow output, states and resource use.

use serde_json::json;

use crate::e2e::behaviour::{Cancel, Follow, Output, OutputExpectation, Read, Refusable, Subject, What};
use crate::e2e::heard::Stream;
use crate::e2e::world::{Followed, World, check_refusal, patience, request};
use crate::failure::Failure;

pub(super) const STATUS: i64 = 4;
const OUTPUT: i64 = 6;
pub(super) const USAGE: i64 = 7;

async fn open(
    message_type: i64,
    subject: &Subject,
    output_type: i64,
    world: &mut World,
) -> Result<Followed, Failure> {
    let (id, user) = world.resolve(subject)?;
    let mut fields = json!({"jobId": id});
    if message_type == OUTPUT {
        fields["outputType"] = output_type.into();
    }
    let plugin = subject.plugin.as_deref();
    let stream = world.plugin(plugin)?.open(request(message_type, &user, fields)).await?;
    Ok(Followed {
        plugin: plugin.unwrap_or(crate::e2e::world::OWN_PLUGIN).to_owned(),
        id: stream,
        message_type,
    })
}

/// Waits until a stream has something, a complete message or an Error.
async fn wait_for<T>(
    followed: &Followed,
    within: Option<u64>,
    expected: &str,
    world: &mut World,
    mut look: impl FnMut(&Stream) -> Option<T>,
) -> Result<T, Failure> {
    let id = followed.id;
    let listener = world.plugin(Some(&followed.plugin))?.listener().clone();
    let mut last = String::new();
    listener
        .until(patience(within), expected, |heard| {
            let stream = heard.streams.get(&id)?;
            last = describe(stream);
            look(stream)
        })
        .await
        .map_err(|e| Failure::new(format!("{e}; so far: {last}")))
}

fn describe(stream: &Stream) -> String {
    let text: String = stream.text.chars().take(300).collect();
    format!(
        "{} bytes {text:?}, {} samples, states {:?}, complete {}, error {:?}",
        stream.text.len(),
        stream.samples.len(),
        stream.states.iter().map(|s| s.status.as_str()).collect::<Vec<_>>(),
        stream.complete,
        stream.error,
    )
}

pub(super) async fn output(step: &Output, world: &mut World) -> Result<(), Failure> {
    let output_type = match step.stream.as_deref() {
        Some("stdout") => 0,
        Some("stderr") => 1,
        None | Some("both") => 2,
        Some(other) => return Err(Failure::new(format!("'{other}' is no stream"))),
    };
    let followed = open(OUTPUT, &step.subject, output_type, world).await?;
    let (error, wrong) = wait_for(&followed, None, "the whole output", world, |stream| {
        (stream.complete || stream.error.is_some())
            .then(|| (stream.error.clone(), mismatch(&step.expected, stream)))
    })
    .await?;
    check_refusal(&error.unwrap_or_else(|| json!({})), step.refused.as_ref())?;
    match wrong {
        Some(wrong) if step.refused.is_none() => Err(Failure::new(wrong)),
        _ => Ok(()),
    }
}

fn mismatch(expected: &OutputExpectation, stream: &Stream) -> Option<String> {
    let text = &stream.text;
    let shown = || describe(stream);
    if let Some(is) = &expected.is
        && text != is
    {
        return Some(format!("expected {is:?}: {}", shown()));
    }
    if let Some(part) = &expected.holds
        && !text.contains(part.as_str())
    {
        return Some(format!("lacks {part:?}: {}", shown()));
    }
    if let Some(repeats) = &expected.repeats
        && *text != repeats.text.repeat(repeats.times)
    {
        return Some(format!("is not {:?} {} times: {}", repeats.text, repeats.times, shown()));
    }
    if let Some(bytes) = expected.bytes
        && text.len() as u64 != bytes
    {
        return Some(format!("has {} bytes, expected {bytes}", text.len()));
    }
    match &expected.kinds {
        Some(kinds) if !stream.kinds.iter().eq(kinds) => {
            Some(format!("came as {:?}, expected {kinds:?}", stream.kinds))
        }
        _ => None,
    }
}

pub(super) async fn refused(message_type: i64, step: &Refusable, world: &mut World) -> Result<(), Failure> {
    let followed = open(message_type, &step.subject, 2, world).await?;
    let error = wait_for(&followed, None, "an Error", world, |stream| stream.error.clone()).await?;
    check_refusal(&error, Some(&step.refused))
}

pub(super) async fn follow(step: &Follow, world: &mut World) -> Result<(), Failure> {
    let message_type = match step.what {
        What::Output => OUTPUT,
        What::Status => STATUS,
        What::Usage => USAGE,
    };
    let followed = open(message_type, &step.subject, 2, world).await?;
    world.followed.insert(step.alias.clone(), followed);
    Ok(())
}

pub(super) async fn read(step: &Read, world: &mut World) -> Result<(), Failure> {
    let followed = world
        .followed
        .remove(&step.from)
        .ok_or_else(|| Failure::new(format!("no stream is called '{}'", step.from)))?;
    let done = read_from(step, &followed, world).await;
    world.followed.insert(step.from.clone(), followed);
    done
}

async fn read_from(step: &Read, followed: &Followed, world: &mut World) -> Result<(), Failure> {
    let job = match &step.status {
        Some(_) => Some(world.job(step.job.as_deref())?.id),
        None => None,
    };
    let never = match &step.never {
        Some(alias) => Some(world.job(Some(alias))?.id),
        None => None,
    };
    let expected =
        OutputExpectation { is: step.is.clone(), bytes: step.bytes, ..OutputExpectation::default() };
    let wrong = wait_for(followed, step.within_seconds, &format!("{step:?}"), world, |stream| {
        if let Some(error) = &stream.error {
            return Some(Some(format!("the stream ended with {error}")));
        }
        if let Some(never) = &never
            && stream.latest(never).is_some()
        {
            return Some(Some(format!("told of '{never}'")));
        }
        let met = step.holds.as_ref().is_none_or(|part| stream.text.contains(part.as_str()))
            && step.sample.as_ref().is_none_or(|key| stream.samples.iter().any(|s| s[key].is_number()))
            && job
                .as_ref()
                .is_none_or(|id| stream.latest(id).is_some_and(|s| Some(&s.status) == step.status.as_ref()))
            && (!step.complete || stream.complete);
        if met {
            return Some(if step.complete { mismatch(&expected, stream) } else { None });
        }
        // A stream that is complete brings no more.
        stream.complete.then(|| Some(format!("ended: {}", describe(stream))))
    })
    .await?;
    wrong.map_or(Ok(()), |wrong| Err(Failure::new(wrong)))
}

pub(super) async fn cancel(step: &Cancel, world: &mut World) -> Result<(), Failure> {
    let followed = world
        .followed
        .get(&step.stream)
        .ok_or_else(|| Failure::new(format!("no stream is called '{}'", step.stream)))?;
    let (plugin, id, message_type) = (followed.plugin.clone(), followed.id, followed.message_type);
    let message = request(message_type, "*", json!({"requestId": id, "jobId": "*", "cancel": true}));
    world.plugin(Some(&plugin))?.send(&message).await
}
