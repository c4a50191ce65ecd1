#!/usr/bin/env python3
"""Drives `patchbook preview` in Chromium, as an author would.

    Tests/browser/preview.py [--only edits,problems,long,memory,folder,refusals]

Needs a built program (`scripts/build`) and what check.py needs. It works on a copy of the embedded models and the quickstart.
"""
import argparse
import http.client
import json
import os
import pathlib
import pty
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.parse

import check

EDITS, GOAL = 50, 0.200
LONG = """
```{patch}
id: long
models: free
pairs: heldout
site: z
heads: each
controls: [self, shuffled, exchanged, random, flipped, base_difference]
caption: "Effect by head"
```
"""


running = []


class Project:
    """A folder with the embedded models, pairs and the quickstart, and a preview of it."""

    def __init__(self, notebook="quickstart.md", terminal=False, others=()):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchbook-preview-"))
        source = check.ROOT / "notebooks"
        for name in ("models/demo", "models/demo-dpo", "models/demo-planted"):
            shutil.copytree(source / name, self.folder / name)
        (self.folder / "data").mkdir()
        shutil.copy(source / "data/demo-heldout.jsonl", self.folder / "data")
        shutil.copy(source / "quickstart.md", self.folder)
        self.notebook = self.folder / "quickstart.md"
        self.original = self.notebook.read_text()
        for name, text in others:
            self.write(text, name)
        self.start(notebook, terminal)

    def start(self, notebook, terminal=False):
        self.terminal, own = pty.openpty() if terminal else (None, None)
        self.log = open(self.folder / "preview.log", "w+")
        program = check.ROOT / ".build/release/patchbook"
        self.process = subprocess.Popen([program, "preview", notebook], cwd=self.folder, stdout=subprocess.PIPE,
                                        stderr=self.log, stdin=own if terminal else subprocess.DEVNULL, text=True)
        running.append(self.process)
        line = self.process.stdout.readline()
        self.address = re.fullmatch(r"Open (http://127\.0\.0\.1:\d+/\?token=[0-9a-f]+)\n", line).group(1)
        parts = urllib.parse.urlsplit(self.address)
        self.port, self.token = parts.port, urllib.parse.parse_qs(parts.query)["token"][0]

    def write(self, text, name="quickstart.md"):
        """Saves as editors do: a new file in the old one's place."""
        draft = self.folder / f".{name}.draft"
        draft.write_text(text)
        draft.rename(self.folder / name)

    def memory(self):
        """Resident bytes of the preview."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) << 10

    def end(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(timeout=20)
        assert code == 130, f"Ctrl-C ended it with {code}"
        shutil.rmtree(self.folder)


class Reader:
    """An open page, and what it complains of."""

    def __init__(self, browser, project, address=None):
        self.context = browser.new_context(viewport={"width": 1200, "height": 800})
        self.page = self.context.new_page()
        self.complaints = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: urllib.parse.urlsplit(request.url).hostname in ("127.0.0.1", None)
                     or self.complaints.append(f"request: {request.url}"))
        self.page.goto(address or project.address)

    def bar(self):
        return self.page.locator(".preview-bar").inner_text()

    def wait(self, script, timeout=60, argument=None):
        # Playwright's own waiting evaluates text in the page, which the page's policy forbids.
        end = time.time() + timeout
        while not self.holds(script, argument):
            assert time.time() < end, f"still not: {script}; the bar says: {self.bar()}"
            time.sleep(0.02)

    def holds(self, script, argument):
        from playwright.sync_api import Error

        try:
            return self.page.evaluate(script, argument)
        except Error as error:
            # The page is on its way to another.
            if "context was destroyed" not in str(error):
                raise

    def settle(self, timeout=240):
        """Waits until all has run; what waits, because the machine is slow, is started."""
        self.wait("""() => {
            document.querySelector(".preview-waits .preview-action")?.click()
            return document.querySelector(".preview-bar")?.textContent.endsWith("Up to date")
        }""", timeout)

    def close(self):
        assert not self.complaints, self.complaints[:5]
        self.context.close()


def ask(project, method, path, headers=None, body=None):
    """The status of a request, all of whose headers are given."""
    connection = http.client.HTTPConnection("127.0.0.1", project.port, timeout=10)
    connection.putrequest(method, path, skip_host=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    data = (body or "").encode()
    if data:
        connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data)
    response = connection.getresponse()
    return response.status, response


def test_refusals(browser):
    """Nobody without the token, under another host or from another origin is answered."""
    project = Project()
    host = f"127.0.0.1:{project.port}"
    status, response = ask(project, "GET", f"/?token={project.token}", {"Host": host})
    assert status == 303, status
    cookie = response.getheader("Set-Cookie")
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie, cookie
    cookie = cookie.split(";")[0]
    body = json.dumps({"page": "/quickstart.html", "block": "sweep"})
    good = {"Host": host, "Cookie": cookie}
    assert ask(project, "GET", "/quickstart.html", good)[0] == 200
    for path in ("/", "/quickstart.html", "/-/preview.js", "/-/states?page=/quickstart.html", "/nothing"):
        assert ask(project, "GET", path, {"Host": host})[0] == 403, path
        assert ask(project, "GET", path, {"Host": host, "Cookie": cookie[:-1] + "x"})[0] == 403, path
        assert ask(project, "GET", path, good | {"Host": "example.org"})[0] == 403, path
        assert ask(project, "GET", path, good | {"Host": f"example.org:{project.port}"})[0] == 403, path
        assert ask(project, "GET", path, {"Cookie": cookie})[0] == 403, path
        assert ask(project, "GET", path, good | {"Origin": "http://example.org"})[0] == 403, path
        assert ask(project, "GET", path, good | {"Origin": "null"})[0] == 403, path
    for path in ("/-/start", "/-/stop"):
        assert ask(project, "POST", path, good, body)[0] == 403, "a write without the token"
        assert ask(project, "POST", path, good | {"X-Patchbook-Token": "0" * 32}, body)[0] == 403
        assert ask(project, "POST", path, good | {"X-Patchbook-Token": project.token, "Origin": "http://example.org"}, body)[0] == 403
        assert ask(project, "POST", path, good | {"X-Patchbook-Token": project.token}, "{}")[0] == 400
        assert ask(project, "POST", path, good | {"X-Patchbook-Token": project.token}, json.dumps({"page": "/", "block": "no"}))[0] == 409
    assert ask(project, "GET", "/nothing", good)[0] == 404
    assert ask(project, "GET", "/../../etc/passwd", good)[0] in (400, 404)
    assert ask(project, "DELETE", "/", good | {"X-Patchbook-Token": project.token})[0] == 405
    listening = subprocess.run(["ss", "-ltnH", f"sport = :{project.port}"], capture_output=True, text=True).stdout
    assert listening.split()[3] == host, listening
    project.end()


def test_edits(browser):
    """A prose edit is on the page within 200 ms; place, folds and focus stay."""
    project = Project()
    reader = Reader(browser, project)
    page = reader.page
    reader.settle()
    policy = page.evaluate("fetch(location.pathname).then(answer => answer.headers.get('Content-Security-Policy'))")
    assert "unsafe" not in policy and "script-src" in policy and "http" not in policy, policy
    page.evaluate("""() => document.querySelectorAll("main details").forEach((fold, index) => {
        if (index % 3 === 0) fold.open = true
    })""")
    # The page makes the longer tables when their folds open.
    time.sleep(0.5)
    page.evaluate("""() => {
        document.querySelectorAll("main section.pb-block")[3].scrollIntoView()
        scrollBy(0, 40)
        document.querySelectorAll("main section.pb-block")[3].querySelector("summary").focus({ preventScroll: true })
        window.kept = [...document.querySelectorAll("main section.pb-block")]
    }""")
    before = state(page)
    times = []
    sentence = "Neither training saw the pairs below."
    assert sentence in project.original
    for number in range(EDITS):
        word = f"edit {number} of {EDITS}"
        shown = page.evaluate_handle("""(word) => ({ seen: new Promise(resolve => {
            const look = () => {
                if (!document.querySelector("main").textContent.includes(word)) return
                watch.disconnect()
                requestAnimationFrame(() => resolve(Date.now()))
            }
            const watch = new MutationObserver(look)
            watch.observe(document.querySelector("main"), { childList: true, subtree: true, characterData: true })
        }) })""", word)
        # Lines more or fewer above the reader's place, too.
        start = time.time()
        project.write(project.original.replace(sentence, f"{sentence} {word}{', and so on' * (20 * (number % 3))}:"))
        times.append(shown.evaluate("it => it.seen") / 1000 - start)
        # Browsers scroll by whole pixels.
        now = state(page)
        assert abs(now[0] - before[0]) <= 1 and now[1:] == before[1:], (number, now, before)
        time.sleep(0.05)
    others = page.evaluate("window.kept.filter(block => !block.isConnected).map(block => [block.id, block.outerHTML, document.getElementById(block.id)?.outerHTML])")
    assert not others, [name for name, *_ in others]
    median = statistics.median(times)
    print(f"  {EDITS} prose edits: median {1000 * median:.0f} ms, slowest {1000 * max(times):.0f} ms")
    assert median <= GOAL, median
    reader.close()
    project.end()


def state(page):
    """What a reader has: the place in the window of a block, open folds, and the focus."""
    return page.evaluate("""() => [
        Math.round(document.querySelectorAll("main section.pb-block")[3].getBoundingClientRect().top),
        [...document.querySelectorAll("main details")].map(fold => fold.open).join(),
        document.activeElement.textContent.slice(0, 40)]""")


def test_blocks(browser):
    """A block that changes is replaced alone, with its folds as they were."""
    project = Project()
    reader = Reader(browser, project)
    page = reader.page
    reader.settle()
    page.evaluate("""() => {
        document.querySelectorAll("#block-sweep details").forEach(fold => { fold.open = true })
        document.querySelector("#block-sweep summary").focus({ preventScroll: true })
        window.kept = [...document.querySelectorAll("main section.pb-block:not(#block-sweep)")]
        window.old = document.querySelector("#block-sweep")
    }""")
    count = page.locator("#block-sweep details[open]").count()
    assert count > 0
    project.write(project.original.replace("id: sweep\n", "id: sweep\nalt: \"A curve that rises\"\n", 1))
    reader.wait("!window.old.isConnected")
    assert page.locator("#block-sweep details[open]").count() == count
    assert page.evaluate("document.activeElement === document.querySelector('#block-sweep summary')")
    assert page.evaluate("window.kept.every(block => block.isConnected)")
    # A new paragraph and a removed block leave the others as they are, in the right order.
    text = project.original.replace("## Does tuning work?", "A new paragraph.\n\n## Does tuning work?")
    project.write(text)
    reader.wait("document.querySelector('main').textContent.includes('A new paragraph.')")
    order = page.evaluate("[...document.querySelectorAll('main section.pb-block')].map(block => block.id)")
    reader.page.reload()
    reader.settle()
    assert order == page.evaluate("[...document.querySelectorAll('main section.pb-block')].map(block => block.id)")
    reader.close()
    project.end()


def test_problems(browser):
    """A broken notebook shows its problems at their blocks, keeps what it had, and recovers."""
    project = Project()
    reader = Reader(browser, project)
    page = reader.page
    reader.settle()
    figure = page.locator("#block-sweep svg").first.evaluate("element => element.outerHTML")
    project.write(project.original.replace("id: sweep\nmodels: free", "id: sweep\nmodels: free\nsites: mlp_out", 1))
    reader.wait("document.querySelector('.preview-problem')")
    note = page.locator(".preview-problem")
    line = project.notebook.read_text().split("\n").index("sites: mlp_out") + 1
    assert f"quickstart.md:{line}:1" in note.first.inner_text() and "did you mean 'site'" in note.first.inner_text(), note.first.inner_text()
    assert note.first.evaluate("note => note.nextElementSibling.matches('#block-sweep') || note.nextElementSibling.nextElementSibling.matches('#block-sweep')")
    assert page.locator("#block-sweep svg").first.evaluate("element => element.outerHTML") == figure
    assert "preview-old" in page.locator("#block-sweep").get_attribute("class")
    # While one block is broken, the text still follows.
    project.write(project.notebook.read_text().replace("## Does tuning work?", "## Does tuning really work?"))
    reader.wait("document.querySelector('main').textContent.includes('really work?')")
    project.write(project.original)
    reader.wait("!document.querySelector('.preview-problem, .preview-note')")
    reader.settle()
    for broken in ("---\ntitle: [\n---\n", "\xff".encode("latin1"), "```{patch}\n"):
        if isinstance(broken, bytes):
            project.notebook.write_bytes(broken)
        else:
            project.write(broken)
        reader.wait("document.querySelector('.preview-problem')")
        project.write(project.original)
        reader.wait("!document.querySelector('.preview-problem')")
        reader.settle()
    # A data file and a template that go wrong, and come back.
    data = project.folder / "data/demo-heldout.jsonl"
    text = data.read_text()
    data.write_text("{\n")
    reader.wait("document.querySelector('.preview-problem')")
    data.write_text(text)
    reader.wait("!document.querySelector('.preview-problem')")
    reader.settle()
    (project.folder / "templates").mkdir()
    (project.folder / "templates/footer.mustache").write_text("{{#facts}}")
    reader.wait("document.querySelector('.preview-problem')")
    (project.folder / "templates/footer.mustache").write_text("<footer>Of our lab</footer>\n")
    reader.wait("document.querySelector('footer')?.textContent === 'Of our lab'")
    (project.folder / "templates/extra.css").write_text("h1 { font-style: italic }\n")
    reader.wait("getComputedStyle(document.querySelector('h1')).fontStyle === 'italic'")
    reader.settle()
    reader.close()
    project.end()


def test_long(browser):
    """A block of a minute waits, is started by hand, shows progress, is stopped by an edit, and continues from what is kept."""
    project = Project(terminal=True)
    reader = Reader(browser, project)
    page = reader.page
    reader.settle()
    project.write(project.original.replace("default: 40", "default: 100") + LONG)
    reader.wait("document.querySelector('.preview-waits')", 180)
    # Blocks of the same notebook that take less have run meanwhile, or wait themselves.
    note = page.locator("#block-long").evaluate("block => block.previousElementSibling.textContent")
    forecast = re.match(r"Takes about (\d+) (s|min): 100 pairs", note)
    assert forecast, note
    print(f"  it says: {note.strip()}")
    page.get_by_role("button", name="Run long").click()
    started = time.time()
    reader.wait("/long: Runs: \\d+ of 100 pairs.*left/.test(document.querySelector('.preview-bar').textContent)", 240)
    print(f"  after {time.time() - started:.0f} s: {reader.bar()}")
    # The text follows while it runs.
    start = time.time()
    project.write(project.notebook.read_text().replace("## Does tuning work?", "## Does tuning really work?"))
    reader.wait("document.querySelector('main').textContent.includes('really work?')")
    print(f"  an edit of the text while it runs is shown after {1000 * (time.time() - start):.0f} ms")
    assert "long: Runs" in reader.bar(), reader.bar()
    # An edit of the block stops it, and the new version waits in its turn.
    running = project.notebook.read_text()
    start = time.time()
    project.write(running.replace("site: z", "site: z\npositions: [last_prompt]"))
    reader.wait("!/long: Runs/.test(document.querySelector('.preview-bar').textContent)", 60)
    print(f"  an edit of the block stops it after {time.time() - start:.1f} s")
    reader.wait("/Takes about/.test(document.querySelector('#block-long').previousElementSibling?.textContent)", 60)
    # The terminal's key starts what waits.
    os.write(project.terminal, b"\n")
    reader.wait("/long: Runs/.test(document.querySelector('.preview-bar').textContent)", 60)
    # Undone, the version that was started by hand continues from what it kept.
    project.write(running)
    reader.wait("/long: Runs: \\d+ of 100 pairs \\(\\d+ kept\\)/.test(document.querySelector('.preview-bar').textContent)", 60)
    print(f"  after the undo: {reader.bar()}")
    reader.wait("document.querySelector('#block-long svg') && document.querySelector('.preview-bar').textContent.endsWith('Up to date')", 600)
    print(f"  done {time.time() - started:.0f} s after it was started first")
    reader.close()
    project.end()


def test_folder(browser):
    """A folder's list of reports, new notebooks in it, and the way to a report and back."""
    project = Project(notebook=".", others=[("other.md", "# Another one\n\nText.\n")])
    reader = Reader(browser, project)
    page = reader.page
    reader.wait("document.querySelectorAll('.pb-index li').length === 2")
    project.write("# A third one\n\nText.\n", "third.md")
    reader.wait("document.querySelectorAll('.pb-index li').length === 3")
    page.get_by_role("link", name="A third one").click()
    reader.wait("document.querySelector('h1')?.textContent === 'A third one'")
    project.write("# A third title\n\nText.\n", "third.md")
    reader.wait("document.querySelector('h1')?.textContent === 'A third title'")
    page.get_by_role("link", name="All reports").click()
    reader.wait("document.querySelector('main')?.textContent.includes('A third title')")
    (project.folder / "third.md").unlink()
    reader.wait("document.querySelectorAll('.pb-index li').length === 2")
    # A name that an address writes otherwise: the page follows, and its buttons work.
    name = "neu größe 50% #1.md"
    project.write("# A fourth one\n\nText.\n", name)
    reader.wait("document.querySelectorAll('.pb-index li').length === 3")
    page.get_by_role("link", name="A fourth one").click()
    reader.wait("document.querySelector('h1')?.textContent === 'A fourth one'")
    reader.wait("document.querySelector('.preview-bar')?.textContent.endsWith('Up to date')")
    project.write(project.original.replace("default: 40", "default: 100") + LONG, name)
    reader.wait("document.querySelector('#block-long')?.previousElementSibling?.textContent.startsWith('Takes about')", 180)
    page.get_by_role("button", name="Run long").click()
    reader.wait("/long: Runs/.test(document.querySelector('.preview-bar').textContent)", 120)
    page.get_by_role("button", name="Stop long").click()
    reader.wait("document.querySelector('#block-long').previousElementSibling.textContent.startsWith('Stopped')", 60)
    # A notebook that goes and comes back, as with a change of branch.
    path = project.folder / name
    path.unlink()
    reader.wait("document.querySelector('.preview-problem')?.textContent.includes('cannot be read')")
    assert page.locator("#block-long").count() == 1, "the last page stays"
    reader.page.reload()
    reader.wait("document.querySelector('.preview-problem')?.textContent.includes('cannot be read')")
    project.write("# It is back\n", name)
    reader.wait("document.querySelector('h1')?.textContent === 'It is back' && !document.querySelector('.preview-problem')")
    reader.close()
    project.end()
    # The only notebook of a preview has its page at once.
    project = Project(notebook=name, others=[(name, "# Alone\n")])
    reader = Reader(browser, project)
    reader.wait("document.querySelector('h1')?.textContent === 'Alone'")
    project.write("# Not alone\n", name)
    reader.wait("document.querySelector('h1')?.textContent === 'Not alone'")
    reader.close()
    project.end()


