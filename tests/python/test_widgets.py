"""Widgets and comms as a front end sees them, over jupyter_client."""

import queue

import pytest
from jupyter_client.manager import start_new_kernel

VIEW = "application/vnd.jupyter.widget-view+json"


class FrontEnd:
    """What has come on iopub, in order; what was found is taken out."""

    def __init__(self):
        self.manager, self.client = start_new_kernel(kernel_name="woozle", startup_timeout=900)
        self.come = []
        self.run("use woozle::widgets::*;")

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel()

    def hear(self, msg_type, matches=lambda message: True):
        """Waits for a message, and takes it."""
        while True:
            for place, message in enumerate(self.come):
                if message["msg_type"] == msg_type and matches(message):
                    return self.come.pop(place)
            try:
                self.come.append(self.client.get_iopub_msg(timeout=60))
            except queue.Empty:
                raise AssertionError(f"no {msg_type} in {self.come}") from None

    def start(self, code):
        return self.client.execute(code)

    def finish(self, request):
        """All that came for a request; comm messages stay to be heard."""
        self.hear(
            "status",
            lambda message: message["content"]["execution_state"] == "idle"
            and message["parent_header"].get("msg_id") == request,
        )
        own = [message for message in self.come if message["parent_header"].get("msg_id") == request]
        errors = [message["content"] for message in own if message["msg_type"] == "error"]
        assert not errors, errors
        return own

    def run(self, code):
        return self.finish(self.start(code))

    def value(self, request):
        """The data of a cell's value, once it has ended."""
        self.finish(request)
        result = self.hear(
            "execute_result", lambda message: message["parent_header"]["msg_id"] == request
        )
        return result["content"]["data"]

    def result(self, code):
        """A cell's value as text."""
        return self.value(self.start(code))["text/plain"]

    def shown(self, code):
        """A cell's request, and the id of the widget that is its value."""
        request = self.start(code)
        return request, self.value(request)[VIEW]["model_id"]

    def say(self, msg_type, comm_id, data, buffers=None, metadata=None, **content):
        """Sends a comm message; gives its id."""
        session = self.client.session
        message = session.msg(
            msg_type, {"comm_id": comm_id, "data": data, **content}, metadata=metadata
        )
        session.send(self.client.shell_channel.socket, message, buffers=buffers)
        return message["header"]["msg_id"]

    def hear_comm(self, comm_id, method=None, msg_type="comm_msg"):
        def matches(message):
            content = message["content"]
            right = method is None or content["data"].get("method") == method
            return content["comm_id"] == comm_id and right

        return self.hear(msg_type, matches)

    def move(self, comm_id, **state):
        """Does what a user does to a widget."""
        return self.say("comm_msg", comm_id, {"method": "update", "state": state, "buffer_paths": []})

    def printed(self, request, text):
        self.hear(
            "stream",
            lambda message: message["parent_header"].get("msg_id") == request
            and text in message["content"]["text"],
        )


@pytest.fixture(scope="module")
def page():
    page = FrontEnd()
    yield page
    page.close()


def test_a_widget_opens_its_comm_before_it_is_shown(page):
    own = page.run('IntSlider::new(0..=100).with_value(5).with_description("n")')
    kinds = [message["msg_type"] for message in own]
    assert kinds.index("comm_open") < kinds.index("execute_result")
    opened = own[kinds.index("comm_open")]
    view = own[kinds.index("execute_result")]["content"]["data"]
    assert opened["metadata"]["version"] == "2.1.0"
    assert opened["content"]["target_name"] == "jupyter.widget"
    assert view[VIEW] == {
        "version_major": 2, "version_minor": 0, "model_id": opened["content"]["comm_id"]
    }
    assert view["text/plain"] == "IntSlider(5)"
    state = opened["content"]["data"]["state"]
    assert state | {
        "_model_name": "IntSliderModel", "_model_module": "@jupyter-widgets/controls",
        "_model_module_version": "2.0.0", "_view_name": "IntSliderView",
        "value": 5, "min": 0, "max": 100, "step": 1, "description": "n",
    } == state


