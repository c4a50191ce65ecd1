"""What a page's script must do, and what a page must be without it."""
import csv
import io
import json
import re

CLOSED_FOLDS = "document.querySelectorAll('details').forEach(fold => fold.open = true)"


def check(page_file, browser):
    """The problems of one page."""
    if 'data-patchbook="report"' not in page_file.read_text(encoding="utf-8")[:1000]:
        return check_index(page_file, browser)
    problems = []
    for name, part in [
        ("without scripts", without_scripts), ("keyboard", keyboard), ("pointer", pointer), ("values", values),
        ("tables", tables), ("files", files), ("controls", controls), ("contents", contents), ("links", links),
    ]:
        options = {"offline": True, "viewport": {"width": 1440, "height": 900}, "accept_downloads": True}
        if part is without_scripts:
            options["java_script_enabled"] = False
        context = browser.new_context(**options)
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.on("console", lambda message, name=name: problems.append(f"{name}: console: {message.text}"))
        page.on("pageerror", lambda error, name=name: problems.append(f"{name}: error: {error}"))
        page.goto(page_file.as_uri())
        problems += [f"{name}: {problem}" for problem in part(page)]
        context.close()
    return problems


def results(page):
    return json.loads(page.locator("#patchbook-results").text_content())


def without_scripts(page):
    """All that a page says is there; nothing that only a script can do is shown."""
    if page.locator(".pb-controls").first.is_visible():
        yield "the controls are shown"
    for button in page.locator("main button").all():
        if button.is_visible():
            yield f"a button is shown: {button.text_content()}"
    if not page.locator("h1").is_visible() or not page.locator("main p").first.is_visible():
        yield "the text is not shown"
    for chart in page.locator(".pb-figure > .pb-canvas > svg").all():
        if not chart.locator("title").count():
            yield "a chart has no name"
    for fold in page.locator("details > summary").all():
        if fold.is_visible():
            fold.click()
            if not fold.evaluate("summary => summary.parentElement.open"):
                yield f"the fold '{fold.text_content()}' does not open"
            break


def spread(cells):
    """A list in which [cell, 5] fills five places."""
    return [one for cell in cells for one in ([cell[0]] * cell[1] if isinstance(cell, list) else [cell])]


def readings(svg):
    """The groups of a chart's readings, with all their lists whole: a number refers to an earlier list."""
    lists, groups = [], []
    for group in json.loads(svg.get_attribute("data-readings")):
        kept = 2 if isinstance(group[0], str) else 5
        for place, cells in enumerate(group[kept:], kept):
            if isinstance(cells, list):
                lists.append(spread(cells))
            group[place] = lists[-1] if isinstance(cells, list) else lists[cells]
        groups.append(group)
    return groups


def marks(svg):
    """Each mark of a chart's readings with its series, or its place in the grid."""
    found = []
    for group in readings(svg):
        if isinstance(group[0], str):
            found += [(group[0], *mark) for mark in zip(*group[3:])]
        else:
            found += [(*group[0], place) for place in range(len(group[5]))]
    return found


def keyboard(page):
    """Tab reaches each chart, and the arrow keys reach each of its values, one after the other."""
    page.evaluate(CLOSED_FOLDS)
    reading = page.locator(".pb-reading")
    for svg in page.locator("svg[data-readings]").all()[:6]:
        canvas = svg.locator("..")
        canvas.evaluate("canvas => canvas.previousElementSibling?.focus()")
        canvas.focus()
        page.keyboard.press("ArrowLeft")
        wanted, seen = marks(svg), set()
        # Along each series to its end, then on to the next.
        names = set()
        for group in readings(svg):
            names |= {tuple(group[:2])} if isinstance(group[0], str) else {(*group[0], row) for row in group[2]}
        for _ in names:
            for key in ("ArrowLeft", "ArrowRight"):
                last = None
                # Two marks may be at one place.
                while (text := svg.evaluate(
                        "svg => (svg.querySelector('.pb-ring')?.outerHTML ?? '') + document.querySelector('.pb-reading').textContent")) != last:
                    last = text
                    seen.add(text)
                    if len(seen) > 400:
                        break
                    page.keyboard.press(key)
            page.keyboard.press("ArrowDown")
        # Marks at one place with one text are one to a reader.
        distinct = len(set(wanted))
        if len(wanted) <= 400 and len(seen) < distinct:
            yield f"{len(seen)} of {distinct} values are reached in {svg.get_attribute('aria-labelledby')}"
        page.keyboard.press("Escape")
        if reading.is_visible():
            yield "Escape does not close the reading"


