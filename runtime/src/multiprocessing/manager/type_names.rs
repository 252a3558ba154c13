//! Types by name, to see that an attribute is read as what it was set as: its bytes alone do not tell.

/// The name of a type as it is compared: what is read is owned, so a reference counts as what it refers to, a `str` as a
/// `String` and a slice as a `Vec`; and the same type of a cell may be in several crates, one for each time that it was
/// compiled.
pub(super) fn of<T: ?Sized>() -> String {
    owned(std::any::type_name::<T>())
        .split_inclusive("::")
        .map(|part| match part.rfind("cell_") {
            Some(at) if is_cell(&part[at..]) => format!("{}cell::", &part[..at]),
            _ => part.to_owned(),
        })
        .collect()
}

/// The name as the user would write it, without paths.
pub(super) fn short(name: &str) -> String {
    let mut short = String::with_capacity(name.len());
    let mut word = 0; // where the path began that is being read
    for c in name.chars() {
        match c {
            ':' => short.truncate(word),
            c if c == '_' || c.is_alphanumeric() => short.push(c),
            c => {
                short.push(c);
                word = short.len();
            }
        }
    }
    short
}

fn owned(name: &str) -> String {
    let name = name.trim_start_matches("&mut ").trim_start_matches('&');
    match name
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        _ if name == "str" => std::any::type_name::<String>().to_owned(),
        Some(item) if !item.contains(';') => {
            std::any::type_name::<Vec<()>>().replace("()", &owned(item))
        }
        _ => name.to_owned(),
    }
}

/// Whether this is `cell_` and a number, as a part of a path.
fn is_cell(part: &str) -> bool {
    let number = part.trim_start_matches("cell_").trim_end_matches("::");
    part.ends_with("::") && !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    mod cell_7 {
        pub(super) struct Bear;
    }

    #[test]
    fn what_is_read_has_the_name_of_what_was_set() {
        assert_eq!(of::<&str>(), of::<String>());
        assert_eq!(of::<&&[u8]>(), of::<Vec<u8>>());
        assert_eq!(of::<&[&str]>(), of::<Vec<String>>());
        assert_ne!(of::<[u8; 2]>(), of::<[u8; 3]>());
        assert_ne!(of::<i32>(), of::<u32>());
        assert!(of::<Vec<cell_7::Bear>>().ends_with("tests::cell::Bear>"));
    }

    #[test]
    fn paths_are_left_out() {
        assert_eq!(short(&of::<Option<Vec<&str>>>()), "Option<Vec<&str>>");
        assert_eq!(short(&of::<(u8, [String; 2])>()), "(u8, [String; 2])");
    }
}