def test_a_moved_slider_is_echoed_calls_back_and_can_be_read(page):
    request, slider = page.shown(
        "let slider = FloatSlider::new(0.0..=1.0);\n"
        'slider.on_change(|x| println!("at {x}"));\nslider'
    )
    page.run("()")  # the callback's output goes to the cell above, whichever ran last
    moved = page.move(slider, value=0.25)
    echo = page.hear_comm(slider, "echo_update")
    assert echo["parent_header"]["msg_id"] == moved
    assert echo["content"]["data"]["state"] == {"value": 0.25}
    page.printed(request, "at 0.25\n")
    assert page.result("slider.value()") == "0.25"


def test_a_slider_moves_while_a_cell_runs(page):
    _, slider = page.shown("let knob = IntSlider::new(0..=9);\nknob")
    waiting = page.start(
        'println!("waits");\nwhile knob.value() != 7 { std::thread::yield_now(); }\nprintln!("seen");'
    )
    page.printed(waiting, "waits")
    page.move(slider, value=7)
    page.printed(waiting, "seen")
    page.finish(waiting)


def test_what_a_cell_sets_is_sent(page):
    _, bar = page.shown("let bar = IntProgress::new(10_000);\nbar")
    page.run("for _ in 0..10_000 { bar.inc(1); }\nbar.set_style(Style::Success);")
    state, updates = {}, 0
    while state.get("value") != 10_000 or state.get("bar_style") != "success":
        state |= page.hear_comm(bar, "update")["content"]["data"]["state"]
        updates += 1
    assert updates < 100, "they are joined"


def test_what_makes_no_sense_changes_nothing(page):
    _, slider = page.shown("let odd = IntSlider::new(0..=9).with_value(3);\nodd")
    page.move(slider, value="seven", nonsense=1)
    assert page.hear_comm(slider, "echo_update")["content"]["data"]["state"] == {}
    page.say("comm_msg", slider, {"method": "dance"})
    page.say("comm_msg", slider, {})
    page.move(slider, value=4)
    page.hear_comm(slider, "echo_update")
    assert page.result("odd.value()") == "4"


def test_a_button_calls_back_at_each_click(page):
    request, button = page.shown(
        'let button = Button::new("Go");\n'
        'let n = std::sync::atomic::AtomicUsize::new(0);\n'
        'button.on_click(move || println!("click {}", n.fetch_add(1, std::sync::atomic::Ordering::SeqCst)));\nbutton'
    )
    for n in range(3):
        page.say("comm_msg", button, {"method": "custom", "content": {"event": "click"}})
        page.printed(request, f"click {n}\n")


def test_a_callback_that_panics_is_reported_and_the_next_one_runs(page):
    request, button = page.shown(
        'let bad = Button::new("Bad");\nbad.on_click(|| panic!("out of honey"));\n'
        'bad.on_click(|| println!("still here"));\nbad'
    )
    page.say("comm_msg", button, {"method": "custom", "content": {"event": "click"}})
    page.printed(request, "out of honey")
    page.printed(request, "still here")


def test_a_line_of_text_is_submitted(page):
    request, line = page.shown('let line = Text::new();\nline.on_submit(|t| println!("<{t}>"));\nline')
    page.move(line, value="Wöozle")
    page.say("comm_msg", line, {"method": "custom", "content": {"event": "submit"}})
    page.printed(request, "<Wöozle>\n")


def test_a_choice_and_a_tick(page):
    _, menu = page.shown('let menu = Dropdown::new(["a", "b", "c"]);\nmenu')
    _, tick = page.shown('let tick = Checkbox::new("on");\ntick')
    page.move(menu, index=2)
    page.move(tick, value=True)
    page.hear_comm(menu, "echo_update")
    page.hear_comm(tick, "echo_update")
    assert page.result("(menu.value(), tick.value())") == '("c", true)'


def test_a_box_opens_what_is_in_it_first(page):
    own = page.run(
        'VBox::new(&[&Label::new("above"), &Html::new("<b>below</b>")]).with_layout("width", "50%")'
    )
    opened = [m["content"] for m in own if m["msg_type"] == "comm_open"]
    states = [content["data"]["state"] for content in opened]
    names = [state["_model_name"] for state in states]
    assert names == ["LabelModel", "HTMLModel", "LayoutModel", "VBoxModel"]
    ids = [f"IPY_MODEL_{content['comm_id']}" for content in opened]
    assert states[-1]["children"] == ids[:2]
    assert states[-1]["layout"] == ids[2]
    assert states[2]["width"] == "50%"


