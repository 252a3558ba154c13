//! Variables that stand in place, as the user has written them.

use crate::compiler::codegen::borrowing::places::DOT;
use crate::compiler::resolve::session_scope::variable_of;
use crate::compiler::rustc::messages::Message;
use crate::compiler::syntax::tokens::Names;

/// Writes `v` for the `*v` of generated code.
pub(super) fn as_written(message: &mut Message, in_place: &Names) {
    message.message = plain(&message.message, in_place);
    for label in message
        .spans
        .iter_mut()
        .filter_map(|span| span.label.as_mut())
    {
        *label = plain(label, in_place);
    }
    for child in &mut message.children {
        as_written(child, in_place);
    }
}

fn plain(text: &str, in_place: &Names) -> String {
    let mut pieces = text.split("`*");
    let mut plain = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let is_part = |c: char| c.is_alphanumeric() || ['_', '#', DOT].contains(&c);
        let name: String = piece.chars().take_while(|c| is_part(*c)).collect();
        let place = name.replace(DOT, ".");
        let is_in_place = in_place.contains(variable_of(&place));
        plain.push_str(if is_in_place { "`" } else { "`*" });
        plain.push_str(if is_in_place { &place } else { &name });
        plain.push_str(&piece[name.len()..]);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_the_variable() {
        let in_place = Names::from(["v".to_owned()]);
        let text = "cannot borrow `*v` as `*w`, since `*v[_]` is, and `*vw`, and `*v·a`";
        let expected = "cannot borrow `v` as `*w`, since `v[_]` is, and `*vw`, and `v.a`";
        assert_eq!(plain(text, &in_place), expected);
    }
}