def pointer(page):
    """A mark says its value under the pointer, and its series comes forward; nothing does away from it."""
    reading = page.locator(".pb-reading")
    for svg in page.locator("svg[data-readings]").all():
        if not svg.is_visible():
            continue
        groups = readings(svg)
        first = groups[0]
        svg.scroll_into_view_if_needed()
        box = svg.bounding_box()
        scale = box["width"] / float(svg.get_attribute("viewBox").split()[2])
        if isinstance(first[0], str):
            x, y, value = first[3][0], first[4][0], first[5][0] if len(first) > 5 else ""
        else:
            x, y, value = first[0][0] + first[0][2] / 2, first[0][1] + first[0][3] / 2, first[5][0]
        page.mouse.move(box["x"] + x * scale, box["y"] + y * scale)
        if not reading.is_visible():
            yield f"no reading at {x}, {y} of {svg.get_attribute('aria-labelledby')}"
        elif len(groups) == 1 and str(value) not in reading.text_content().replace("\u2212", "-"):
            yield f"the reading '{reading.text_content()}' does not say {value}"
        names = {group[0] for group in groups if isinstance(group[0], str) and group[1]}
        if len(names) > 1 and not svg.evaluate("svg => svg.classList.contains('pb-dim') && !!svg.querySelector('.pb-front')"):
            yield "the series does not come forward"
        page.mouse.move(2, 2)
        if reading.is_visible():
            yield "the reading stays when the pointer leaves"


def values(page):
    """A number in the text says its path at the pointer, at the focus and at a tap, without leaving the place."""
    reading = page.locator(".pb-reading")
    value = page.locator("main p data.pb-value").first
    if not value.count():
        return
    value.scroll_into_view_if_needed()
    value.hover()
    if not reading.is_visible() or not re.match(r"[a-z][a-z0-9-]*\.", reading.text_content()):
        yield f"under the pointer it says '{reading.text_content()}'"
    page.mouse.move(2, 2)
    page.keyboard.press("Tab")
    value.locator("a").focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    if not reading.is_visible():
        yield "at the focus it says nothing"
    page.keyboard.press("Escape")
    before = page.url
    value.locator("a").dispatch_event("click")
    if not reading.is_visible() or page.url != before:
        yield "at a tap it leads away"


def tables(page):
    """The data of a figure is whole, in the page's own digits, and sorts and filters."""
    page.evaluate(CLOSED_FOLDS)
    page.wait_for_timeout(100)
    blocks = results(page)["blocks"]
    for host in page.locator(".pb-data[data-of]").all():
        block, name = host.get_attribute("data-of").split(".", 1)
        data = table(blocks[block], blocks[block]["figures"][name])
        if data is None:
            continue
        rows = host.locator("tbody tr")
        if rows.count() != len(data["rows"]):
            yield f"{rows.count()} of {len(data['rows'])} rows of {block}.{name}"
    for host in page.locator(".pb-table[data-of], .pb-data[data-of]").all():
        heads = host.locator("thead").first.locator("button")
        rows = host.locator("tbody").first.locator("tr")
        if heads.count() == 0 or rows.count() < 3:
            continue
        column = next((index for index in range(heads.count()) if is_numeric(rows, index)), None)
        if column is None:
            continue
        heads.nth(column).click()
        up = numbers(rows, column)
        heads.nth(column).click()
        down = numbers(rows, column)
        if up != sorted(up) or down != sorted(down, reverse=True):
            yield f"{host.get_attribute('data-of')} does not sort by column {column}"
        field = host.locator("input[type=search]")
        if field.count():
            wanted = rows.last.locator("td").first.text_content().strip()
            field.fill(wanted)
            shown = rows.evaluate_all("rows => rows.filter(row => !row.hidden).map(row => row.textContent)")
            if not shown or any(wanted.lower() not in text.lower() for text in shown):
                yield f"{host.get_attribute('data-of')} does not filter by '{wanted}'"
        break


def is_numeric(rows, column):
    texts = rows.evaluate_all(f"rows => rows.map(row => row.cells[{column}].textContent.trim())")
    return all(re.fullmatch(r"\u2212?[0-9.]+", text) for text in texts)


def numbers(rows, column):
    texts = rows.evaluate_all(f"rows => rows.map(row => row.cells[{column}].textContent.trim())")
    return [float(text.replace("\u2212", "-")) for text in texts]


def column(block, cells):
    """The cells of a column, which may be that of a table before it, or a column before it."""
    if isinstance(cells, list):
        return spread(cells)
    whole = block["tables"][cells["table"]]
    return column(block, whole["cells"][whole["columns"].index(cells["column"])])


def table(block, data):
    """The rows of a table or a figure's data; None where the page does not hold them."""
    whole = block["tables"][data["table"]] if "table" in data else data
    if "cells" not in whole:
        return None
    names = data.get("columns", whole["columns"])
    places = [whole["columns"].index(name) for name in names]
    rows = [list(row) for row in zip(*(column(block, whole["cells"][place]) for place in places))]
    runs = data.get("rows", [[0, len(rows)]])
    return {"columns": names, "rows": [row for a, b in runs for row in rows[a:b]]}