def test_a_page_that_is_loaded_anew_gets_all_widgets(page):
    _, slider = page.shown("let kept = IntSlider::new(0..=9).with_value(6);\nkept")
    page.say(
        "comm_open", "control", {}, target_name="jupyter.widget.control", metadata={"version": "1.0.0"}
    )
    page.say("comm_msg", "control", {"method": "request_states"})
    states = page.hear_comm("control", "update_states")["content"]["data"]
    assert states["buffer_paths"] == []
    known = states["states"][slider]
    assert known["model_name"] == "IntSliderModel"
    assert known["model_module"] == "@jupyter-widgets/controls"
    assert known["model_module_version"] == "2.0.0"
    assert known["state"]["value"] == 6
    page.say("comm_close", "control", {})
    # One by one, as older front ends do.
    comms = page.client.comm_info("jupyter.widget", reply=True, timeout=60)["content"]["comms"]
    assert comms[slider] == {"target_name": "jupyter.widget"}
    asked = page.say("comm_msg", slider, {"method": "request_state"})
    answer = page.hear_comm(slider, "update")
    assert answer["parent_header"]["msg_id"] == asked
    assert answer["content"]["data"]["state"]["value"] == 6


def test_a_closed_widget_is_gone_and_can_be_shown_again(page):
    _, label = page.shown('let label = Label::new("here");\nlabel')
    page.run("label.close();")
    page.hear_comm(label, msg_type="comm_close")
    comms = page.client.comm_info("jupyter.widget", reply=True, timeout=60)["content"]["comms"]
    assert label not in comms
    page.run('label.set_value("there");')
    assert page.shown("label")[1] == label
    opened = page.hear_comm(label, msg_type="comm_open")
    while opened["content"]["data"]["state"]["value"] != "there":
        opened = page.hear_comm(label, msg_type="comm_open")


def outputs(page, area, until):
    """What stands in an area, once it is so."""
    while True:
        state = page.hear_comm(area, "update")["content"]["data"]["state"]
        if until(state.get("outputs")):
            return state["outputs"]


def test_output_of_a_thread_goes_to_the_area_that_it_was_started_in(page):
    _, area = page.shown("let area = Output::new();\narea")
    own = page.run(
        "use std::sync::mpsc;\nlet (go, wait) = mpsc::channel::<u32>();\n"
        "let late = area.capture(|| {\n    println!(\"in the area\");\n"
        "    std::thread::spawn(move || for n in wait { println!(\"late {n}\"); eprintln!(\"err\"); panic!(\"oh\") })\n"
        '});\nprintln!("in the cell");'
    )
    printed = "".join(m["content"]["text"] for m in own if m["msg_type"] == "stream")
    assert printed == "in the cell\n"
    page.run("go.send(7)?; late.join().is_err()")
    shown = outputs(page, area, lambda outputs: outputs and "oh" in outputs[-1]["text"])
    assert shown[0] == {"output_type": "stream", "name": "stdout", "text": "in the area\nlate 7\n"}
    assert shown[1]["name"] == "stderr" and shown[1]["text"].startswith("err\n")
    # What is displayed there has all its formats, and changes in place.
    page.run("area.clear(false); let html = area.capture(|| woozle::display::display(&woozle::display::Html::new(\"<b>1</b>\")));")
    shown = outputs(page, area, lambda outputs: outputs and outputs[0]["output_type"] == "display_data")
    assert shown[0]["data"]["text/html"] == "<b>1</b>"
    page.run('html.update(&woozle::display::Html::new("<b>2</b>"));')
    shown = outputs(page, area, lambda outputs: outputs and "2" in outputs[0]["data"]["text/html"])
    assert len(shown) == 1


def test_tasks_of_a_pool_print_in_the_area_that_they_were_given_in(page):
    page.run("fn chew(n: u32) -> u32 { println!(\"chews {n}\"); n }\nlet pool = woozle::multiprocessing::Pool::new(1)?;")
    own = page.run("let pot = Output::new();\npot.capture(|| pool.map(chew, vec![1, 2]))?;\nprint!(\"{}\", pot.text());")
    printed = "".join(m["content"]["text"] for m in own if m["msg_type"] == "stream")
    assert printed == "chews 1\nchews 2\n"


