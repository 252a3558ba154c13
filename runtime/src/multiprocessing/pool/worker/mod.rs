//! A worker: the process that runs tasks.

mod outbox;

use std::collections::HashMap;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use self::outbox::Outbox;
use crate::multiprocessing::children::{link, recorded};
use crate::multiprocessing::memory::ring::{Reader, Writer, size_of_ring};
use crate::multiprocessing::memory::segment::Segment;
use crate::multiprocessing::pool::doorbell::Doorbell;
use crate::multiprocessing::pool::task::{self, Input, Loaded};
use crate::multiprocessing::pool::wire::{
    self, FromWorker, INBOX, INLINE, Letter, OUTBOX, Outcome, Place, ToWorker,
};
use crate::multiprocessing::transport::codec::Sink;
use crate::multiprocessing::transport::descriptors;
use crate::multiprocessing::transport::packet::Packet;
use crate::process::output;

struct Worker {
    inbox: Reader,
    outbox: Arc<Outbox>,
    functions: HashMap<u32, Loaded>,
    segments: HashMap<u32, Segment>,
    descriptors: HashMap<u64, Vec<OwnedFd>>,
    /// Kept mapped: both rings are in it.
    _rings: Segment,
    spin: u32,
}

/// A worker's whole life.
pub(super) fn main(packet: Packet) -> i32 {
    let Ok(mut worker) = Worker::new(packet) else {
        return 1;
    };
    match worker.serve() {
        Ok(()) => 0,
        Err(_) => 1, // the host says so
    }
}

impl Worker {
    fn new(packet: Packet) -> io::Result<Self> {
        let spin = packet.bytes.first().copied().unwrap_or_default();
        let Ok([rings, doorbell]) = <[OwnedFd; 2]>::try_from(packet.descriptors) else {
            return Err(io::ErrorKind::InvalidData.into());
        };
        let rings = Segment::from_descriptor(rings)?;
        let doorbell = Doorbell::from_descriptor(doorbell)?;
        // SAFETY: the parent made this memory for the two rings, and uses their other sides.
        let (inbox, writer) = unsafe {
            let second = rings.as_mut_ptr().add(size_of_ring(INBOX));
            (
                Reader::new(rings.as_mut_ptr(), INBOX),
                Writer::new(second, OUTBOX),
            )
        };
        let writer = Mutex::new(writer);
        let outbox = Arc::new(Outbox { writer, doorbell });
        let events = outbox.clone();
        output::set_sink(Box::new(move |event| events.event(event)));
        Ok(Self {
            inbox,
            outbox,
            functions: HashMap::new(),
            segments: HashMap::new(),
            descriptors: HashMap::new(),
            _rings: rings,
            spin: u32::from(spin) * 64,
        })
    }

    fn serve(&mut self) -> io::Result<()> {
        let mut record = Vec::new();
        let broken = |_| io::Error::from(io::ErrorKind::InvalidData);
        loop {
            let mut spun = 0;
            while !self.inbox.pop(&mut record).map_err(broken)? {
                if spun < self.spin {
                    spun += 1;
                    std::hint::spin_loop();
                } else {
                    self.inbox.wait();
                }
            }
            let (message, bytes) = wire::split::<ToWorker>(&record).map_err(broken)?;
            match message {
                ToWorker::Define {
                    function,
                    shim,
                    callee,
                } => {
                    let loaded = task::load(&shim, callee.as_ref());
                    self.functions.insert(function, loaded);
                }
                ToWorker::Task {
                    chunk,
                    function,
                    cell,
                    items,
                    place,
                    descriptors,
                    recorded,
                } => {
                    output::run_cell(cell);
                    recorded::set(recorded);
                    let descriptors = match descriptors {
                        true => self.descriptors(chunk)?,
                        false => Vec::new(),
                    };
                    self.run(chunk, function, items, place, bytes, descriptors)?;
                }
                ToWorker::Forget { segment } => drop(self.segments.remove(&segment)),
                ToWorker::Exit => return Ok(()),
            }
        }
    }

