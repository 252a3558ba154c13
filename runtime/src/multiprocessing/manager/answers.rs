//! What a server's answers mean.

use serde::de::DeserializeOwned;

use super::error::{ManagerError, Refusal};
use super::wire::Answer;

/// The value that an answer may hold.
pub(super) fn optional<T: DeserializeOwned>(answer: Answer) -> Result<Option<T>, ManagerError> {
    match answer {
        Answer::Blob(Some(blob)) => Ok(Some(blob.unpack()?)),
        Answer::Blob(None) => Ok(None),
        _ => Err(Refusal::Unknown.into()),
    }
}

/// The value that an answer holds.
pub(super) fn unpack<T: DeserializeOwned>(answer: Answer) -> Result<T, ManagerError> {
    optional(answer)?.ok_or(Refusal::Unknown.into())
}

/// The number that an answer is.
pub(super) fn number(answer: Answer) -> Result<usize, ManagerError> {
    match answer {
        Answer::Number(number) => Ok(usize::try_from(number).unwrap_or(usize::MAX)),
        _ => Err(Refusal::Unknown.into()),
    }
}

/// An answer that came in time; else the reason.
pub(super) fn in_time(answer: Answer, refusal: Refusal) -> Result<Answer, ManagerError> {
    match answer {
        Answer::NotInTime => Err(refusal.into()),
        answer => Ok(answer),
    }
}
