"""Times Patchbook's notebook engine beside nbconvert, jupytext + papermill, marimo and pandoc at the nearest equal job.

Each command is timed by hyperfine without a shell (a pipeline of two programs with one), whole processes from start to end; peers that take
long are run less often. Called by `run`, which sets up the Python environment.
"""
import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import documents
import watching

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "engine"))
import machine  # noqa: E402

BLOCKS, LINES, REPORTS = 40, 20_000, 1_000


@dataclass
class Job:
    """One command of one tool; `page` is the file whose size counts where it is a size that is compared."""
    tool: str
    command: str
    does: str
    edits: Callable | None = None
    shell: bool = False
    slow: bool = False
    page: Path | None = None
    status: tuple = (0,)


@dataclass
class Task:
    name: str
    title: str
    goal: str | None
    jobs: list


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


class Workshop:
    """The documents of every task, in a scratch folder."""

    def __init__(self, scratch, patchbook, bin):
        self.scratch, self.patchbook, self.bin = scratch, shlex.quote(str(patchbook)), bin
        self.program = patchbook
        help = subprocess.run([patchbook, "render", "--help"], capture_output=True, text=True).stdout
        self.frozen = " --frozen" if "--frozen" in help else ""
        self.project = scratch / "project"
        documents.project(self.project)

    def tool(self, name):
        return shlex.quote(str(self.bin / name))

    def quietly(self, command):
        done = subprocess.run(command, shell=True, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"{command}\nended with {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")

    def tasks(self, wanted):
        """The tasks of these names; what each needs is made when it is asked for."""
        every = {task.__name__: task for task in (self.check, self.kept, self.index, self.pages, self.size, self.long, self.preview)}
        for name in wanted:
            if name not in every:
                raise SystemExit(f"there is no task '{name}'; there are {', '.join(every)}")
        return (every[name]() for name in wanted)

    def check(self):
        notebook = write(self.project / "blocks.md", documents.patchbook_notebook(BLOCKS))
        text = write(self.scratch / "blocks-jupytext.md", documents.jupytext_markdown(BLOCKS))
        cells = write(self.scratch / "blocks.py", documents.marimo_notebook(BLOCKS))
        return Task("check", f"check of a notebook of {BLOCKS} blocks", "50 ms", [
            Job("Patchbook", f"{self.patchbook} check {notebook}", "every block bound, every mistake found"),
            Job("marimo", f"{self.tool('marimo')} check {cells}", "`marimo check`, its linter"),
            Job("jupytext", f"{self.tool('jupytext')} --to ipynb -o {self.scratch}/checked.ipynb {text}",
                "reads Markdown, writes a notebook; checks nothing"),
            Job("pandoc", f"pandoc -t json -o {self.scratch}/checked.json {text}", "parses; checks nothing")])

    def kept(self):
        notebook, text = self.project / "blocks.md", self.scratch / "blocks-jupytext.md"
        output, executed = self.scratch / "kept", self.scratch / "executed.ipynb"
        self.quietly(f"{self.patchbook} render {notebook} -o {output} --quiet")
        self.quietly(f"{self.tool('jupytext')} --to ipynb -o {self.scratch}/blocks.ipynb {text}")
        self.quietly(f"{self.tool('papermill')} {self.scratch}/blocks.ipynb {executed}")
        again = (f"{self.tool('jupytext')} --to ipynb -o - {text} | {self.tool('papermill')} - - | "
                 f"{self.tool('jupyter-nbconvert')} --to html --stdin --output {self.scratch}/kept-papermill.html")
        return Task("kept", f"render of a notebook of {BLOCKS} blocks whose results are known", "100 ms", [
            Job("Patchbook", f"{self.patchbook} render {notebook} -o {output} --quiet{self.frozen}",
                "all results from the store" if self.frozen else "this build keeps nothing: every block runs again"),
            Job("nbconvert", f"{self.tool('jupyter-nbconvert')} --to html --output {self.scratch}/kept-nbconvert.html {executed}",
                "the executed notebook to HTML; runs nothing"),
            Job("jupytext + papermill", again, "keeps nothing: a kernel runs every (cheap) cell", shell=True, slow=True),
            Job("marimo", f"{self.tool('marimo')} -q export html -f -o {self.scratch}/kept-marimo.html {self.scratch}/blocks.py",
                "keeps nothing by itself: runs every (cheap) cell", slow=True),
            Job("pandoc", f"pandoc -s --metadata title=x -o {self.scratch}/kept-pandoc.html {text}", "prose and source to HTML; no results")])

    def many(self):
        """The short reports, as every tool reads them."""
        folder = self.scratch / "many" / "notebooks"
        for number in range(REPORTS):
            write(folder / f"report-{number:04}.md", documents.prose(number))
            write(self.scratch / "many" / "jupyter" / f"report-{number:04}.ipynb", documents.prose_notebook(number))
        return folder

    def index(self):
        folder, output = self.many(), self.scratch / "many" / "output"
        self.quietly(f"{self.patchbook} render {folder} -o {output} --quiet")
        return Task("index", f"the index of a folder of {REPORTS:,} reports, one of which is rendered again", "2 s", [
            Job("Patchbook", f"{self.patchbook} render {folder}/report-{REPORTS // 2:04}.md -o {output} --quiet",
                "one page from kept results, then the index over all reports")])

    def pages(self):
        folder, output = self.many(), self.scratch / "many" / "output"
        pages = f"{self.scratch}/many/jupyter/*.ipynb"
        pandoc = (f"for f in {folder}/*.md; do pandoc -s -o {self.scratch}/many/pandoc.html $f; done")
        return Task("pages", f"{REPORTS:,} short reports without data", None, [
            Job("Patchbook", f"{self.patchbook} render {folder} -o {output} --quiet", "every page and the index, one process", slow=True),
            Job("nbconvert", f"{self.tool('jupyter-nbconvert')} --to html --output-dir {self.scratch}/many/html {pages}",
                "every page, one process; no index", shell=True, slow=True),
            Job("pandoc", pandoc, "every page, a process each; no index", shell=True, slow=True)])

    def size(self):
        source, page = self.project / "prose.md", self.scratch / "size"
        write(source, documents.prose(1))
        text = write(self.scratch / "prose.ipynb", documents.prose_notebook(1))
        cells = write(self.scratch / "prose.py", documents.marimo_prose(1))
        return Task("size", "a page without data, in bytes", "100 kB", [
            Job("Patchbook", f"{self.patchbook} render {source} -o {page} --quiet", "self-contained", page=page / "prose.html"),
            Job("nbconvert", f"{self.tool('jupyter-nbconvert')} --to html --output {page}/nbconvert.html {text}",
                "fetches scripts from the net", page=page / "nbconvert.html"),
            Job("marimo", f"{self.tool('marimo')} -q export html -f -o {page}/marimo.html {cells}",
                "fetches its scripts from the net", page=page / "marimo.html", slow=True),
            Job("pandoc", f"pandoc -s --self-contained -o {page}/pandoc.html {source}", "self-contained", page=page / "pandoc.html")])

    def long(self):
        notebook = write(self.project / "long.md", documents.long_patchbook(LINES))
        text = write(self.scratch / "long-jupytext.md", documents.long_jupytext(LINES))
        return Task("long", f"a notebook of {LINES:,} lines, read and checked", "1 s", [
            Job("Patchbook", f"{self.patchbook} check {notebook}", f"{LINES // 20:,} blocks bound, every mistake found"),
            Job("jupytext", f"{self.tool('jupytext')} --to ipynb -o {self.scratch}/long.ipynb {text}",
                "reads Markdown, writes a notebook; checks nothing"),
            Job("pandoc", f"pandoc -t json -o {self.scratch}/long.json {text}", "parses; checks nothing")])

    def preview(self):
        notebook = write(self.project / "watched.md", documents.patchbook_notebook(BLOCKS))
        cells = write(self.scratch / "watched" / "watched.py", documents.marimo_notebook(BLOCKS))
        self.quietly(f"{self.patchbook} render {notebook} -o {self.scratch / 'kept'} --quiet")
        return Task("preview", f"from saving an edit of the text until the browser shows it, in a notebook of {BLOCKS} blocks", "200 ms", [
            Job("Patchbook", "", "`patchbook preview`: reads, checks and draws the whole notebook, and swaps the paragraph",
                edits=lambda browser, runs: watching.patchbook(
                    browser, self.program, notebook, documents.sentence(0), runs)),
            Job("marimo", "", "`marimo edit --watch`: runs the one cell of the paragraph",
                edits=lambda browser, runs: watching.marimo(
                    browser, self.bin / "marimo", cells, documents.sentence(0), runs))])


