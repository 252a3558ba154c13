//! What the server holds, and what can be done with it.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::Refusal;
use super::wire::{Answer, Blob, Call, New, Reply};

/// An object of the server.
#[derive(Debug)]
pub(super) enum Object {
    List(Vec<Blob>),
    Dict(Dict),
    Value(u64, Blob),
    Queue {
        items: VecDeque<Blob>,
        maxsize: usize,
        unfinished: u64,
    },
    Event(bool),
    /// Which process holds it.
    Lock(Option<u32>),
}

/// Pairs in the order in which their keys came.
#[derive(Debug, Default)]
pub(super) struct Dict {
    places: HashMap<Vec<u8>, u64>,
    pairs: BTreeMap<u64, (Vec<u8>, Blob)>,
    next: u64,
}

/// What became of a call.
pub(super) enum Outcome {
    Reply(Reply),
    /// It cannot be done yet.
    NotYet(Call),
}

impl Object {
    pub(super) fn new(new: New) -> Self {
        match new {
            New::List => Self::List(Vec::new()),
            New::Dict | New::Namespace => Self::Dict(Dict::default()),
            New::Value(blob) => Self::Value(0, blob),
            New::Queue { maxsize } => Self::Queue {
                items: VecDeque::new(),
                maxsize,
                unfinished: 0,
            },
            New::Event => Self::Event(false),
            New::Lock => Self::Lock(None),
        }
    }

    /// Does what is asked by a process.
    pub(super) fn call(&mut self, caller: u32, call: Call) -> Outcome {
        let reply = match self {
            Self::List(items) => list(items, call),
            Self::Dict(dict) => dict.call(call),
            Self::Value(version, blob) => value(version, blob, call),
            Self::Queue {
                items,
                maxsize,
                unfinished,
            } => return queue(items, *maxsize, unfinished, call),
            Self::Event(set) => match call {
                Call::Set | Call::Clear => {
                    *set = matches!(call, Call::Set);
                    Ok(Answer::Done)
                }
                Call::IsSet => Ok(Answer::Flag(*set)),
                Call::Wait if *set => Ok(Answer::Done),
                Call::Wait => return Outcome::NotYet(call),
                _ => Err(Refusal::Unknown),
            },
            Self::Lock(holder) => match call {
                Call::Acquire if holder.is_some() => return Outcome::NotYet(call),
                Call::Acquire => {
                    *holder = Some(caller);
                    Ok(Answer::Done)
                }
                Call::Release => holder.take().map(|_| Answer::Done).ok_or(Refusal::NotHeld),
                Call::IsSet => Ok(Answer::Flag(holder.is_some())),
                _ => Err(Refusal::Unknown),
            },
        };
        Outcome::Reply(reply)
    }

    /// A process has ended: whether something is free now that it held.
    pub(super) fn forget(&mut self, process: u32) -> bool {
        match self {
            Self::Lock(holder) if *holder == Some(process) => {
                *holder = None;
                true
            }
            _ => false,
        }
    }
}

fn number(length: usize) -> Reply {
    Ok(Answer::Number(length as u64))
}

fn list(items: &mut Vec<Blob>, call: Call) -> Reply {
    let length = items.len();
    let missing = |index| Refusal::Index { index, length };
    match call {
        Call::Len => return number(length),
        Call::Clear => items.clear(),
        Call::All => return Ok(Answer::Blobs(items.clone())),
        Call::Extend(more) => items.extend(more),
        Call::Insert(index, item) if index <= length => items.insert(index, item),
        Call::At(index) => {
            let item = items.get(index).cloned().ok_or(missing(index))?;
            return Ok(Answer::Blob(Some(item)));
        }
        Call::Replace(index, item) => *items.get_mut(index).ok_or(missing(index))? = item,
        Call::Take(index) if index < length => return Ok(Answer::Blob(Some(items.remove(index)))),
        Call::Insert(index, _) | Call::Take(index) => return Err(missing(index)),
        Call::Pop => return Ok(Answer::Blob(items.pop())),
        _ => return Err(Refusal::Unknown),
    }
    Ok(Answer::Done)
}

fn value(version: &mut u64, blob: &mut Blob, call: Call) -> Reply {
    match call {
        Call::Read => Ok(Answer::Versioned(*version, blob.clone())),
        Call::WriteIf(read, _) if read != *version => Ok(Answer::Flag(false)),
        Call::Write(new) | Call::WriteIf(_, new) => {
            *version += 1;
            *blob = new;
            Ok(Answer::Flag(true))
        }
        _ => Err(Refusal::Unknown),
    }
}

fn queue(items: &mut VecDeque<Blob>, maxsize: usize, unfinished: &mut u64, call: Call) -> Outcome {
    Outcome::Reply(match call {
        Call::Enqueue(_) if maxsize != 0 && items.len() >= maxsize => {
            return Outcome::NotYet(call);
        }
        Call::Enqueue(item) => {
            items.push_back(item);
            *unfinished += 1;
            Ok(Answer::Done)
        }
        Call::Dequeue => match items.pop_front() {
            Some(item) => Ok(Answer::Blob(Some(item))),
            None => return Outcome::NotYet(call),
        },
        Call::Len => number(items.len()),
        Call::TaskDone => match unfinished.checked_sub(1) {
            Some(rest) => {
                *unfinished = rest;
                Ok(Answer::Done)
            }
            None => Err(Refusal::TaskDone),
        },
        Call::Join if *unfinished > 0 => return Outcome::NotYet(call),
        Call::Join => Ok(Answer::Done),
        _ => Err(Refusal::Unknown),
    })
}

impl Dict {
    fn call(&mut self, call: Call) -> Reply {
        Ok(Answer::Blob(match call {
            Call::Len => return number(self.pairs.len()),
            Call::Clear => {
                self.places.clear();
                self.pairs.clear();
                return Ok(Answer::Done);
            }
            Call::All => return Ok(Answer::Pairs(self.pairs.values().cloned().collect())),
            Call::Get(key) => self.get(&key).cloned(),
            Call::Put(key, value) => self.put(key, value),
            Call::GetOrPut(key, value) => match self.get(&key) {
                Some(there) => Some(there.clone()),
                None => {
                    self.put(key, value.clone());
                    Some(value)
                }
            },
            Call::Remove(key) => {
                let place = self.places.remove(&key);
                place.and_then(|place| Some(self.pairs.remove(&place)?.1))
            }
            _ => return Err(Refusal::Unknown),
        }))
    }

    fn get(&self, key: &[u8]) -> Option<&Blob> {
        self.pairs
            .get(self.places.get(key)?)
            .map(|(_, value)| value)
    }

    fn put(&mut self, key: Vec<u8>, value: Blob) -> Option<Blob> {
        if let Some((_, there)) = self
            .places
            .get(&key)
            .and_then(|place| self.pairs.get_mut(place))
        {
            return Some(std::mem::replace(there, value));
        }
        self.places.insert(key.clone(), self.next);
        self.pairs.insert(self.next, (key, value));
        self.next += 1;
        None
    }
}