    fn run(
        &mut self,
        chunk: u64,
        function: u32,
        items: u32,
        place: Place,
        here: &[u8],
        descriptors: Vec<OwnedFd>,
    ) -> io::Result<()> {
        let begin = Instant::now();
        let found = self.functions.get(&function);
        let found = found.ok_or(io::ErrorKind::InvalidData)?.clone();
        let (at, length, spare) = match place {
            Place::Here => (here.as_ptr(), here.len(), None),
            Place::Segment { segment, length } => {
                let memory = self.segment(segment)?.cast_const();
                let length = usize::try_from(length).map_err(io::Error::other)?;
                (memory, length, (items == 1).then_some(segment))
            }
        };
        // SAFETY: `here` is borrowed until the end; a segment's bytes are the host's, which writes
        // again only after the chunk is done, and this worker's result goes there only when its one
        // argument has been read.
        let input = unsafe { Input::new(at, length) };
        let mut results = Results {
            worker: self,
            bytes: Vec::new(),
            spare,
            segment: None,
        };
        let (ran, carried) = descriptors::collecting(|| {
            descriptors::supplying(descriptors, || {
                task::call(found, items, input, &mut results)
            })
        });
        let outcome = match ran {
            Ok(()) => Outcome::Completed,
            Err((outcome, bytes)) => {
                results.restart(bytes);
                outcome
            }
        };
        let (place, bytes, outcome) = results.finish(outcome)?;
        let has_descriptors = outcome == Outcome::Completed && !carried.is_empty();
        if has_descriptors {
            let borrowed: Vec<_> = carried.iter().map(|d| d.as_fd()).collect();
            link::send(&wire::head(&Letter::Chunk { chunk }), &borrowed)?;
        }
        let message = FromWorker::Done {
            chunk,
            nanoseconds: u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX),
            outcome,
            place,
            descriptors: has_descriptors,
        };
        recorded::tell();
        self.outbox.send(&message, &bytes);
        Ok(())
    }

    /// Reads the next letter of the host, which is on its way.
    fn read_letter(&mut self) -> io::Result<Option<Option<u32>>> {
        let packet = link::receive()?.ok_or(io::ErrorKind::UnexpectedEof)?;
        match postcard::from_bytes(&packet.bytes).map_err(io::Error::other)? {
            Letter::Segment { segment } => {
                let descriptor = packet.descriptors.into_iter().next();
                let descriptor = descriptor.ok_or(io::ErrorKind::InvalidData)?;
                let memory = Segment::from_descriptor(descriptor)?;
                self.segments.insert(segment, memory);
            }
            Letter::Chunk { chunk } => {
                self.descriptors.insert(chunk, packet.descriptors);
            }
            Letter::Granted { segment } => return Ok(Some(segment)),
        }
        Ok(None)
    }

    fn segment(&mut self, segment: u32) -> io::Result<*mut u8> {
        loop {
            if let Some(memory) = self.segments.get(&segment) {
                return Ok(memory.as_mut_ptr());
            }
            self.read_letter()?;
        }
    }

    fn descriptors(&mut self, chunk: u64) -> io::Result<Vec<OwnedFd>> {
        loop {
            if let Some(descriptors) = self.descriptors.remove(&chunk) {
                return Ok(descriptors);
            }
            self.read_letter()?;
        }
    }

    /// Asks the host for a segment of at least this length.
    fn need(&mut self, length: usize) -> io::Result<u32> {
        let length = length as u64;
        self.outbox.send(&FromWorker::Need { length }, &[]);
        loop {
            if let Some(granted) = self.read_letter()? {
                return granted.ok_or_else(|| io::Error::other("there is no memory to share"));
            }
        }
    }
}

/// The results of a chunk: in a vector, or in a segment as soon as they are long.
struct Results<'a> {
    worker: &'a mut Worker,
    bytes: Vec<u8>,
    /// The arguments' segment, to be used again for the result of its one item.
    spare: Option<u32>,
    segment: Option<Filling>,
}

/// A segment that is being written.
struct Filling {
    segment: u32,
    memory: *mut u8,
    capacity: usize,
    filled: usize,
}

impl Results<'_> {
    /// Moves what there is to a segment that has room for `more`; stays where it is if there is none.
    fn move_to_segment(&mut self, more: usize) -> io::Result<()> {
        let wanted = self.bytes.len() + more;
        let fits = |worker: &Worker, segment: &u32| {
            let memory = worker.segments.get(segment);
            memory.is_some_and(|memory| memory.len() >= wanted)
        };
        let spare = self.spare.take().filter(|spare| fits(self.worker, spare));
        let segment = match spare {
            Some(segment) => segment,
            None => self.worker.need(wanted)?,
        };
        let memory = self.worker.segment(segment)?;
        let capacity = self.worker.segments[&segment].len();
        if capacity < wanted {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let mut filling = Filling {
            segment,
            memory,
            capacity,
            filled: 0,
        };
        filling.put(&std::mem::take(&mut self.bytes));
        self.segment = Some(filling);
        Ok(())
    }

    /// Forgets all that was written, for this.
    fn restart(&mut self, bytes: Vec<u8>) {
        self.segment = None;
        self.bytes = bytes;
    }

    fn finish(mut self, outcome: Outcome) -> io::Result<(Place, Vec<u8>, Outcome)> {
        let mut outcome = outcome;
        if self.segment.is_none()
            && self.bytes.len() > INLINE
            && let Err(error) = self.move_to_segment(0)
        {
            let text = format!("{} bytes: {error}", self.bytes.len());
            self.bytes = text.into_bytes();
            outcome = Outcome::BadResult;
        }
        Ok(match self.segment {
            Some(filling) => {
                let length = filling.filled as u64;
                let segment = filling.segment;
                (Place::Segment { segment, length }, Vec::new(), outcome)
            }
            None => (Place::Here, self.bytes, outcome),
        })
    }
}

impl Filling {
    fn put(&mut self, bytes: &[u8]) {
        debug_assert!(bytes.len() <= self.capacity - self.filled);
        // SAFETY: there is room, by `Sink::put`; the segment is mapped, and this worker's to write
        // until the chunk is done. The arguments, if they were in it, have been read: their one
        // item's function has returned.
        unsafe {
            std::ptr::copy_nonoverlapping(
                bytes.as_ptr(),
                self.memory.add(self.filled),
                bytes.len(),
            );
        }
        self.filled += bytes.len();
    }
}

impl Sink for Results<'_> {
    fn expect(&mut self, length: usize) {
        if self.segment.is_none() && self.bytes.len() + length > INLINE {
            // If there is no segment, `finish` says so.
            let _ = self.move_to_segment(length);
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        match &mut self.segment {
            Some(filling) if filling.capacity - filling.filled >= bytes.len() => {
                filling.put(bytes);
            }
            Some(filling) => {
                // It has turned out longer than was said: on in a vector.
                // SAFETY: these bytes were written above.
                let written = unsafe { std::slice::from_raw_parts(filling.memory, filling.filled) };
                self.bytes = [written, bytes].concat();
                self.segment = None;
            }
            None => self.bytes.extend_from_slice(bytes),
        }
    }
}
