//! Variables that stand in place, as the user has written them.

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
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '#';
        let name: String = piece.chars().take_while(|c| is_part(*c)).collect();
        plain.push_str(if in_place.contains(&name) { "`" } else { "`*" });
        plain.push_str(piece);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_written_as_the_variable() {
        let in_place = Names::from(["v".to_owned()]);
        let text = "cannot borrow `*v` as `*w`, since `*v[_]` is, and `*vw`";
        let expected = "cannot borrow `v` as `*w`, since `v[_]` is, and `*vw`";
        assert_eq!(plain(text, &in_place), expected);
    }
}
