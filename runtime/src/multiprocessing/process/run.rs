//! What runs in the process: the function, with its arguments.

use std::process::Termination;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::info::{IDENTITY, Identity, current_process};
use crate::multiprocessing::children::function::{Call, Function, Portable};
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;
use crate::protocol::{Event, Place};
use crate::threading::thread::panics;
use crate::threading::{Run, ThreadPanic};

pub(super) fn main_of<F, R>(packet: Packet) -> i32
where
    F: Fn() -> R + Portable,
    R: Termination,
{
    run(packet, |()| Function::<F>::get()(), |_, _| Ok(()))
}

pub(super) fn main_with<F, A>(packet: Packet) -> i32
where
    F: Call<A, Output: Termination> + Portable,
    A: Serialize + DeserializeOwned + 'static,
{
    run(
        packet,
        |args| Function::<F>::get().call(args),
        descriptors::unpack::<A>,
    )
}

pub(super) fn main_running<T: Run + DeserializeOwned>(packet: Packet) -> i32 {
    run(
        packet,
        |mut runner: T| runner.run(),
        descriptors::unpack::<T>,
    )
}

type Unpack<A> = fn(&[u8], Vec<std::os::fd::OwnedFd>) -> Result<A, descriptors::CodecError>;

/// Runs the target; gives the exit code.
fn run<A, R: Termination>(packet: Packet, target: impl FnOnce(A) -> R, unpack: Unpack<A>) -> i32 {
    let begun = panics::catch(|| begin(packet, unpack));
    let args = match begun {
        Ok(Ok(args)) => args,
        Ok(Err(error)) => {
            eprintln!(
                "{}: the arguments did not arrive: {error}",
                current_process().name
            );
            return 1;
        }
        Err(panic) => return report(&panic),
    };
    // What `report` prints for an `Err` is part of it.
    match panics::catch(|| target(args).report()) {
        Ok(code) => {
            let is = |number: &u8| std::process::ExitCode::from(*number) == code;
            (0..=u8::MAX).find(is).map_or(1, i32::from)
        }
        Err(panic) => report(&panic),
    }
}

fn begin<A>(packet: Packet, unpack: Unpack<A>) -> Result<A, descriptors::CodecError> {
    let broken = || descriptors::CodecError::new("they are cut off");
    let (length, rest) = packet.bytes.split_first_chunk().ok_or_else(broken)?;
    let length = u32::from_le_bytes(*length) as usize;
    let (head, body) = rest.split_at_checked(length).ok_or_else(broken)?;
    let identity: Identity = postcard::from_bytes(head).map_err(descriptors::CodecError::new)?;
    let _ = IDENTITY.set(identity);
    unpack(body, packet.descriptors)
}

/// Shows a panic in the cell.
fn report(panic: &ThreadPanic) -> i32 {
    let place = panic.location().and_then(|location| {
        let (rest, column) = location.rsplit_once(':')?;
        let (file, line) = rest.rsplit_once(':')?;
        Some(Place {
            file: file.to_owned(),
            line: line.parse().ok()?,
            column: column.parse().ok()?,
        })
    });
    output::send(&Event::Panic {
        cell: output::current_target(),
        panic: crate::protocol::Panic {
            thread: Some(current_process().name),
            message: panic.message().to_owned(),
            place,
            frames: Vec::new(),
        },
    });
    1
}
