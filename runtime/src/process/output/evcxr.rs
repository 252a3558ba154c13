//! What is written for evcxr: blocks in what is printed, each with a mime type.

use std::cell::RefCell;

const BEGIN: &str = "EVCXR_BEGIN_CONTENT ";
const END: &str = "EVCXR_END_CONTENT";

thread_local! {
    static OPEN: RefCell<Open> = const { RefCell::new(Open { printed: Vec::new(), show: |_| {} }) };
}

/// What a thread has printed since a block began.
struct Open {
    printed: Vec<u8>,
    /// What shows it.
    show: fn(&[u8]),
}

impl Drop for Open {
    fn drop(&mut self) {
        (self.show)(&self.printed);
    }
}

/// Takes in what the current thread prints, if a block begins or goes on there; shows the block when it has ended.
pub(crate) fn take_in(printed: &[u8], show: fn(&[u8])) -> bool {
    let collect = |open: &RefCell<Open>| {
        let mut open = open.try_borrow_mut().ok()?;
        if open.printed.is_empty() && !begins(printed) {
            return None;
        }
        open.show = show;
        open.printed.extend_from_slice(printed);
        let ended = last_line(&open.printed).starts_with(END.as_bytes());
        Some(if ended {
            std::mem::take(&mut open.printed)
        } else {
            Vec::new()
        })
    };
    match OPEN.try_with(collect) {
        Ok(Some(whole)) => {
            show(&whole);
            true
        }
        _ => false,
    }
}

/// Shows what a block holds that has not ended with its cell.
pub(crate) fn flush() {
    let open = OPEN.try_with(|open| {
        open.try_borrow_mut()
            .map(|mut open| (std::mem::take(&mut open.printed), open.show))
    });
    if let Ok(Ok((printed, show))) = open {
        show(&printed);
    }
}

/// Whether a line of it begins a block.
fn begins(printed: &[u8]) -> bool {
    let begin = BEGIN.as_bytes();
    printed.starts_with(begin)
        || printed.contains(&b'\n')
            && printed
                .split(|byte| *byte == b'\n')
                .any(|line| line.starts_with(begin))
}

fn last_line(text: &[u8]) -> &[u8] {
    let lines = text.strip_suffix(b"\n").unwrap_or(text);
    lines
        .rsplit(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default()
}

/// Reads the blocks that `evcxr_display` prints; what stands outside them is ordinary output, and goes to `write`. A
/// block that is left open ends with the text.
pub(crate) fn blocks(printed: &str, write: &mut dyn FnMut(&[u8])) -> Vec<(String, String)> {
    let mut bundle = Vec::new();
    let mut open: Option<(String, String)> = None;
    let close = |(mime, content): (String, String)| {
        let content = content.strip_suffix('\n').unwrap_or(&content).to_owned();
        (mime, content)
    };
    for line in printed.split_inclusive('\n') {
        let bare = line.trim_end();
        if let Some(mime) = bare.strip_prefix(BEGIN) {
            let begun = (mime.trim().to_owned(), String::new());
            bundle.extend(open.replace(begun).map(close));
        } else if bare == END {
            bundle.extend(open.take().map(close));
        } else if let Some((_, content)) = &mut open {
            content.push_str(line);
        } else {
            write(line.as_bytes());
        }
    }
    bundle.extend(open.map(close));
    bundle
}
