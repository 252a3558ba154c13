//! What proxies and the server say to each other: one packet asks, one answers.

use std::os::fd::OwnedFd;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::Refusal;
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::descriptors::{CodecError, Descriptor};

/// A value of the user's as the server keeps it: unread.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Blob {
    pub(super) bytes: Vec<u8>,
    descriptors: Vec<Descriptor>,
    /// The value's type, where another one could be asked for.
    pub(super) type_name: Option<String>,
}

impl Blob {
    pub(super) fn pack<T: Serialize + ?Sized>(value: &T) -> Result<Self, CodecError> {
        let parcel = descriptors::pack(value)?;
        Ok(Self {
            bytes: parcel.bytes,
            descriptors: parcel.descriptors.into_iter().map(Into::into).collect(),
            type_name: None,
        })
    }

    pub(super) fn unpack<T: DeserializeOwned>(&self) -> Result<T, CodecError> {
        let descriptors = self.descriptors.iter().map(Descriptor::try_clone);
        let descriptors: Result<Vec<OwnedFd>, _> = descriptors.collect();
        descriptors::unpack(&self.bytes, descriptors.map_err(CodecError::new)?)
    }
}

/// What is asked.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Request {
    /// A new object.
    Create(New),
    /// Something of an object; the answer may take its time.
    Call(u64, Call),
    /// As `Call`, but now or never.
    Try(u64, Call),
    /// The time for the answer that is waited for has passed.
    GiveUp,
}

/// Which object to make.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum New {
    List,
    Dict,
    Namespace,
    Value(Blob),
    Queue { maxsize: usize },
    Event,
    Lock,
}

/// What an object is to do. A list, say, answers to the calls that are meant for lists.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Call {
    /// How many items there are.
    Len,
    Clear,
    /// Everything.
    All,
    // Lists.
    Extend(Vec<Blob>),
    Insert(usize, Blob),
    At(usize),
    Replace(usize, Blob),
    Take(usize),
    Pop,
    // Dicts and namespaces.
    Put(Vec<u8>, Blob),
    Get(Vec<u8>),
    GetOrPut(Vec<u8>, Blob),
    Remove(Vec<u8>),
    // Values.
    Read,
    Write(Blob),
    /// Writes if nobody has written since that version was read.
    WriteIf(u64, Blob),
    // Queues.
    Enqueue(Blob),
    Dequeue,
    TaskDone,
    Join,
    // Events and locks.
    Set,
    IsSet,
    Wait,
    Acquire,
    Release,
}

/// What the answer is.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Answer {
    Done,
    Flag(bool),
    Number(u64),
    Blob(Option<Blob>),
    Blobs(Vec<Blob>),
    Pairs(Vec<(Vec<u8>, Blob)>),
    Versioned(u64, Blob),
    /// It could not be done in time, or not at once.
    NotInTime,
}

pub(super) type Reply = Result<Answer, Refusal>;
