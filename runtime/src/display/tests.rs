//! Tests of what values look like.

use ndarray::{Array2, Array3, array};
use serde::Serialize;

use super::*;

fn plain(value: &impl Show) -> String {
    let bundle = value.mime_bundle();
    bundle.get("text/plain").unwrap_or_default().to_owned()
}

fn html(value: &impl Show) -> String {
    let bundle = value.mime_bundle();
    bundle.get("text/html").unwrap_or_default().to_owned()
}

#[test]
fn a_table_lines_up_in_the_order_of_the_fields() {
    #[derive(Serialize)]
    struct Row {
        name: &'static str,
        count: Option<u32>,
    }
    let row = |name, count| Row { name, count };
    let table = Table::of(&[row("Wöozle", Some(1)), row("<b>", None)]).expect("it has rows");
    assert_eq!(plain(&table), "   name    count\n0  Wöozle      1\n1  <b>");
    assert!(html(&table).contains("<th>name</th><th>count</th>"));
    assert!(html(&table).contains("&lt;b&gt;"), "text is escaped");
}

#[test]
fn a_table_of_tuples_and_of_numbers_has_columns() {
    let tuples = Table::of(&[(1, "a"), (2, "b")]).expect("it has rows");
    assert_eq!(plain(&tuples), "   0  1\n0  1  a\n1  2  b");
    let named = tuples.with_header(["n", "letter"]);
    assert_eq!(plain(&named), "   n  letter\n0  1  a\n1  2  b");
    let numbers = Table::of(&[1.5, 20.0]).expect("it has rows");
    assert_eq!(plain(&numbers), "   value\n0    1.5\n1   20.0");
    let none = Table::of::<u8>(&[]).expect("it has rows");
    assert_eq!(plain(&none), "");
}

#[test]
fn a_long_table_is_cut_and_says_so() {
    let rows: Vec<usize> = (0..1000).collect();
    let text = plain(&Table::of(&rows).expect("it has rows"));
    assert_eq!(text.lines().count(), 1 + 60 + 1);
    assert!(text.contains("\n999    999\n"), "{text}");
    assert!(text.ends_with("1000 rows, 1 columns"), "{text}");
    let wide = plain(&Table::matrix(&Array2::<u8>::zeros((2, 100))));
    assert!(wide.ends_with("2 rows, 100 columns"), "{wide}");
    assert!(
        wide.lines()
            .next()
            .is_some_and(|line| line.ends_with("98  99"))
    );
}

#[test]
fn pictures_are_png() {
    let gray = Image::gray(&array![[0.0, f64::NAN], [5.0, 10.0]]).expect("it has pixels");
    let mut reader = png::Decoder::new(std::io::Cursor::new(gray.as_bytes()))
        .read_info()
        .expect("it is a PNG");
    let mut pixels = [0; 8];
    reader.next_frame(&mut pixels).expect("it has a frame");
    assert_eq!(pixels, [0, 255, 0, 0, 128, 255, 255, 255]);
    assert!(gray.mime_bundle().get("image/png").is_some());
    assert_eq!(plain(&gray), "<image, 2 x 2>");
    assert!(Image::rgb(&Array3::zeros((4, 3, 3))).is_ok());
}

#[test]
fn what_is_no_picture_is_refused() {
    let refused = |picture: Result<Image, ImageError>| picture.expect_err("no picture").to_string();
    assert!(refused(Image::gray(&Array2::<f64>::zeros((0, 3)))).contains("no pixels"));
    assert!(refused(Image::rgb(&Array3::zeros((4, 3, 2)))).contains("has 2 values"));
    assert!(refused(Image::from_bytes(b"GIF89a".to_vec())).contains("neither"));
    assert!(Image::from_bytes(vec![0xff, 0xd8, 0xff, 0]).is_ok());
}

#[test]
fn what_shows_itself_goes_before_its_debug_form() {
    #[derive(Debug)]
    struct Both;
    impl Show for Both {
        fn mime_bundle(&self) -> MimeBundle {
            MimeBundle::text("shown")
        }
    }
    struct Neither;
    assert_eq!(crate::mime_bundle!(Both), MimeBundle::text("shown"));
    assert_eq!(crate::mime_bundle!(&Both), MimeBundle::text("shown"));
    assert_eq!(crate::mime_bundle!("a"), MimeBundle::text("\"a\""));
    let name = crate::mime_bundle!(Neither);
    assert!(
        name.get("text/plain")
            .is_some_and(|text| text.contains("no Debug form"))
    );
    assert_eq!(plain(&Html::new("<i>a</i> &lt;b&gt;")), "a <b>");
}
