"""How long it takes from saving a notebook until an open browser shows the new text: `patchbook preview` and `marimo edit --watch`.

Both show the same sections of prose, figures and tables, and the same paragraph is edited, saved as editors save: a new file in the
old one's place. The browser itself says when the new text was drawn. The page stays the same; only a paragraph in it changes.
"""
import os
import re
import signal
import subprocess
import time
from pathlib import Path

WARM = 3
SHOWN = """(word) => ({ seen: new Promise(resolve => {
    const look = () => {
        if (!document.body.textContent.includes(word)) return
        watch.disconnect()
        requestAnimationFrame(() => resolve(Date.now()))
    }
    const watch = new MutationObserver(look)
    watch.observe(document.body, { childList: true, subtree: true, characterData: true })
    look()
}) })"""


def save(path, text):
    draft = path.with_name("." + path.name + ".draft")
    draft.write_text(text)
    draft.rename(path)


def processor(process):
    """Seconds of processor time of a process and of its children that it has waited for."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def edits(browser, process, address, notebook, sentence, count):
    """Seconds of each edit, and processor seconds per edit."""
    original = notebook.read_text()
    assert sentence in original, sentence
    page = browser.new_context(viewport={"width": 1200, "height": 900}).new_page()
    page.goto(address)
    page.evaluate_handle(SHOWN, sentence[:-1]).evaluate("it => it.seen")
    time.sleep(5)
    times = []
    for number in range(WARM + count):
        word = f"edited {number} times"
        shown = page.evaluate_handle(SHOWN, word)
        if number == WARM:
            before = processor(process)
        start = time.time()
        save(notebook, original.replace(sentence, f"{sentence[:-1]}, {word}."))
        times.append(shown.evaluate("it => it.seen") / 1000 - start)
        time.sleep(0.2)
    used = processor(process) - before
    save(notebook, original)
    page.context.close()
    return times[WARM:], used / count


class Tool:
    """A server with what it prints, ended when it is done with."""

    def __init__(self, command, folder, pattern):
        self.process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                self.address = found.group(1)
                return
        raise SystemExit(f"{command} ended before it served anything")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()


def patchbook(browser, program, notebook, sentence, count):
    with Tool([program, "preview", notebook.name], notebook.parent, r"Open (\S+)") as tool:
        return edits(browser, tool.process, tool.address, notebook, sentence, count)


def marimo(browser, program, notebook, sentence, count):
    # Without this, an edit only marks a cell as stale.
    (notebook.parent / "pyproject.toml").write_text('[tool.marimo.runtime]\nwatcher_on_save = "autorun"\n')
    command = [program, "edit", "--watch", "--headless", "--no-token", "--port", "27118", notebook.name]
    with Tool(command, notebook.parent, r"(http://[\w.:]+)") as tool:
        return edits(browser, tool.process, tool.address, notebook, sentence, count)
