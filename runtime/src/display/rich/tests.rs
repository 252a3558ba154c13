//! Tests of `rich`.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

thread_local! {
    static SHOWN: Cell<u32> = const { Cell::new(0) };
}

struct Own;

impl Own {
    fn evcxr_display(&self) {
        SHOWN.set(SHOWN.get() + 1);
    }
}

struct Plain;

trait Picture {
    fn evcxr_display(&self);
}

impl<T> Picture for Option<T> {
    fn evcxr_display(&self) {
        SHOWN.set(SHOWN.get() + 1);
    }
}

macro_rules! is_shown {
    ($value:expr) => {{
        SHOWN.set(0);
        let value = &$value;
        let said = crate::show_rich!(value);
        assert_eq!(said, SHOWN.get() == 1);
        said
    }};
}

#[test]
fn an_own_method_is_found_where_a_call_finds_it() {
    assert!(is_shown!(Own));
    assert!(is_shown!(&Own));
    assert!(is_shown!(&&Own));
    assert!(is_shown!(&mut Own));
    assert!(is_shown!(Box::new(Own)));
    assert!(is_shown!(&Rc::new(Box::new(Own))));
    assert!(is_shown!(Arc::new(&Own)));
    assert!(!is_shown!(Plain));
    assert!(!is_shown!(Box::new(&Plain)));
    assert!(!is_shown!([Own]));
    assert!(!is_shown!("text"));
}

#[test]
fn a_method_of_a_trait_goes_first() {
    assert!(is_shown!(Some(5)));
    assert!(is_shown!(&Some("a")));
    assert!(is_shown!(Box::new(None::<u8>)));
    let picture: Box<dyn Picture> = Box::new(Some(1));
    assert!(is_shown!(picture));
}

mod blanket {
    use super::SHOWN;

    trait Picture {
        fn evcxr_display(&self);
    }

    impl<T: std::fmt::Debug> Picture for T {
        fn evcxr_display(&self) {
            SHOWN.set(SHOWN.get() + 1);
        }
    }

    #[test]
    fn a_trait_for_all_types_is_not_in_doubt() {
        assert!(is_shown!(5));
        assert!(is_shown!(&&"text"));
        assert!(is_shown!("text"));
        assert!(is_shown!(Box::new([1])));
        assert!(!is_shown!(super::Plain));
    }
}
