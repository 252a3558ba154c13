"""A JupyterLab server, and a notebook run in a page of it."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
BROWSER = Path(__file__).resolve().parents[1] / "browser"

# How often each text has to be there before a run is complete: the output of threads that
# nobody joins comes after the end of their cells.
LATE = {9: ["Wuzzle", 25], 11: ["Wuzzle", 25], 13: ["end", 8]}


def run_in_jupyterlab(folder, notebook):
    """Runs a notebook below `folder` by Run All Cells; gives what the page shows then."""
    artefacts = Path(tempfile.mkdtemp(prefix="woozle-browser-"))
    screenshot = artefacts / "threading.png"
    with server(folder, artefacts / "jupyterlab.log") as url:
        task = {
            "url": url,
            "notebook": notebook,
            "late": LATE,
            "chromium": CHROMIUM,
            "screenshot": str(screenshot),
        }
        done = subprocess.run(
            ["node", BROWSER / "run_notebook.mjs", json.dumps(task)],
            capture_output=True, text=True, timeout=600,
        )
    print(f"screenshot and server log: {artefacts}")
    assert done.returncode == 0, f"{done.stderr}\n{(artefacts / 'jupyterlab.log').read_text()}"
    seen = json.loads(done.stdout)
    return {int(place): cell for place, cell in seen.items()}


class Page:
    """A page of a JupyterLab server, driven by tests/browser/page.mjs: each of its commands is a method here."""

    def __init__(self, url):
        task = {"url": url, "chromium": CHROMIUM}
        self.node = subprocess.Popen(
            ["node", BROWSER / "page.mjs", json.dumps(task)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )

    def __getattr__(self, name):
        def call(**arguments):
            self.node.stdin.write(json.dumps({"do": name, **arguments}) + "\n")
            self.node.stdin.flush()
            answer = json.loads(self.node.stdout.readline())
            assert "error" not in answer, answer["error"]
            return answer["value"]

        return call

    def close(self):
        self.node.stdin.close()
        self.node.wait(timeout=60)


@contextlib.contextmanager
def server(root, log):
    """A JupyterLab server for this folder, with no settings of the user's; gives its address."""
    settings = Path(tempfile.mkdtemp(prefix="woozle-jupyter-"))
    # No question about news in the corner of the page.
    news = settings / "lab" / "user-settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    arguments = [
        sys.executable, "-m", "jupyterlab", "--allow-root", "--no-browser", "--ip=127.0.0.1",
        "--port=0", "--IdentityProvider.token=", "--ServerApp.password=",
        f"--ServerApp.root_dir={root}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    environment = {
        **os.environ, "JUPYTER_CONFIG_DIR": settings, "JUPYTER_RUNTIME_DIR": settings,
    }
    process = subprocess.Popen(
        arguments, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    said = log.open("w", buffering=1)
    try:
        for line in process.stdout:
            said.write(line)
            address = re.search(r"https?://127\.0\.0\.1:\d+", line)
            if address:
                break
        else:
            raise RuntimeError(f"JupyterLab has ended: {log.read_text()}")
        # The rest has to be read as well, or the server would stop at a full pipe.
        threading.Thread(target=said.writelines, args=[process.stdout], daemon=True).start()
        yield address.group()
    finally:
        process.terminate()
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
