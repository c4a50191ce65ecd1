"""Reads what `patchbook export` writes with the programs that it is for, and compares every number.

    python scripts/reference/exports.py [notebook.md …]

A Jupyter notebook must validate against nbformat, run with nbconvert without running anything, and become HTML. Markdown must go
through pandoc to HTML and Typst, and through Typst to PDF, with every number of the Markdown in each, and every formula must be one
to pandoc. A citation file must satisfy cffconvert. Needs a built .build/release/patchbook, and `pip install nbformat nbconvert nbclient pypandoc_binary typst pypdf cffconvert`.
"""

import collections
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import nbclient
import nbconvert
import nbformat
import pypandoc
import pypdf
import typst
from cffconvert import Citation

ROOT = pathlib.Path(__file__).resolve().parents[2]
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def export(notebook, form, place):
    ending = subprocess.run(
        [ROOT / ".build/release/patchbook", "export", notebook, "--to", form, "-o", place, "--quiet"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    # 3 is a claim that does not hold.
    if ending.returncode not in (0, 3):
        sys.exit(f"export to {form} failed:\n{ending.stderr}")


def numbers(text):
    return collections.Counter(NUMBER.findall(text))


def check(what, wanted, text):
    lost = wanted - numbers(text)
    if lost:
        sys.exit(f"{what}: lost {sum(lost.values())} numbers, such as {list(lost)[:5]}")
    print(f"{what}: all {sum(wanted.values())} numbers")


def jupyter(notebook, folder):
    path = folder / "x.ipynb"
    export(notebook, "ipynb", path)
    read = nbformat.read(path, as_version=4)
    nbformat.validate(read)
    outputs = [cell.outputs for cell in read.cells if cell.cell_type == "code"]
    assert not any(cell.source.strip() for cell in read.cells if cell.cell_type == "code")
    # A cell without code is skipped, so its outputs stay.
    nbclient.NotebookClient(read, kernel_name="python3").execute()
    assert outputs == [cell.outputs for cell in read.cells if cell.cell_type == "code"]
    page, _ = nbconvert.HTMLExporter().from_notebook_node(read)
    drawings = page.count("<svg ") + page.count("data:image/svg+xml;base64,")
    wanted = sum("image/svg+xml" in output.data for cell in outputs for output in cell)
    assert drawings >= wanted > 0, (drawings, wanted)
    shown = "".join(cell.source for cell in read.cells if cell.cell_type == "markdown")
    check("nbconvert to HTML", numbers(visible(shown)), plain(page))
    print(f"nbformat: {len(read.cells)} cells, {wanted} figures")


def visible(markdown):
    """The text of Markdown without what is not shown: addresses, and marks of lists and tables."""
    text = re.sub(r"\]\([^)]*\)", "]", markdown)
    text = re.sub(r"^\s*\d+[.)] ", "", text, flags=re.M)
    return html.unescape(re.sub(r"\\(.)", r"\1", text))


def plain(page):
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<(style|script).*?</\1>", "", page, flags=re.S)))


def markdown(notebook, folder):
    path = folder / "x.md"
    export(notebook, "md", path)
    text = path.read_text()
    body = text.split("---\n", 2)[2]
    # The words for those who cannot see a picture are no part of a printed page.
    wanted = numbers(visible(re.sub(r"!\[(?:[^\]\\]|\\.)*\]", "[]", body)))
    page = pypandoc.convert_file(path, "html", format="markdown", extra_args=["--standalone", "--wrap=none"])
    check("pandoc to HTML", wanted, plain(page))
    source = pypandoc.convert_file(path, "typst", format="markdown", extra_args=["--standalone", "--wrap=none"])
    (folder / "x.typ").write_text(source)
    pdf = folder / "x.pdf"
    typst.compile(folder / "x.typ", output=pdf)
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(pdf).pages)
    check("Typst to PDF", wanted, printed)


def formulas(folder):
    """Formulas in paragraphs, tables and by themselves are formulas to pandoc, with the same TeX."""
    known = json.loads((ROOT / "Tests/Fixtures/maths/formulas.json").read_text())
    texts, wanted = [], []
    for formula in known:
        tex = formula["tex"]
        texts.append(f"```math\n{tex}\n```" if formula["display"] else f"It is $`{tex}`$2 at most.")
        wanted.append(tex)
        if "|" not in tex and not formula["display"]:
            texts.append(f"| a |\n| - |\n| $`{tex}`$ |")
            wanted.append(tex)
    notebook = folder / "formulas.md"
    notebook.write_text("---\ntitle: Formulas\n---\n\n" + "\n\n".join(texts) + "\n")
    path = folder / "out" / "formulas.md"
    export(notebook, "md", path)
    found = []

    def walk(node):
        if isinstance(node, dict) and node.get("t") == "Math":
            found.append(node["c"][1])
        for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(child)

    walk(json.loads(pypandoc.convert_file(path, "json", format="markdown")))
    for text, tex in zip(found, wanted):
        if "".join(text.split()) != "".join(tex.split()):
            sys.exit(f"pandoc reads the formula {text}, and it was {tex}")
    if len(found) != len(wanted):
        sys.exit(f"pandoc reads {len(found)} formulas of {len(wanted)}")
    print(f"pandoc: all {len(wanted)} formulas")


def citation(notebook, folder):
    path = folder / "CITATION.cff"
    export(notebook, "cff", path)
    Citation(path.read_text()).validate()
    print("cffconvert: valid")


def main():
    with tempfile.TemporaryDirectory() as folder:
        formulas(pathlib.Path(folder))
    notebooks = sys.argv[1:] or [ROOT / "notebooks/quickstart.md", ROOT / "notebooks/tour.md"]
    for notebook in notebooks:
        print(notebook)
        with tempfile.TemporaryDirectory() as folder:
            jupyter(notebook, pathlib.Path(folder))
            markdown(notebook, pathlib.Path(folder))
            if re.search(r"^author:", pathlib.Path(notebook).read_text(), flags=re.M):
                citation(notebook, pathlib.Path(folder))


main()
