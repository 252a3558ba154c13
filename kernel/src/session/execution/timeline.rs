//! A cell under `%%timeline`: what its threads did is drawn at its end.

use woozle::protocol::Recorded;

use crate::server::CellContext;
use crate::session::engine::Engine;
use crate::session::magics::timeline;
use crate::session::output::router::mime_bundle;
use crate::wire::content::{DisplayData, MimeBundle, Transient};

impl Engine {
    /// Shows what was recorded while a cell ran.
    pub(crate) fn show_timeline(
        &mut self,
        number: u32,
        recorded: &[Recorded],
        context: &CellContext,
    ) {
        let router = &*self.published.router;
        let picture = timeline::picture(recorded, number, &self.compiler, router);
        if !context.silent {
            let display = DisplayData {
                data: mime_bundle(timeline::bundle(&picture)),
                metadata: MimeBundle::new(),
                transient: Transient::default(),
            };
            context.iopub.send(&context.parent, display);
        }
        self.last_timeline = Some(picture);
    }
}
