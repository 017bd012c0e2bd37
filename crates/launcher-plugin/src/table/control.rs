//! Whether an operation may be carried out on a job now.

use std::sync::Arc;

use launcher_api::request::ControlOperation;
use launcher_api::{ErrorCode, JobId, Requester};

use super::Controlled;
use super::book::Book;
use crate::refusal::Refusal;

/// Gives the turn to an operation, if `who` sees the job, its state allows the operation, and no other operation has
/// the turn. (Launcher Plugin API, Control Job: the order of checks.)
pub(crate) fn begin(
    book: &mut Book,
    who: &Requester,
    id: &JobId,
    operation: ControlOperation,
) -> Result<Controlled, Refusal> {
    let status = book.visible(who, id)?.job.status;
    let (needed, done) = (operation.required_status(), done(operation));
    if status != needed {
        let message =
            format!("job '{id}' can't be {done}: only a {needed} job can be, and this one is {status}");
        return Err(Refusal::new(ErrorCode::InvalidJobState, message));
    }
    let entry = book.entry_mut(id).ok_or_else(Refusal::ending)?;
    if let Some(other) = entry.turn.upgrade() {
        let message =
            format!("job '{id}' can't be {done}: it is {status} and just being {}", self::done(*other));
        return Err(Refusal::new(ErrorCode::InvalidJobState, message));
    }
    let turn = Arc::new(operation);
    entry.turn = Arc::downgrade(&turn);
    Ok(Controlled { job: Arc::clone(&entry.job), _turn: turn })
}

/// What a job has been when the operation was carried out.
fn done(operation: ControlOperation) -> &'static str {
    match operation {
        ControlOperation::Suspend => "suspended",
        ControlOperation::Resume => "resumed",
        ControlOperation::Stop => "stopped",
        ControlOperation::Kill => "killed",
        ControlOperation::Cancel => "canceled",
    }
}
