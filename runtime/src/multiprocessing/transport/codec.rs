//! Values as bytes: arrays of plain numbers as they are in memory, everything else by postcard.
//!
//! Which of the two it is, the type says alone, so both sides agree.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::LazyLock;

use ndarray::{Array, Dimension, IxDyn};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::multiprocessing::memory::number::Number;
use crate::multiprocessing::transport::descriptors::CodecError;

/// Where bytes are written to.
pub trait Sink {
    /// Says that this many bytes are about to come.
    fn expect(&mut self, length: usize);
    /// Takes bytes.
    fn put(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    fn expect(&mut self, length: usize) {
        self.reserve(length);
    }

    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// Appends a value to the bytes.
pub(crate) fn encode<T: Serialize + 'static>(
    value: &T,
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    if let Some(raw) = RAW.get(&TypeId::of::<T>()) {
        (raw.encode)(value, sink);
        return Ok(());
    }
    postcard::serialize_with_flavor(value, ToSink(sink)).map_err(failed::<T>)
}

/// Takes a value from the beginning of the bytes.
pub(crate) fn decode<T: DeserializeOwned + 'static>(bytes: &mut &[u8]) -> Result<T, CodecError> {
    if let Some(raw) = RAW.get(&TypeId::of::<T>()) {
        let value = (raw.decode)(bytes).and_then(|value| value.downcast().ok());
        let value = value.ok_or_else(|| failed::<T>(postcard::Error::DeserializeUnexpectedEnd))?;
        return Ok(*value);
    }
    let (value, rest) = postcard::take_from_bytes(bytes).map_err(failed::<T>)?;
    *bytes = rest;
    Ok(value)
}

fn failed<T>(error: postcard::Error) -> CodecError {
    let name = std::any::type_name::<T>();
    CodecError::new(format!(
        "a `{name}` cannot travel between processes: {error}"
    ))
}

/// Lets postcard write into a sink.
struct ToSink<'a>(&'a mut dyn Sink);

impl postcard::ser_flavors::Flavor for ToSink<'_> {
    type Output = ();

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.put(&[byte]);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.put(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<()> {
        Ok(())
    }
}

/// How a type is written as it is in memory.
struct Raw {
    encode: fn(&dyn Any, &mut dyn Sink),
    decode: fn(&mut &[u8]) -> Option<Box<dyn Any>>,
}

static RAW: LazyLock<HashMap<TypeId, Raw>> = LazyLock::new(|| {
    let mut table = HashMap::new();
    add_number::<u8>(&mut table);
    add_number::<u16>(&mut table);
    add_number::<u32>(&mut table);
    add_number::<u64>(&mut table);
    add_number::<usize>(&mut table);
    add_number::<i8>(&mut table);
    add_number::<i16>(&mut table);
    add_number::<i32>(&mut table);
    add_number::<i64>(&mut table);
    add_number::<isize>(&mut table);
    add_number::<f32>(&mut table);
    add_number::<f64>(&mut table);
    table
});

type Table = HashMap<TypeId, Raw>;

fn add_number<N: Number>(table: &mut Table) {
    let raw = Raw {
        encode: |value, sink| {
            let vec = value.downcast_ref::<Vec<N>>().expect("the table's key");
            put_slice(vec, sink);
        },
        decode: |bytes| Some(Box::new(take_slice::<N>(bytes)?)),
    };
    table.insert(TypeId::of::<Vec<N>>(), raw);
    add_array::<N, ndarray::Ix0>(table);
    add_array::<N, ndarray::Ix1>(table);
    add_array::<N, ndarray::Ix2>(table);
    add_array::<N, ndarray::Ix3>(table);
    add_array::<N, ndarray::Ix4>(table);
    add_array::<N, ndarray::Ix5>(table);
    add_array::<N, ndarray::Ix6>(table);
    add_array::<N, IxDyn>(table);
}

fn add_array<N: Number, D: Dimension + 'static>(table: &mut Table) {
    let raw = Raw {
        encode: |value, sink| {
            let array = value
                .downcast_ref::<Array<N, D>>()
                .expect("the table's key");
            put_array(array, sink);
        },
        decode: |bytes| Some(Box::new(take_array::<N, D>(bytes)?)),
    };
    table.insert(TypeId::of::<Array<N, D>>(), raw);
}