def test_memory(browser):
    """A thousand edits in a minute leave memory flat, in the preview and in the page."""
    project = Project()
    reader = Reader(browser, project)
    reader.settle()
    session = reader.context.new_cdp_session(reader.page)
    session.send("HeapProfiler.enable")

    def sizes():
        session.send("HeapProfiler.collectGarbage")
        counts = session.send("Memory.getDOMCounters")
        heap = session.send("Runtime.getHeapUsage")["usedSize"]
        return project.memory(), heap, counts["nodes"]

    sentence = "Neither training saw the pairs below."
    found = []
    start = time.time()
    for number in range(1000):
        project.write(project.original.replace(sentence, f"{sentence} edit {number}:"))
        time.sleep(max(0, start + (number + 1) * 0.06 - time.time()))
        if number in (199, 999):
            reader.wait("(word) => document.querySelector('main').textContent.includes(word)", 20, f"edit {number}:")
            found.append(sizes())
    print(f"  1,000 edits in {time.time() - start:.0f} s; preview, page and nodes after 200 and after 1,000: "
          + "; ".join(f"{rss / 2**20:.0f} MiB, {heap / 2**20:.1f} MiB, {nodes}" for rss, heap, nodes in found))
    (rss, heap, nodes), (later, later_heap, later_nodes) = found
    assert later < 1.1 * rss + (8 << 20), "the preview grows"
    assert later_heap < 1.1 * heap + (2 << 20), "the page grows"
    assert later_nodes < 1.1 * nodes + 200, "the page holds elements that it no longer shows"
    reader.close()
    project.end()


TESTS = [test_refusals, test_edits, test_blocks, test_problems, test_folder, test_memory, test_long]


def main():
    arguments = argparse.ArgumentParser(description="Drives patchbook preview in Chromium.")
    arguments.add_argument("--only", default="", help="names of tests, with commas between them")
    wanted = [name for name in arguments.parse_args().only.split(",") if name]
    check.enter_environment()
    from playwright.sync_api import sync_playwright

    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=check.chromium(), args=["--no-sandbox"])
        for test in TESTS:
            name = test.__name__.removeprefix("test_")
            if wanted and name not in wanted:
                continue
            print(f"{name}: {test.__doc__}", flush=True)
            try:
                test(browser)
                print("  passed")
            except Exception as error:
                failed = True
                line = traceback.extract_tb(error.__traceback__)[-1]
                print(f"  FAILED: {type(error).__name__} at line {line.lineno}, {line.line}: {error}")
            for process in running:
                process.kill()
        browser.close()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
