// Keeps an open report up to date: it takes over the parts of the page that have changed, and shows what is wrong and what runs.
(() => {
  "use strict";
  const own = document.currentScript.dataset;
  // As the server knows it; the window has it percent-encoded.
  const address = decodeURIComponent(location.pathname);
  const isOurs = (element) => element.matches("[data-preview]");
  let version = Number(own.version);

  // The page in parts: each child of <body>, of its header and of what lies around the blocks, as the server sent it, beside its live
  // element.
  const isFrame = (element) => !element.matches(".pb-block") && (element.matches("main, header") || element.querySelector("main, .pb-block"));
  const children = (element) => [...element.children].filter((child) => !isOurs(child));
  const frame = (element) => element.cloneNode(false).outerHTML;

  // Pairs the elements that the server sent with the live ones. The page's own script may have put others between them.
  function parts(sent, live) {
    const rest = children(live);
    return children(sent).flatMap((element) => {
      const place = rest.findIndex((other) => other.tagName === element.tagName && other.id === element.id);
      if (place < 0) return [];
      const node = rest.splice(0, place + 1)[place];
      return [part(element, node)];
    });
  }

  function part(sent, node) {
    if (isFrame(sent)) return { id: sent.id, html: frame(sent), node, inner: parts(sent, node) };
    return { id: sent.id, html: sent.outerHTML, node };
  }

  // What a reader has opened, scrolled and focused inside an element, so that its successor takes it over.
  function readersState(node) {
    const all = (selector) => [...node.querySelectorAll(selector)];
    const focused = node.contains(document.activeElement) ? document.activeElement : null;
    const focusable = "a[href], button, summary, input, select, [tabindex]";
    return {
      folds: all("details").map((fold) => [fold.querySelector("summary")?.textContent, fold.open]),
      scrolls: all("*").filter((element) => element.scrollLeft || element.scrollTop)
        .map((element) => [all(element.tagName).indexOf(element), element.tagName, element.scrollLeft, element.scrollTop]),
      focus: focused && [focused.id, focused === node ? -1 : all(focusable).indexOf(focused)],
    };
  }

  function giveBack(node, state) {
    const all = (selector) => [...node.querySelectorAll(selector)];
    const folds = all("details");
    state.folds.forEach(([name, open], index) => {
      const isSame = (fold) => fold && fold.querySelector("summary")?.textContent === name;
      const fold = isSame(folds[index]) ? folds[index] : folds.find(isSame);
      if (fold) fold.open = open;
    });
    for (const [index, tag, left, top] of state.scrolls) {
      const element = all(tag)[index];
      if (element) [element.scrollLeft, element.scrollTop] = [left, top];
    }
    if (!state.focus) return;
    const [id, index] = state.focus;
    const target = (id && node.querySelector("#" + CSS.escape(id)))
      || (index < 0 ? node : all("a[href], button, summary, input, select, [tabindex]")[index]);
    target?.focus({ preventScroll: true });
  }

  // Takes over the children of an element that the server now sends. Equal parts stay as they are.
  function update(old, sent, live, changed) {
    const wanted = children(sent);
    const texts = wanted.map((element) => isFrame(element) ? frame(element) : element.outerHTML);
    const left = [...old];
    const take = (test) => {
      const place = left.findIndex(test);
      return place < 0 ? null : left.splice(place, 1)[0];
    };
    // Equal parts first, in order, so that each part that has changed finds the one in whose place it stands.
    let start = 0;
    const found = texts.map((text) => {
      const place = old.findIndex((part, index) => index >= start && part.html === text && left.includes(part));
      if (place < 0) return null;
      start = place + 1;
      left.splice(left.indexOf(old[place]), 1);
      return old[place];
    });
    const result = wanted.map((element, index) => {
      const same = found[index];
      if (same && !same.inner) return same;
      const earlier = same
        || (element.id ? take((part) => part.id === element.id && part.node.tagName === element.tagName) : null)
        || take((part) => !part.id && !element.id && part.node.tagName === element.tagName);
      if (earlier?.inner && isFrame(element)) {
        for (const { name, value } of element.attributes) earlier.node.setAttribute(name, value);
        return { ...earlier, html: texts[index], inner: update(earlier.inner, element, earlier.node, changed) };
      }
      const node = document.importNode(element, true);
      const next = part(element, node);
      const state = earlier ? readersState(earlier.node) : null;
      if (earlier) earlier.node.replaceWith(node);
      else live.append(node);
      changed.push({ node, state });
      return next;
    });
    for (const part of left) part.node.remove();
    // Into the order in which they are sent; what is in its place already is not moved.
    let before = null;
    const nodes = new Set(result.map((part) => part.node));
    for (const { node } of [...result].reverse()) {
      if (nextPart(node, nodes) !== before) live.insertBefore(node, before);
      before = node;
    }
    return result;
  }

  function nextPart(node, nodes) {
    let next = node.nextElementSibling;
    while (next && !nodes.has(next)) next = next.nextElementSibling;
    return next;
  }

  // The reader's place: the first part in sight that scrolls with the page, which a list of contents that stays at the edge does not.
  function place(parts) {
    for (const { node, inner } of parts) {
      if (["sticky", "fixed"].includes(getComputedStyle(node).position)) continue;
      const found = inner ? place(inner) : (node.getBoundingClientRect().bottom > 0 && node.offsetHeight > 0 ? node : null);
      if (found) return found;
    }
    return null;
  }

  // Keeps the place while something changes the page. Browsers scroll by whole pixels; without the place that was meant, the page would
  // creep with every change.
  let held = null;
  function holding(change) {
    const isHeld = held && held.y === scrollY && held.node.isConnected;
    const node = isHeld ? held.node : place(current);
    const top = isHeld ? held.top : node?.getBoundingClientRect().top;
    const index = flat(current).findIndex((part) => part.node === node);
    change();
    const now = node?.isConnected ? node : flat(current)[index]?.node;
    if (!now) return;
    scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
    held = { node: now, top, y: scrollY };
  }

  // The page as it is now; null where it has another style or script, which the policy of the open page would not let in.
  async function fetched() {
    const response = await fetch(location.pathname, { cache: "no-store" });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    const allowed = response.headers.get("Content-Security-Policy").replace(/'nonce-[^']*'/g, "");
    policy ??= allowed;
    return policy === allowed ? new DOMParser().parseFromString(text, "text/html") : null;
  }

  let current = null;
  let policy = null;
  let isBusy = false;

  async function refresh() {
    isBusy = true;
    try {
      while (latest.version > version) {
        const page = await fetched();
        if (!page) return reload();
        const sentVersion = Number(page.querySelector("script[data-preview]").dataset.version);
        holding(() => {
          const changed = [];
          for (const { name, value } of page.documentElement.attributes) document.documentElement.setAttribute(name, value);
          current = update(current, page.body, document.body, changed);
          document.title = page.title;
          version = sentVersion;
          // The page's own script makes of new parts what it made of the old ones.
          for (const { node } of changed) node.dispatchEvent(new CustomEvent("patchbook-changed", { bubbles: true }));
          for (const { node, state } of changed) if (state) giveBack(node, state);
          for (const { node } of changed) mark(node);
        });
      }
    } finally {
      isBusy = false;
    }
  }

  const flat = (parts) => parts.flatMap((part) => part.inner ? flat(part.inner) : [part]);

  function reload() {
    const folds = [...document.querySelectorAll("details")].map((fold) => fold.open);
    sessionStorage.setItem("patchbook " + address, JSON.stringify({ folds, top: scrollY }));
    location.reload();
  }

  function comeBack() {
    const kept = sessionStorage.getItem("patchbook " + address);
    if (!kept) return;
    sessionStorage.removeItem("patchbook " + address);
    const { folds, top } = JSON.parse(kept);
    document.querySelectorAll("details").forEach((fold, index) => { fold.open = folds[index] ?? fold.open; });
    scrollTo({ top, behavior: "instant" });
  }

  function mark(node) {
    node.classList.add("preview-changed");
    setTimeout(() => node.classList.remove("preview-changed"), 1500);
  }

  // Notes beside the blocks, and a bar at the foot of the window.
  function make(tag, name, text) {
    const element = document.createElement(tag);
    element.className = name;
    element.dataset.preview = "";
    if (text) element.textContent = text;
    return element;
  }

  async function ask(action, block) {
    await fetch("/-/" + action, {
      method: "POST", headers: { "X-Patchbook-Token": own.token }, body: JSON.stringify({ page: address, block }),
    });
  }

  function button(block) {
    const element = make("button", "preview-action", block.label);
    element.type = "button";
    element.setAttribute("aria-label", `${block.label} ${block.id}`);
    element.addEventListener("click", () => ask(block.action, block.id));
    return element;
  }

  const bar = make("div", "preview-bar");
  bar.setAttribute("role", "status");
  let notes = [];
  let shown = "";

  function problemNote(problem) {
    const note = make("div", "preview-note preview-problem");
    const line = problem.line ? `${problem.file}:${problem.line}:${problem.column}: ` : `${problem.file}: `;
    note.append(make("b", "", line), problem.message);
    if (problem.excerpt) note.append(make("pre", "", problem.excerpt));
    if (problem.help) note.append(make("p", "", problem.help));
    return note;
  }

  function blockNote(block) {
    const note = make("div", `preview-note preview-${block.state}`, block.words + " ");
    if (block.action) note.append(button(block));
    return note;
  }

  function put(note, anchor, isBefore) {
    const block = anchor && document.getElementById(anchor);
    if (block) isBefore ? block.before(note) : block.after(note);
    else (document.querySelector("main") ?? document.body).prepend(note);
    notes.push(note);
  }

  function show(state) {
    const text = JSON.stringify([state.problems, state.blocks, version]);
    if (text === shown) return;
    shown = text;
    holding(() => showNotes(state));
  }

  function showNotes(state) {
    const focus = document.activeElement?.matches(".preview-action") ? document.activeElement.getAttribute("aria-label") : null;
    for (const note of notes) note.remove();
    notes = [];
    document.querySelectorAll(".preview-old").forEach((block) => block.classList.remove("preview-old"));
    for (const problem of [...state.problems].reverse()) put(problemNote(problem), problem.anchor, problem.inside);
    for (const block of state.blocks) {
      put(blockNote(block), block.anchor, true);
      document.getElementById(block.anchor)?.classList.add("preview-old");
    }
    const count = (number, one, many) => number === 0 ? [] : [number === 1 ? one : `${number} ${many}`];
    const words = [
      ...count(state.problems.length, "1 problem", "problems"),
      ...state.blocks.filter((block) => block.state === "runs").map((block) => `${block.id}: ${block.words}`),
      ...count(state.blocks.filter((block) => block.state === "waits").length, "1 block waits", "blocks wait"),
    ];
    say(words.join(" · ") || (state.blocks.length > 0 ? "Not up to date" : "Up to date"), state.problems.length > 0);
    if (focus) document.querySelector(`.preview-action[aria-label="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
  }

  function say(words, isBad) {
    bar.classList.toggle("preview-bad", isBad);
    bar.replaceChildren();
    if (own.index) {
      const link = make("a", "", "All reports");
      link.href = own.index;
      bar.append(link, " · ");
    }
    bar.append(words);
  }

  let latest = null;
  let stream = null;

  async function follow(state) {
    latest = state;
    // Whoever refreshes the page just now takes this state too.
    if (!current || isBusy) return;
    try {
      await refresh();
      show(latest);
    } catch (error) {
      say(`The preview cannot be reached: ${error.message}`, true);
    }
  }

  // A browser allows few connections to one server, so a page that nobody sees gives up its own.
  function listen() {
    if (stream || document.hidden) return;
    stream = new EventSource("/-/states?page=" + encodeURIComponent(address));
    stream.onmessage = (event) => follow(JSON.parse(event.data));
    stream.onerror = () => say("The preview has ended or cannot be reached", true);
  }

  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      stream?.close();
      stream = null;
    } else listen();
  });

  document.addEventListener("DOMContentLoaded", async () => {
    document.body.append(bar);
    const page = await fetched();
    const sentVersion = Number(page.querySelector("script[data-preview]").dataset.version);
    if (sentVersion !== version) return location.reload();
    current = parts(page.body, document.body);
    comeBack();
    if (latest) follow(latest);
  });
  listen();
})();