fn put_array<N: Number, D: Dimension>(array: &Array<N, D>, sink: &mut dyn Sink) {
    sink.expect(size_of_val(array.shape()) + 16 + array.len() * size_of::<N>());
    put_slice(array.shape(), sink);
    match array.as_slice() {
        Some(slice) => put_slice(slice, sink),
        // Not in standard order: what arrives is.
        None => put_slice(&array.iter().copied().collect::<Vec<_>>(), sink),
    }
}

fn take_array<N: Number, D: Dimension>(bytes: &mut &[u8]) -> Option<Array<N, D>> {
    let shape = take_slice::<usize>(bytes)?;
    let values = take_slice::<N>(bytes)?;
    let array = Array::from_shape_vec(IxDyn(&shape), values).ok()?;
    array.into_dimensionality().ok()
}

fn put_slice<N: Number>(slice: &[N], sink: &mut dyn Sink) {
    sink.expect(8 + size_of_val(slice));
    sink.put(&(slice.len() as u64).to_le_bytes());
    // SAFETY: numbers have no padding, so all their bytes are initialised.
    sink.put(unsafe { std::slice::from_raw_parts(slice.as_ptr().cast(), size_of_val(slice)) });
}

fn take_slice<N: Number>(bytes: &mut &[u8]) -> Option<Vec<N>> {
    let (length, rest) = bytes.split_first_chunk()?;
    let length = usize::try_from(u64::from_le_bytes(*length)).ok()?;
    let (data, rest) = rest.split_at_checked(length.checked_mul(size_of::<N>())?)?;
    let mut values = Vec::<N>::with_capacity(length);
    // SAFETY: the vector has room for `length` numbers, `data` is as long, and any bytes are
    // numbers.
    unsafe {
        std::ptr::copy_nonoverlapping(data.as_ptr(), values.as_mut_ptr().cast(), data.len());
        values.set_len(length);
    }
    *bytes = rest;
    Some(values)
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use ndarray::{Array2, Array3, ArrayD, arr0};

    use super::*;

    #[track_caller]
    fn there_and_back<T: Serialize + DeserializeOwned + PartialEq + Debug + 'static>(value: T) {
        let mut bytes = Vec::new();
        encode(&value, &mut bytes).unwrap();
        encode(&7_u8, &mut bytes).unwrap();
        let mut rest = bytes.as_slice();
        assert_eq!(decode::<T>(&mut rest).unwrap(), value);
        assert_eq!(decode::<u8>(&mut rest).unwrap(), 7);
        assert!(rest.is_empty());
        for length in 0..bytes.len() - 1 {
            // Cut off: an error, or (for postcard) another value; never more.
            let _ = decode::<T>(&mut &bytes[..length]);
        }
    }

    #[test]
    fn values_come_back_as_they_were() {
        there_and_back(());
        there_and_back(String::from("a Woozle"));
        there_and_back(Some(vec![(1_u32, 2.5_f32), (3, 4.5)]));
        there_and_back(Vec::<f64>::new());
        there_and_back(vec![1.5_f64, -0.0, f64::INFINITY]);
        there_and_back(vec![i8::MIN, 0, i8::MAX]);
        there_and_back(Array2::from_shape_fn((3, 4), |(i, j)| i * 10 + j));
        there_and_back(Array2::from_shape_fn((3, 4), |(i, j)| i * 10 + j).reversed_axes());
        there_and_back(Array3::<f32>::zeros((2, 0, 3)));
        there_and_back(arr0(4_i64));
        there_and_back(ArrayD::from_elem(vec![2; 7], 1_u16));
    }

    #[test]
    fn arrays_are_copied_as_they_are() {
        let mut bytes = Vec::new();
        encode(&vec![1_u64; 1000], &mut bytes).unwrap();
        assert_eq!(bytes.len(), 8008);
    }

    #[test]
    fn an_impossible_length_is_an_error() {
        let mut bytes = u64::MAX.to_le_bytes().to_vec();
        bytes.extend([0; 64]);
        assert!(decode::<Vec<u64>>(&mut bytes.as_slice()).is_err());
        assert!(decode::<Array2<u64>>(&mut bytes.as_slice()).is_err());
    }
}