def test_a_function_runs_again_when_one_of_its_widgets_is_moved(page):
    own = page.run(
        "let (times, loud) = (IntSlider::new(1..=9), Checkbox::new(\"loud\"));\n"
        "let both = interact((times.clone(), loud.clone()), |(n, loud)| {\n"
        "    if n == 9 { return }\n    println!(\"{}{}\", \"pooh \".repeat(n as usize), if loud { \"!\" } else { \"\" });\n"
        "});\nboth"
    )
    opened = [m["content"] for m in own if m["msg_type"] == "comm_open"]
    named = {content["data"]["state"]["_model_name"]: content for content in opened}
    assert [*named] == ["IntSliderModel", "CheckboxModel", "OutputModel", "VBoxModel"]
    state = named["OutputModel"]["data"]["state"]
    assert state["_model_module"] == "@jupyter-widgets/output" and state["_model_module_version"] == "1.0.0"
    assert state["outputs"][0]["text"] == "pooh \n"
    area = named["OutputModel"]["comm_id"]
    page.move(named["CheckboxModel"]["comm_id"], value=True)
    page.move(named["IntSliderModel"]["comm_id"], value=3)
    shown = outputs(page, area, lambda outputs: outputs and outputs[0]["text"].startswith("pooh pooh pooh"))
    assert shown == [{"output_type": "stream", "name": "stdout", "text": "pooh pooh pooh !\n"}]
    page.move(named["IntSliderModel"]["comm_id"], value=9)
    assert outputs(page, area, lambda outputs: outputs is not None and not outputs) == []


def test_widgets_outlive_a_crash(page):
    request, slider = page.shown(
        'let firm = IntSlider::new(0..=9);\nfirm.on_change(|n| println!("firm {n}"));\nfirm'
    )
    crash = page.start("std::process::abort()")
    page.hear("error", lambda message: message["parent_header"]["msg_id"] == crash)
    page.finish(crash)
    page.move(slider, value=8)
    page.printed(request, "firm 8\n")
    assert page.result("firm.value()") == "8"


def test_a_comm_from_the_users_code(page):
    request = page.start(
        'let comm = woozle::comm::Comm::open("chart", woozle::comm::Message::new(r#"{"n": 1}"#)'
        '.with_metadata(r#"{"m": 2}"#).with_buffer(vec![0, 255]))?;\n'
        'comm.on_message(|message| println!("{} {:?}", message.data.0, message.buffers));\n'
        'comm.on_close(|| println!("closed"));'
    )
    page.finish(request)
    opened = page.hear("comm_open", lambda message: message["content"]["target_name"] == "chart")
    comm = opened["content"]["comm_id"]
    assert opened["content"]["data"] == {"n": 1}
    assert opened["metadata"]["m"] == 2
    assert [bytes(buffer) for buffer in opened["buffers"]] == [b"\x00\xff"]
    page.say("comm_msg", comm, {"é": None}, buffers=[b"\x01", b""])
    page.printed(request, '{"é":null} [[1], []]\n')
    page.say("comm_close", comm, {})
    page.printed(request, "closed\n")
    assert page.result("comm.is_open()") == "false"


def test_a_comm_from_the_front_end(page):
    request = page.start(
        'woozle::comm::register_target("echo", |comm, opened| {\n'
        '    println!("opened with {}", opened.data.0);\n'
        "    let back = comm.clone();\n"
        "    comm.on_message(move |message| back.send(message.clone()).unwrap());\n});"
    )
    page.finish(request)
    page.say("comm_open", "e", {"from": "page"}, target_name="echo")
    # Said before anybody can have answered.
    said = page.say("comm_msg", "e", {"n": 3}, buffers=[b"abc"])
    page.printed(request, 'opened with {"from":"page"}\n')
    echo = page.hear_comm("e")
    assert echo["parent_header"]["msg_id"] == said
    assert echo["content"]["data"] == {"n": 3}
    assert [bytes(buffer) for buffer in echo["buffers"]] == [b"abc"]
    page.run('woozle::comm::unregister_target("echo");')
    page.say("comm_open", "f", {}, target_name="echo")
    page.hear_comm("f", msg_type="comm_close")


def test_data_that_is_no_object_is_an_error(page):
    code = 'woozle::comm::Comm::open("chart", "[1]").unwrap_err().to_string()'
    assert "is not a JSON object" in page.result(code)