def watched(job, runs):
    """Median seconds of the edits and all of them, in a browser of its own."""
    from playwright.sync_api import sync_playwright

    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        times, used = job.edits(browser, max(runs, 20))
        browser.close()
    print(f"  {job.tool}: {statistics.median(times):.3f} s", file=sys.stderr, flush=True)
    return {"median": statistics.median(times), "seconds": times, "processor": used}


def timed(job, runs, scratch):
    """Median seconds and all of them, by hyperfine; None where the command failed."""
    if job.edits:
        return watched(job, runs)
    path = scratch / "hyperfine.json"
    count = 1 if job.slow and runs < 10 else 3 if job.slow else runs
    options = ["--style", "none", "--export-json", str(path), "--runs", str(max(count, 2)), "--warmup", "0" if job.slow else "2"]
    if not job.shell:
        options.append("-N")
    done = subprocess.run(["hyperfine", *options, job.command], capture_output=True, text=True)
    if done.returncode:
        print(f"  {job.tool} failed: {job.command}\n{done.stderr[-2000:]}", file=sys.stderr)
        return None
    result = json.loads(path.read_text())["results"][0]
    times = result["times"]
    print(f"  {job.tool}: {statistics.median(times):.3f} s", file=sys.stderr, flush=True)
    return {"median": statistics.median(times), "seconds": times, "processor": result["user"] + result["system"]}


