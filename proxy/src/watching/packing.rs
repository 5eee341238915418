//! Compressing what many get once for all of them.
//!
//! A gzip stream is made of blocks that may be put together as long as none refers to one before it. What is the same
//! for all watchers is compressed once into such blocks; each stream adds a few small ones of its own around them, and
//! keeps no compressor.

use std::sync::Arc;

use bytes::Bytes;
use flate2::{Compress, Compression, Crc, FlushCompress};
use tokio::sync::OnceCell;

/// Above this many bytes, compressing is not done between other things.
const LONG: usize = 32 * 1024;
/// Of what is very long, each core compresses a part, of so many bytes at least: blocks of a smaller part are longer.
const PART: usize = 1 << 20;
/// A gzip header without a name or a time.
const HEADER: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
/// The empty block that ends a stream of blocks.
const LAST_BLOCK: [u8; 5] = [1, 0, 0, 0xff, 0xff];

/// Bytes that many get, and their compressed form once somebody wants it.
#[derive(Clone)]
pub(super) struct Shared(Arc<Inner>);

struct Inner {
    plain: Bytes,
    packed: OnceCell<Packed>,
}

/// Whole blocks of a compressed stream, which refer to nothing before them.
#[derive(Clone)]
pub(super) struct Packed {
    blocks: Bytes,
    crc: Arc<Crc>,
}

impl Shared {
    /// Not compressed yet.
    pub(super) fn new(plain: Bytes) -> Shared {
        Shared(Arc::new(Inner { plain, packed: OnceCell::new() }))
    }

    /// As it is.
    pub(super) fn plain(&self) -> &Bytes {
        &self.0.plain
    }

    /// Compressed, once for all.
    pub(super) async fn packed(&self) -> Packed {
        let packing = async {
            let plain = &self.0.plain;
            if plain.len() <= LONG { pack(plain) } else { pack_long(plain).await }
        };
        self.0.packed.get_or_init(|| packing).await.clone()
    }
}

async fn pack_long(plain: &Bytes) -> Packed {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let size = plain.len().div_ceil(cores).max(PART);
    let begun = (0..plain.len()).step_by(size).map(|at| {
        let part = plain.slice(at..plain.len().min(at + size));
        (part.clone(), tokio::task::spawn_blocking(move || pack(&part)))
    });
    let (mut blocks, mut crc) = (Vec::with_capacity(plain.len() / 8), Crc::new());
    for (part, packing) in begun.collect::<Vec<_>>() {
        let packed = packing.await.unwrap_or_else(|_| stored(&part));
        blocks.extend_from_slice(&packed.blocks);
        crc.combine(&packed.crc);
    }
    Packed { blocks: blocks.into(), crc: Arc::new(crc) }
}

fn pack(plain: &[u8]) -> Packed {
    let mut compress = Compress::new(Compression::new(5), false);
    let mut blocks = Vec::with_capacity(plain.len() / 8 + 64);
    loop {
        let taken = usize::try_from(compress.total_in()).unwrap_or(plain.len());
        let room = blocks.capacity() - blocks.len();
        if compress.compress_vec(&plain[taken..], &mut blocks, FlushCompress::Full).is_err() {
            return stored(plain);
        }
        let all_in = usize::try_from(compress.total_in()).is_ok_and(|taken| taken == plain.len());
        // The flush is complete when there was room left for more.
        if all_in && blocks.len() < blocks.capacity() && room > 0 {
            break;
        }
        blocks.reserve(plain.len() / 8 + 1024);
    }
    Packed { blocks: blocks.into(), crc: crc_of(plain) }
}

/// Blocks that hold bytes as they are.
fn stored(plain: &[u8]) -> Packed {
    let mut blocks = Vec::with_capacity(plain.len() + 64);
    for piece in plain.chunks(usize::from(u16::MAX)) {
        let length = u16::try_from(piece.len()).unwrap_or(u16::MAX);
        blocks.push(0);
        blocks.extend(length.to_le_bytes());
        blocks.extend((!length).to_le_bytes());
        blocks.extend_from_slice(piece);
    }
    Packed { blocks: blocks.into(), crc: crc_of(plain) }
}

fn crc_of(plain: &[u8]) -> Arc<Crc> {
    let mut crc = Crc::new();
    crc.update(plain);
    Arc::new(crc)
}

/// A gzip stream that is put together of blocks.
#[derive(Default)]
pub(super) struct Packer {
    begun: bool,
    crc: Crc,
}

impl Packer {
    /// Adds what only this stream has.
    pub(super) fn own(&mut self, plain: &[u8], out: &mut Vec<Bytes>) {
        self.shared(&stored(plain), out);
    }

    /// Adds what was compressed for many.
    pub(super) fn shared(&mut self, packed: &Packed, out: &mut Vec<Bytes>) {
        if !std::mem::replace(&mut self.begun, true) {
            out.push(Bytes::from_static(&HEADER));
        }
        self.crc.combine(&packed.crc);
        out.push(packed.blocks.clone());
    }

    /// Ends the stream.
    pub(super) fn end(&mut self, out: &mut Vec<Bytes>) {
        self.own(&[], out);
        let mut end = LAST_BLOCK.to_vec();
        end.extend(self.crc.sum().to_le_bytes());
        end.extend(self.crc.amount().to_le_bytes());
        out.push(end.into());
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;
    use proptest::prelude::*;

    use super::*;

    fn unpacked(pieces: &[Bytes]) -> Vec<u8> {
        let mut out = Vec::new();
        GzDecoder::new(&pieces.concat()[..]).read_to_end(&mut out).unwrap();
        out
    }

    proptest! {
        #[test]
        fn what_is_put_together_is_one_gzip_stream(
            parts in prop::collection::vec((any::<bool>(), prop::collection::vec(0..4u8, 0..2000)), 0..6),
        ) {
            let (mut packer, mut out) = (Packer::default(), Vec::new());
            for (shared, part) in &parts {
                if *shared { packer.shared(&pack(part), &mut out) } else { packer.own(part, &mut out) }
            }
            packer.end(&mut out);
            let whole: Vec<u8> = parts.into_iter().flat_map(|(_, part)| part).collect();
            prop_assert_eq!(unpacked(&out), whole);
        }
    }

    #[tokio::test]
    async fn what_is_long_is_packed_as_well_and_small() {
        let plain = Bytes::from("a row of a long list, ".repeat(100_000));
        let packed = Shared::new(plain.clone()).packed().await;
        assert!(packed.blocks.len() < plain.len() / 50, "{}", packed.blocks.len());
        let (mut packer, mut out) = (Packer::default(), Vec::new());
        packer.shared(&packed, &mut out);
        packer.end(&mut out);
        assert_eq!(unpacked(&out), plain);
    }

    #[test]
    fn what_does_not_compress_is_whole_too() {
        let noise: Vec<u8> = (0..200_000_u64).map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) as u8).collect();
        for packed in [pack(&noise), stored(&noise)] {
            let (mut packer, mut out) = (Packer::default(), Vec::new());
            packer.shared(&packed, &mut out);
            packer.end(&mut out);
            assert_eq!(unpacked(&out), noise);
        }
    }
}
