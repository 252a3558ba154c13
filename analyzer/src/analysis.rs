//! evcxr's analysis: its context is asked as its own Jupyter kernel asks it.
//!
//! evcxr learns of items and variables by running cells, which here must never happen: the cells
//! have run already, in the host. So the whole notebook, as code, stands before the cell in each
//! question. evcxr takes that apart as it does with any cell, and runs nothing.

use std::path::Path;

use evcxr::CommandContext;

use crate::crates::{self, Crates};
use crate::protocol::{Completion, Notebook, Page, Place};
use crate::words;

/// The analysis of one notebook.
pub struct Analysis {
    context: CommandContext,
    crates: Crates,
    code: String,
    /// Counts how often evcxr was made to read the crates again.
    readings: u32,
}

impl Analysis {
    /// Starts evcxr, whose own files are in the folder that `EVCXR_TMPDIR` names.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let crates = Crates::new(folder).map_err(|error| error.to_string())?;
        // What its runner prints goes nowhere.
        let (mut context, _) = CommandContext::new().map_err(|error| error.to_string())?;
        context
            .execute(&crates.command())
            .map_err(|error| error.to_string())?;
        Ok(Self {
            context,
            crates,
            code: String::new(),
            readings: 0,
        })
    }

    /// Takes in what the notebook is by now.
    pub fn learn(&mut self, notebook: Notebook) -> Result<(), String> {
        let changed = self.crates.set(notebook.crates);
        if changed.map_err(|error| error.to_string())? {
            // evcxr reads the crates again when its own manifest changes. The level of optimisation
            // is in that, and means nothing here.
            self.readings += 1;
            let level = (self.readings % 2).to_string();
            let set = self.context.set_opt_level(&level);
            set.map_err(|error| error.to_string())?;
        }
        self.code = self.crates.imports() + &notebook.code;
        Ok(())
    }

    /// Has all sources read, and what most questions need worked out.
    pub fn warm_up(&mut self) {
        for code in ["String::new().", "std::thread::"] {
            let place = Place {
                code: code.to_owned(),
                cursor: code.len(),
            };
            let _ = self.complete(&place);
        }
    }

    /// What can stand at a place.
    pub fn complete(&mut self, place: &Place) -> Result<Vec<Completion>, String> {
        let before = before(place)?;
        let (source, position) = (
            format!("{}{}", self.code, place.code),
            self.code.len() + before.len(),
        );
        let found = self.context.completions(&source, position);
        let found = found.map_err(|error| error.to_string())?;
        let prefix = words::last_name(before);
        let is_member = before[..before.len() - prefix.len()].ends_with('.');
        let mut completions: Vec<Completion> = found
            .completions
            .iter()
            .filter_map(|found| words::completion(&found.code, found.kind, is_member))
            .filter(|found| found.text.starts_with(prefix) && found.text != crates::NAME)
            .collect();
        completions.sort_by(|a, b| a.text.cmp(&b.text));
        completions.dedup_by(|a, b| a.text == b.text);
        Ok(completions)
    }

    /// What is known of the name that ends at a place.
    pub fn inspect(&mut self, place: &Place) -> Result<Option<Page>, String> {
        self.page(before(place)?)
    }

    /// The page of the name that this code ends with.
    fn page(&mut self, code: &str) -> Result<Option<Page>, String> {
        // evcxr recognises some methods as such only if they are called.
        for call in ["", "("] {
            let source = format!("{}{code}{call}", self.code);
            let found = self.context.hover_at(&source, source.len());
            let (plain, html) = found.map_err(|error| error.to_string())?;
            if let Some(page) = words::page(&plain, &html) {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }
}

/// The code before the cursor.
fn before(place: &Place) -> Result<&str, String> {
    let before = place.code.get(..place.cursor);
    before.ok_or_else(|| "the cursor is not between two characters".to_owned())
}
