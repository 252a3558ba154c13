"""jupyter_kernel_test: Jupyter's own test of a kernel's messages."""

import jupyter_kernel_test


class TestWoozle(jupyter_kernel_test.KernelTests):
    kernel_name = "woozle"
    language_name = "rust"
    file_extension = ".rs"
    code_hello_world = 'println!("hello, world");'
    code_stderr = 'eprintln!("oops");'
    completion_samples = [
        {"text": "prin", "matches": {"print!", "println!"}},
        {"text": "let x: Opti", "matches": {"Option"}},
        {"text": "woozle::thr", "matches": {"threading"}},
        {"text": ":de", "matches": {":dep"}},
    ]
    complete_code_samples = ["1 + 1", "fn f() {}", 'println!("{}", 1)', "struct A;\nA"]
    incomplete_code_samples = ["fn f() {", "let a = [1,", 'println!("']
    invalid_code_samples = ["fn f() }", "let a = ];"]
    code_generate_error = 'panic!("as asked")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "vec![1, 2]", "result": "[1, 2]"},
        {"code": '"ä".len()', "result": "2"},
    ]
    code_history_pattern = "6 ? 7"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Vec"
    code_page_something = "?Vec"
    code_display_data = [
        {"code": 'woozle::display::display(&woozle::display::Html::new("<b>a</b>"));', "mime": "text/html"},
        {"code": 'woozle::display!(vec![1]);', "mime": "text/plain"},
        {
            "code": "woozle::display!(woozle::display::Image::gray(&ndarray::array![[1.0, 2.0]])?);",
            "mime": "image/png",
        },
    ]
    code_clear_output = "woozle::display::clear_output(false);"


class TestWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "woozle"
    support_iopub_welcome = True