def files(page):
    """CSV and JSON hold the data, SVG and PNG are drawings that stand alone, and a copy is in the clipboard."""
    hosts = page.locator(".pb-data[data-of]:has(button[data-do=svg])")
    if not hosts.count():
        return
    host = hosts.first
    block, name = host.get_attribute("data-of").split(".", 1)
    found = results(page)["blocks"]
    data = table(found[block], found[block]["figures"][name])
    contents = {}
    for kind in ("csv", "json", "svg", "png"):
        with page.expect_download() as download:
            host.locator(f"button[data-do={kind}]").click()
        contents[kind] = download.value.path().read_bytes()
    rows = list(csv.reader(io.StringIO(contents["csv"].decode("utf-8"))))
    if rows[0] != data["columns"] or len(rows) != len(data["rows"]) + 1:
        yield f"the CSV file has {len(rows)} lines and the columns {rows[0]}"
    if json.loads(contents["json"]) != data:
        yield "the JSON file is not the data"
    svg = contents["svg"].decode("utf-8")
    if not svg.startswith("<svg") or "class=" in svg or "data-readings" in svg or "stroke=" not in svg:
        yield "the SVG file does not stand alone"
    if not contents["png"].startswith(b"\x89PNG") or len(contents["png"]) < 2000:
        yield "the PNG file is not a picture"
    host.locator("button[data-do=copy]").click()
    page.wait_for_timeout(200)
    if page.evaluate("navigator.clipboard.readText()").split("\n")[0].split("\t") != data["columns"]:
        yield "the clipboard does not hold the data"


def controls(page):
    """Themes, claims and sources."""
    paper = "getComputedStyle(document.body).backgroundColor"
    theme = page.locator("select[data-do=theme]")
    theme.select_option("dark")
    dark = page.evaluate(paper)
    theme.select_option("light")
    if dark == page.evaluate(paper):
        yield "dark and light have one paper"
    theme.select_option("dark")
    page.reload()
    if page.evaluate(paper) != dark:
        yield "the theme is forgotten"
    claims = page.locator("select[data-do=claims]")
    if claims.count():
        for state in ("pb-held", "pb-failed", "pb-prediction", "pb-identity", "pb-exploratory"):
            claims.select_option(state)
            wrong = page.locator(f".pb-claims > li:not(.{state})").evaluate_all("items => items.filter(item => !item.hidden).length")
            if wrong:
                yield f"{wrong} claims that are not {state} are shown"
    if page.locator("details.pb-source").count():
        page.locator("button[data-do=sources]").click()
        if not page.evaluate("[...document.querySelectorAll('details.pb-source')].every(fold => fold.open)"):
            yield "not all sources are open"


def contents(page):
    """The contents follow the reading, beside the text and on a phone."""
    links = page.locator(".pb-contents a")
    if not links.count():
        return
    target = links.last.get_attribute("href")
    page.evaluate("id => document.getElementById(decodeURIComponent(id)).scrollIntoView()", target[1:])
    page.wait_for_timeout(200)
    current = page.locator(".pb-contents a[aria-current]")
    if current.count() != 1:
        yield f"{current.count()} headings are current"
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("id => document.getElementById(decodeURIComponent(id)).scrollIntoView()", links.nth(1).get_attribute("href")[1:])
    page.wait_for_timeout(200)
    bar = page.locator(".pb-contents-fold > summary")
    box = bar.bounding_box()
    if not bar.is_visible() or not -1 <= box["y"] <= 60 or "\u00b7" not in bar.text_content():
        yield f"on a phone the contents are '{bar.text_content()}' at {box}"


def links(page):
    """Every permalink leads to an element that is then in sight, also out of a fold."""
    anchors = page.locator("a.pb-link").evaluate_all("links => links.map(link => link.hash.slice(1))")
    for anchor in anchors:
        if not page.evaluate("id => !!document.getElementById(decodeURIComponent(id))", anchor):
            yield f"#{anchor} leads nowhere"
    folded = page.locator("details.pb-more figure").first
    if folded.count():
        page.evaluate("id => location.hash = id", folded.get_attribute("id"))
        page.wait_for_timeout(200)
        if not folded.is_visible():
            yield "a link into a fold does not open it"


def check_index(page_file, browser):
    """The list of reports filters."""
    problems = []
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(f"index: {error}"))
    page.goto(page_file.as_uri())
    entries = page.locator(".pb-index > li")
    if entries.count() > 1:
        title = entries.last.locator("a").text_content()
        page.locator("input[data-do=filter]").fill(title)
        shown = entries.evaluate_all("items => items.filter(item => !item.hidden).map(item => item.textContent)")
        if not shown or any(title not in text for text in shown):
            problems.append(f"index: the filter '{title}' shows {len(shown)} reports")
    if not page.locator(".pb-small svg").count():
        problems.append("index: no figure in small")
    context.close()
    return problems
