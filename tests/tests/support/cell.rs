//! What came of a cell, as messages with its request as their parent brought it.

use woozle_kernel::wire::Content;
use woozle_kernel::wire::content::{
    ErrorOutput, ExecuteOk, ExecutionState, MimeBundle, Reply, StreamName,
};

#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    /// What was run, for the reader of a failure.
    #[expect(dead_code, reason = "shown by Debug")]
    pub(crate) code: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// Both streams in the order of their coming, neighbours of one stream joined.
    pub(crate) streams: Vec<(StreamName, String)>,
    /// The `text/plain` of the value of the last expression.
    pub(crate) result: Option<String>,
    /// The `text/html` of that value.
    pub(crate) html: Option<String>,
    pub(crate) displays: Vec<MimeBundle>,
    /// What displays became, with the name of each.
    pub(crate) updates: Vec<(Option<String>, MimeBundle)>,
    /// What it has asked the user.
    pub(crate) prompts: Vec<String>,
    /// Requests to clear the output: whether each waits for new output.
    pub(crate) cleared: Vec<bool>,
    pub(crate) error: Option<ErrorOutput>,
    pub(crate) reply: Option<Reply<ExecuteOk>>,
    /// Its execution count, which is announced when it begins, and stands in the reply.
    pub(crate) number: Option<u32>,
    pub(crate) idle: bool,
    /// Whether output came after `idle`.
    pub(crate) late: bool,
}

impl Cell {
    pub(super) fn new(code: &str) -> Self {
        Self {
            code: code.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn take(&mut self, content: Content) {
        let is_output = matches!(
            content,
            Content::Stream(_)
                | Content::ExecuteResult(_)
                | Content::DisplayData(_)
                | Content::Error(_)
        );
        self.late |= self.idle && is_output;
        match content {
            Content::Stream(stream) => self.take_text(stream.name, &stream.text),
            Content::ExecuteResult(result) => {
                self.result = text(&result.data, "text/plain");
                self.html = text(&result.data, "text/html");
            }
            Content::DisplayData(display) => self.displays.push(display.data),
            Content::UpdateDisplayData(new) => {
                self.updates.push((new.transient.display_id, new.data));
            }
            Content::InputRequest(request) => self.prompts.push(request.prompt),
            Content::ClearOutput(clear) => self.cleared.push(clear.wait),
            Content::Error(error) => self.error = Some(error),
            Content::ExecuteInput(input) => self.number = Some(input.execution_count),
            Content::ExecuteReply(reply) => {
                self.number = self.number.or(reply.execution_count);
                self.reply = Some(reply.outcome);
            }
            Content::Status(status) => self.idle = status.execution_state == ExecutionState::Idle,
            _ => {}
        }
    }

    fn take_text(&mut self, name: StreamName, text: &str) {
        match name {
            StreamName::Stdout => self.stdout.push_str(text),
            StreamName::Stderr => self.stderr.push_str(text),
        }
        match self.streams.last_mut() {
            Some((last, joined)) if *last == name => joined.push_str(text),
            _ => self.streams.push((name, text.to_owned())),
        }
    }

    /// Whether it has been answered: the reply and `idle`, which come on two sockets.
    pub(super) fn is_done(&self) -> bool {
        self.reply.is_some() && self.idle
    }

    pub(crate) fn is_ok(&self) -> bool {
        matches!(self.reply, Some(Reply::Ok(_)))
    }

    /// Asserts that it ran to its end, and gives it.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert!(self.is_ok() && self.error.is_none(), "{self:#?}");
        self
    }

    /// Asserts that it ran to its end with this value.
    #[track_caller]
    pub(crate) fn gives(self, result: &str) {
        let cell = self.ok();
        assert_eq!(cell.result.as_deref(), Some(result), "{cell:#?}");
    }

    /// Asserts that it ran to its end and printed this, and nothing on standard error.
    #[track_caller]
    pub(crate) fn prints(self, stdout: &str) {
        let cell = self.ok();
        assert_eq!((&*cell.stdout, &*cell.stderr), (stdout, ""), "{cell:#?}");
    }

    /// Asserts that the reply and the shown error agree, and gives the error's text without colours.
    #[track_caller]
    pub(crate) fn fails(&self) -> String {
        let (Some(Reply::Error(reply)), Some(error)) = (&self.reply, &self.error) else {
            panic!("not an error: {self:#?}");
        };
        assert_eq!(
            (&reply.ename, &reply.evalue, &reply.traceback),
            (&error.ename, &error.evalue, &error.traceback)
        );
        let text = format!(
            "{}: {}\n{}",
            error.ename,
            error.evalue,
            error.traceback.join("\n")
        );
        console::strip_ansi_codes(&text).into_owned()
    }

    /// Asserts that it failed with all of these in the error's text.
    #[track_caller]
    pub(crate) fn fails_with(&self, parts: &[&str]) {
        let text = self.fails();
        for part in parts {
            assert!(text.contains(part), "{part:?} is not in: {text}");
        }
    }
}

fn text(data: &MimeBundle, mime_type: &str) -> Option<String> {
    Some(data.get(mime_type)?.as_str()?.to_owned())
}
