"""The same document for each tool: headings, prose, tables, figures and blocks of code, as many as asked for.

Patchbook's blocks are command blocks over the embedded models; the others' are Python cells that print a table or draw an SVG line
chart of numbers at hand, so that none of them spends time on computing.
"""
import json
import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = ("residual stream layer margin patch donor recipient response prompt token position head gain effect control interval "
         "the of a at in to and is what each one every after before which").split()


def sentence(number, words=14):
    """A made-up sentence, the same for the same number."""
    chosen = [WORDS[(number * 7 + i * i * 3 + i * number) % len(WORDS)] for i in range(words)]
    return " ".join(chosen).capitalize() + "."


def paragraph(number, sentences=3):
    return "\n".join(sentence(sentences * number + i) for i in range(sentences)) + "\n"


def project(folder):
    """A project folder for Patchbook, with the embedded models and pairs."""
    for part in ("models/demo", "models/demo-dpo", "data"):
        shutil.copytree(REPOSITORY / "notebooks" / part, folder / part, dirs_exist_ok=True)


FRONT = "---\ntitle: {title}\nseed: 7\n---\n\n"


def fence(command, body):
    return f"```{{{command}}}\n{body.strip()}\n```\n\n"


def patchbook_blocks(count):
    """`count` blocks: models, pairs, score, a sweep of four layers, then charts, tables and claims about it."""
    yield "models", "id: pair\nbase: models/demo\ntuned: {path: models/demo, adapter: models/demo-dpo}"
    yield "pairs", "id: held-out\npath: data/demo-heldout.jsonl\nmodels: pair\nlimit: 8"
    yield "score", "id: before\nmodels: pair\npairs: held-out"
    yield "patch", "id: sweep\nmodels: pair\npairs: held-out\nlayers: [2, 5, 8, 11]\ncontrols: [self]"
    for number in range(4, count):
        yield ((("chart", f"id: chart-{number}\ndata: sweep.layers\nx: layer\ny: effect\ncolor: direction\nwhere: {{control: none}}"),
                ("table", f"id: table-{number}\ndata: sweep.layers\ncolumns: [layer, direction, effect]\nwhere: {{control: none}}"),
                ("expect", "- claim: sweep.self.effect == 0\n  because: a self-patch must change nothing"))[number % 3])


def patchbook_notebook(count):
    text = FRONT.format(title="A notebook of blocks")
    for number, (command, body) in enumerate(patchbook_blocks(count)):
        text += f"## Section {number}\n\n{paragraph(number)}\n" + fence(command, body)
    return text


TABLE = """from IPython.display import HTML
rows = [(layer, direction, layer / 11) for layer in (2, 5, 8, 11) for direction in ("tuned_to_base", "base_to_tuned")]
HTML("<table>" + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows) + "</table>")
"""
CHART = """from IPython.display import SVG
points = " ".join(f"{20 + 40 * i},{180 - 12 * i}" for i in range(12))
SVG(f'<svg xmlns="http://www.w3.org/2000/svg" width="520" height="200"><polyline points="{points}" fill="none" stroke="black"/></svg>')
"""


def cell(number):
    return (CHART, TABLE, "assert 1 + 1 == 2\n")[number % 3]


def jupytext_markdown(count):
    """Jupytext's Markdown form: the same sections with Python cells."""
    text = "---\njupyter:\n  kernelspec:\n    name: python3\n    display_name: Python 3\n    language: python\n---\n\n"
    for number in range(count):
        text += f"## Section {number}\n\n{paragraph(number)}\n```python\n{cell(number).strip()}\n```\n\n"
    return text


def marimo_notebook(count):
    """marimo's form: the same sections as cells of a Python file."""
    text = "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    import marimo as mo\n    return (mo,)\n\n\n"
    for number in range(count):
        prose = json.dumps(f"## Section {number}\n\n{paragraph(number)}")
        text += f"@app.cell\ndef _(mo):\n    mo.md({prose})\n    return\n\n\n"
        if number % 3 == 0:
            points = " ".join(f"{20 + 40 * i},{180 - 12 * i}" for i in range(12))
            svg = (f'<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"520\\" height=\\"200\\"><polyline points=\\"{points}\\" '
                   'fill=\\"none\\" stroke=\\"black\\"/></svg>')
            body = f'mo.Html("{svg}")'
        elif number % 3 == 1:
            body = ('mo.ui.table([{"layer": layer, "direction": direction, "effect": layer / 11} for layer in (2, 5, 8, 11) '
                    'for direction in ("tuned_to_base", "base_to_tuned")])')
        else:
            body = "assert 1 + 1 == 2"
        text += f"@app.cell\ndef _(mo):\n    {body}\n    return\n\n\n"
    return text + 'if __name__ == "__main__":\n    app.run()\n'


def long_section(number, block):
    """Twenty lines: a heading, a paragraph, a list, a table and a block."""
    return (f"## Section {number}\n\n{paragraph(number, 4)}\n- {sentence(number, 5)}\n- {sentence(number + 1, 5)}\n\n"
            f"| layer | effect |\n| --- | ---: |\n| {number} | 0.5 |\n\n{block}")


def long_patchbook(lines):
    """A notebook of about this many lines, a tenth of them inline tables."""
    text = FRONT.format(title="A long notebook")
    for number in range(lines // 20):
        text += long_section(number, f"```{{table}}\nid: t{number}\ncsv: |\n  a,b\n  {number},2\n```\n\n")
    return text


def long_jupytext(lines):
    text = "---\njupyter:\n  kernelspec:\n    name: python3\n    display_name: Python 3\n    language: python\n---\n\n"
    for number in range(lines // 20):
        text += long_section(number, f"```python\nrows = [\n    (\"a\", \"b\"),\n    ({number}, 2),\n]\n```\n\n")
    return text


def prose(number):
    """A short report without blocks."""
    return FRONT.format(title=f"Report {number}") + "".join(
        f"## Section {part}\n\n{paragraph(10 * number + part)}\n" for part in range(3))


def prose_notebook(number):
    """The same as a Jupyter notebook."""
    cells = [{"cell_type": "markdown", "id": f"c{part}", "metadata": {},
              "source": f"## Section {part}\n\n{paragraph(10 * number + part)}"} for part in range(3)]
    return json.dumps({"cells": cells, "metadata": {"title": f"Report {number}"}, "nbformat": 4, "nbformat_minor": 5})


def marimo_prose(number):
    text = "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    import marimo as mo\n    return (mo,)\n\n\n"
    for part in range(3):
        body = json.dumps(f"## Section {part}\n\n{paragraph(10 * number + part)}")
        text += f"@app.cell\ndef _(mo):\n    mo.md({body})\n    return\n\n\n"
    return text + 'if __name__ == "__main__":\n    app.run()\n'