def measure(task, runs, scratch):
    print(task.title, file=sys.stderr, flush=True)
    rows = []
    for job in task.jobs:
        found = timed(job, runs, scratch)
        if found is not None:
            found |= {"tool": job.tool, "does": job.does}
            if job.page:
                found["bytes"] = job.page.stat().st_size
            rows.append(found)
    return {"task": task.name, "title": task.title, "goal": task.goal, "rows": rows}


def human(seconds):
    return f"{1000 * seconds:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def table(result):
    ours = next((row for row in result["rows"] if row["tool"] == "Patchbook"), None)
    text = f"### {result['title'][0].upper()}{result['title'][1:]}\n\n" + (f"Goal: at most {result['goal']}.\n\n" if result["goal"] else "")
    keys = ["bytes"] if "bytes" in result["rows"][0] else ["median", "processor"]
    heads = {"bytes": "bytes", "median": "median", "processor": "processor time"}
    text += "| | " + "".join(f"{heads[key]} | × Patchbook | " for key in keys) + "what it does |\n"
    text += "| --- | " + "---: | ---: | " * len(keys) + "--- |\n"
    for row in result["rows"]:
        text += f"| {row['tool']} | "
        for key in keys:
            value = f"{row[key]:,}" if key == "bytes" else human(row[key])
            text += f"{value} | {f'{row[key] / ours[key]:.1f}' if ours else '–'} | "
        text += f"{row['does']} |\n"
    return text


def version(command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout.split("\n")[0].split()[-1] if done.returncode == 0 else "missing"


def versions(bin):
    found = {name: machine.version(name) for name in ("nbconvert", "jupytext", "papermill", "marimo")}
    return found | {"pandoc": version(["pandoc", "--version"]), "hyperfine": version(["hyperfine", "--version"])}


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/notebooks/run", description=__doc__.split("\n")[0])
    parser.add_argument("--tasks", default="check,kept,index,pages,size,long,preview")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--patchbook", type=Path, required=True)
    options = parser.parse_args()
    scratch, bin = options.cache / "notebooks", Path(sys.executable).parent
    scratch.mkdir(parents=True, exist_ok=True)
    # Jupyter finds its kernel, and the kernel its Python, in the environment.
    os.environ["PATH"] = f"{bin}:{os.environ['PATH']}"
    workshop = Workshop(scratch, options.patchbook, bin)
    results = [measure(task, options.runs, scratch) for task in workshop.tasks(options.tasks.split(","))]
    document = {"machine": machine.description(), "versions": versions(bin), "tasks": results}
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "notebooks.json").write_text(json.dumps(document, indent=2) + "\n")
    known = document["machine"]
    text = (f"Measured on {known['cores']} cores ({known['processor']}), load average {known['load']} at the start; "
            + ", ".join(f"{name} {value}" for name, value in document["versions"].items()) + ".\n\n"
            + "\n".join(table(result) for result in results))
    (options.output / "notebooks.md").write_text(text)
    print(text)


if __name__ == "__main__":
    main()
