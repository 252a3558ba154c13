//! The standing attack: sessions to which all is done that can happen to one, in an order that a seed draws, beside a
//! model that says what each has to hold, and whatever they leave behind.
//!
//! Without more it is short. By hand (`tests/run attack`) it takes an hour: see CONTRIBUTING.md.
//!
//! | | |
//! |---|---|
//! | `operations` | what can be done, and how often it is |
//! | its files | how each is done, and what has to come of it |
//! | `part` | the parts of a session that the model knows |
//! | `model` | what the session holds if all is well |
//! | `answer` | what an answer says of where the session is |
//! | `scene` | what each session begins with |
//! | `session` | one session: runs cells, and compares |
//! | `usage`, `end` | what a session uses, and what is left of it |
//! | `campaign` | the sessions of all seeds, two at a time |
//! | `tally` | the figures |

mod answer;
mod campaign;
mod end;
mod model;
mod operations;
mod part;
mod scene;
mod session;
mod tally;
mod usage;

#[test]
fn no_session_loses_anything_or_leaves_anything_behind() {
    campaign::Campaign::from_environment().run();
}
