// What a page adds where scripts run; everything on it can be read without. Numbers come from the results that the page itself
// holds, and nothing is asked of anyone else. Other scripts that replace a part of the page dispatch `patchbook-changed` on it.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const on = (target, type, act, options) => target.addEventListener(type, act, options);
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  // The theme is set before anything is painted.
  const memory = (() => { try { return localStorage } catch { return null } })();
  root.classList.add("pb-js");
  root.dataset.theme = memory?.getItem("patchbook-theme") ?? "";

  // Results.

  let parsed;
  const results = () => parsed ??= JSON.parse(document.getElementById("patchbook-results").textContent);

  // The cells of a list in which `[cell, 5]` fills five places.
  const spread = (list) => list.flatMap((cell) => Array.isArray(cell) ? Array(cell[1]).fill(cell[0]) : [cell]);

  // The columns of a block's table or figure, some of them those of a table before it; none where the page does not hold them.
  const columnsOf = (block, data) => data.cells?.map((column) => Array.isArray(column)
    ? spread(column) : columnOf(block, block.tables[column.table], column.column));
  const columnOf = (block, data, name) => columnsOf(block, { cells: [data.cells[data.columns.indexOf(name)]] })[0];

  // The columns and rows of a block's table or figure; no rows where the page does not hold them.
  const table = (place, kind) => {
    const [id, ...rest] = place.split(".");
    const block = results().blocks[id], data = block[kind][rest.join(".")];
    const whole = data.table ? block.tables[data.table] : data, columns = data.columns ?? whole.columns;
    if (!whole.cells) return { columns };
    const lists = data.table ? columns.map((name) => columnOf(block, whole, name)) : columnsOf(block, whole);
    const rows = lists[0]?.map((_, row) => lists.map((list) => list[row])) ?? [];
    return { columns, rows: data.rows ? data.rows.flatMap(([from, to]) => rows.slice(from, to)) : rows };
  };

  // A value as every page writes it: four significant digits, but every digit in front of the point.
  const written = (value) => {
    if (value === null) return "—";
    if (typeof value !== "number") return String(value);
    if (value === 0) return "0";
    const [mantissa, exponent] = Math.abs(value).toExponential().split("e");
    let digits = mantissa.replace(".", ""), point = Number(exponent) + 1;
    const round = (count) => {
      if (digits.length <= count) return;
      const kept = String(Number(digits.slice(0, count)) + (digits[count] >= "5" ? 1 : 0));
      point += kept.length - count;
      digits = kept.replace(/0+$/, "");
    };
    const isWhole = digits.length <= point && point <= 15;
    if (!isWhole) round(point > 6 ? 4 : Math.max(4, point));
    const sign = value < 0 ? "−" : "";
    if (!isWhole && (point > 6 || point < -3)) {
      const power = String(point - 1).replace(/[-0-9]/g, (mark) => mark === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[mark]);
      return `${sign}${digits[0]}${digits.length > 1 ? "." + digits.slice(1) : ""}×10${power}`;
    }
    let front = point > 0 ? digits.padEnd(point, "0").slice(0, point) : "0";
    if (front.length > 4) front = front.replace(/\B(?=(\d{3})+$)/g, "\u202f");
    const back = point > 0 ? digits.slice(point) : "0".repeat(-point) + digits;
    return sign + front + (back ? "." + back : "");
  };

  // What stands under the pointer or the focus.

  const box = () => document.querySelector(".pb-reading");
  let shownFor = null;
  const hide = () => { box()?.setAttribute("hidden", ""); shownFor = null };
  const show = (owner, lines, left, top, height) => {
    const reading = box(), [first, ...others] = lines;
    reading.replaceChildren(make("b", {}, first), ...others.map((line) => make("span", {}, line)));
    reading.hidden = false;
    shownFor = owner;
    const { width, height: own } = reading.getBoundingClientRect();
    reading.style.left = `${Math.max(8, Math.min(left - width / 2, root.clientWidth - width - 8))}px`;
    reading.style.top = `${top > own + 16 ? top - own - 8 : top + height + 8}px`;
  };

  const spoken = (value) => typeof value === "number" ? String(value).replace("-", "−") : value;

  // The marks of a chart by series, from the drawing's own readings.
  const seriesOf = (svg) => {
    const series = new Map(), lists = [];
    const list = (cells) => {
      if (typeof cells === "number") return lists[cells];
      lists.push(spread(cells));
      return lists.at(-1);
    };
    const add = (key, name, style, mark) => {
      if (!series.has(key)) series.set(key, { name, style, marks: [] });
      series.get(key).marks.push(mark);
    };
    JSON.parse(svg.dataset.readings).forEach((group, index) => {
      if (typeof group[0] === "string") {
        const [name, style] = group, [words, x, y, ...values] = group.slice(2).map(list);
        x.forEach((_, at) => {
          const text = words.map((word, place) => place ? spoken(values[place - 1][at]) + word : word).join("");
          add(name + style, name, style, { x: x[at], y: y[at], text });
        });
      } else {
        const [[left, top, width, height], rowTitle, rows, columnTitle, columns] = group, values = list(group[5]);
        rows.forEach((row, down) => columns.forEach((column, across) => add(`${index} ${down}`, `${rowTitle} ${spoken(row)}`, "", {
          x: left + (across + 0.5) * width, y: top + (down + 0.5) * height, width, height,
          text: `${columnTitle} ${spoken(column)}: ${spoken(values[down * columns.length + across])}`,
        })));
      }
    });
    return [...series.values()].map((one) => ({ ...one, marks: one.marks.sort((a, b) => a.x - b.x || a.y - b.y) }));
  };

  const readChart = (svg) => {
    const canvas = svg.parentElement, ring = document.createElementNS(svg.namespaceURI, "rect");
    let series, current = [0, 0];
    ring.setAttribute("class", "pb-ring");
    const open = () => series ??= seriesOf(svg);
    const close = () => {
      ring.remove();
      svg.classList.remove("pb-dim");
      all(".pb-front", svg).forEach((element) => element.classList.remove("pb-front"));
      if (shownFor === svg) hide();
    };
    const point = (row, place) => {
      const { name, style, marks } = open()[row], mark = marks[place];
      close();
      current = [row, place];
      const [width, height] = [mark.width ?? 12, mark.height ?? 12];
      const sizes = { x: mark.x - width / 2, y: mark.y - height / 2, width, height, rx: mark.width ? 0 : 6 };
      for (const [key, value] of Object.entries(sizes)) ring.setAttribute(key, value);
      svg.append(ring);
      if (style && series.length > 1) {
        svg.classList.add("pb-dim");
        const isAgain = style.includes("pb-again");
        all("." + style.split(" ").join("."), svg).filter((element) => element.classList.contains("pb-again") === isAgain)
          .forEach((element) => element.classList.add("pb-front"));
      }
      const frame = svg.getBoundingClientRect(), scale = frame.width / svg.viewBox.baseVal.width;
      show(svg, name ? [name, mark.text] : [mark.text], frame.left + mark.x * scale,
        frame.top + sizes.y * scale, height * scale);
    };
    const nearest = (x, y) => {
      let found = null, least = 40 ** 2;
      open().forEach(({ marks }, row) => marks.forEach((mark, place) => {
        const [across, down] = [Math.abs(mark.x - x), Math.abs(mark.y - y)];
        const distance = across <= mark.width / 2 && down <= mark.height / 2 ? 0 : mark.width ? Infinity : across ** 2 + down ** 2;
        if (distance < least) [found, least] = [[row, place], distance];
      }));
      return found;
    };
    const aim = (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
      const found = nearest(at.x, at.y);
      if (found) point(...found); else close();
    };
    const move = (event) => {
      const [row, place] = current, last = open()[row].marks.length - 1;
      const beside = (other) => {
        const x = series[row].marks[place].x, far = series[other].marks.map((mark) => Math.abs(mark.x - x));
        return [other, far.indexOf(Math.min(...far))];
      };
      const next = {
        ArrowLeft: () => [row, Math.max(0, place - 1)], ArrowRight: () => [row, Math.min(last, place + 1)],
        ArrowUp: () => beside(Math.max(0, row - 1)), ArrowDown: () => beside(Math.min(series.length - 1, row + 1)),
      }[event.key];
      if (!next) return;
      event.preventDefault();
      point(...next());
    };
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "group");
    canvas.setAttribute("aria-label", "Values of the chart: arrow keys go from one to the next");
    on(canvas, "pointermove", aim);
    on(canvas, "click", aim);
    on(canvas, "pointerleave", close);
    on(canvas, "focus", () => canvas.matches(":focus-visible") && point(...current));
    on(canvas, "blur", close);
    on(canvas, "keydown", move);
  };

  // A number in the text says what it is; who taps it first reads that, and goes to its block with the next tap.
  const readValue = (value) => {
    const lines = value.title.split("\n");
    value.removeAttribute("title");
    const open = () => {
      const at = value.getBoundingClientRect();
      show(value, lines, at.left + at.width / 2, at.top, at.height);
    };
    on(value, "pointerenter", (event) => event.pointerType === "mouse" && open());
    on(value, "pointerleave", (event) => event.pointerType === "mouse" && hide());
    on(value, "focusin", () => value.querySelector("a")?.matches(":focus-visible") && open());
    on(value, "focusout", hide);
    on(value, "click", (event) => {
      if (shownFor === value) return hide();
      event.preventDefault();
      open();
    });
  };

  // Tables.

  const tail = (text) => /×|—/.test(text) ? null : text.includes(".") ? 2 * (text.length - text.indexOf(".")) - 1 : 0;

  // A grid of all rows, as the page's own are.
  const gridOf = ({ columns, rows }, label) => {
    // A p-value at the floor of the permutations is a bound.
    const least = 1 / 10001, isBound = (cell, name) => /(^|_)p$/.test(name) && cell !== null && cell <= least;
    const texts = rows.map((row) => row.map((cell, place) => isBound(cell, columns[place]) ? "≤\u00a00.0001" : written(cell)));
    const tails = columns.map((_, place) => rows.every((row) => row[place] === null || typeof row[place] === "number")
      && Math.min(15, Math.max(0, ...texts.map((row) => tail(row[place]) ?? 0))));
    const words = (place) => tails[place] === false ? { class: "pb-words" } : {};
    const head = make("tr", {}, ...columns.map((name, place) => make("th", { scope: "col", ...words(place) }, name.replaceAll("_", " "))));
    const body = texts.map((row) => make("tr", {}, ...row.map((text, place) => {
      const gap = tails[place] === false || tail(text) === null ? 0 : tails[place] - tail(text);
      return make("td", gap > 0 ? { class: `pb-gap-${gap}` } : words(place), text);
    })));
    const table = make("table", { class: "pb-numbers" }, make("thead", {}, head), make("tbody", {}, ...body));
    return make("div", { class: "pb-scroll", role: "group", tabindex: 0, "aria-label": label }, table);
  };

  // Makes the rows of one grid, or of one grid and its fold, sort and filter.
  const sortable = (host, data, slot) => {
    const grids = all("table.pb-numbers", host), [first] = grids, body = first?.tBodies[0];
    if (!body || !data.rows || data.rows.length < 2) return;
    const heads = [...first.tHead.rows[0].cells], rows = grids.flatMap((grid) => [...grid.tBodies[0].rows]);
    const fold = all("details", host).find((details) => details.contains(grids[1]));
    const arrange = (order) => {
      body.append(...order.map((index) => rows[index]));
      fold?.remove();
    };
    const places = rows.map((_, index) => index);
    const compare = (a, b) => typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
    heads.forEach((head, column) => {
      const button = make("button", { type: "button", class: "pb-sort" }, ...head.childNodes);
      head.append(button);
      on(button, "click", () => {
        const next = { ascending: "descending", descending: "none" }[head.ariaSort] ?? "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        if (next === "none") return arrange(places);
        head.ariaSort = next;
        const sign = next === "ascending" ? 1 : -1, key = (index) => data.rows[index][column];
        arrange([...places].sort((a, b) => (key(a) === null) - (key(b) === null) || sign * compare(key(a), key(b)) || a - b));
      });
    });
    if (rows.length < 8) return;
    const field = make("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows" });
    const count = make("span", { class: "pb-count", role: "status" });
    on(field, "input", () => {
      arrange(places);
      const wanted = field.value.toLowerCase();
      for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(wanted);
      count.textContent = wanted ? `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows` : "";
    });
    slot.append(field, count);
  };

  // Saving.

  const save = (name, content, type) => {
    const link = make("a", { download: name, href: URL.createObjectURL(new Blob([content], { type })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const delimited = ({ columns, rows }, mark, end) => {
    const cell = (value) => {
      const text = value === null ? "" : String(value);
      return text.includes(mark) || /["\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    };
    return [columns, ...rows].map((row) => row.map(cell).join(mark) + end).join("");
  };

  const paint = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linecap",
    "stroke-linejoin", "font-family", "font-size", "font-weight", "text-anchor", "shape-rendering"];

  // A chart as a file of its own: what the style sheet gives it becomes attributes.
  const standalone = (svg) => {
    const copy = svg.cloneNode(true), originals = [svg, ...all("*", svg)], copies = [copy, ...all("*", copy)];
    originals.forEach((original, index) => {
      const style = getComputedStyle(original), above = original === svg ? null : getComputedStyle(original.parentElement);
      for (const name of paint) {
        const value = style.getPropertyValue(name);
        if (value !== above?.getPropertyValue(name)) copies[index].setAttribute(name, value);
      }
      copies[index].removeAttribute("class");
      if (style.display === "none") copies[index].remove();
    });
    copy.removeAttribute("data-readings");
    const { x, y, width, height } = svg.getBBox(), size = { x: x - 8, y: y - 8, width: width + 16, height: height + 16 };
    const paper = document.createElementNS(svg.namespaceURI, "rect");
    for (const [key, value] of Object.entries(size)) paper.setAttribute(key, value);
    paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
    copy.querySelector("title").after(paper);
    copy.setAttribute("viewBox", `${size.x} ${size.y} ${size.width} ${size.height}`);
    copy.setAttribute("width", size.width);
    copy.setAttribute("height", size.height);
    return { text: new XMLSerializer().serializeToString(copy), ...size };
  };

  const tools = (place, kind, svg, into) => {
    const data = table(place, kind), bar = document.getElementById("patchbook-tools").content.cloneNode(true).firstElementChild;
    const name = `${results().notebook.replace(/\.[^.]*$/, "")}-${place.replaceAll(".", "-")}`;
    const actions = {
      csv: () => save(`${name}.csv`, delimited(data, ",", "\r\n"), "text/csv"),
      json: () => save(`${name}.json`, JSON.stringify({ columns: data.columns, rows: data.rows }), "application/json"),
      copy: (button) => navigator.clipboard.writeText(delimited(data, "\t", "\n")).then(() => {
        button.textContent = "Copied";
        setTimeout(() => button.textContent = "Copy", 2000);
      }),
      svg: () => save(`${name}.svg`, standalone(svg).text, "image/svg+xml"),
      png: () => {
        const { text, width, height } = standalone(svg), image = new Image();
        image.onload = () => {
          const canvas = make("canvas", { width: 2 * width, height: 2 * height });
          canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
          canvas.toBlob((blob) => save(`${name}.png`, blob, "image/png"));
        };
        image.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      },
    };
    const what = kind === "figures" ? "figure" : "table";
    for (const button of all("button", bar)) {
      const action = button.dataset.do, isDrawing = ["svg", "png"].includes(action);
      if (isDrawing ? !svg : !data.rows || action === "copy" && !navigator.clipboard) { button.remove(); continue }
      button.setAttribute("aria-label", `${button.textContent} of ${what} ${place}`);
      on(button, "click", () => actions[action](button));
    }
    into.append(bar);
    return data;
  };

  const enhance = (from) => {
    if (!box()) return;
    for (const svg of all("svg[data-readings]", from)) readChart(svg);
    for (const value of all("data.pb-value[title]", from)) readValue(value);
    for (const host of all(".pb-data[data-of]", from)) {
      const data = tools(host.dataset.of, "figures", host.previousElementSibling.querySelector(".pb-canvas > svg"), host);
      const fold = host.querySelector("details"), slot = make("p", { class: "pb-tools" });
      on(fold, "toggle", () => {
        const summary = fold.querySelector("summary"), count = fold.querySelector(".pb-count");
        summary.after(slot);
        if (count && data.rows) count.replaceWith(gridOf(data, summary.textContent));
        sortable(fold, data, slot);
      }, { once: true });
    }
    for (const host of all(".pb-table[data-of]", from)) {
      const slot = host.querySelector(".pb-slot");
      sortable(host, tools(host.dataset.of, "tables", null, slot), slot);
    }
    for (const item of all("li[data-of]", from)) tools(item.dataset.of, "tables", null, item);
  };

  // Contents that follow the reading.
  const follow = () => {
    const links = new Map();
    for (const link of all(".pb-contents a, .pb-contents-fold a")) {
      const id = decodeURIComponent(link.hash.slice(1));
      links.set(id, [...(links.get(id) ?? []), link]);
    }
    const headings = all("main :is(h1, h2, h3, h4, h5, h6)[id]").filter((heading) => links.has(heading.id));
    const fold = document.querySelector(".pb-contents-fold"), side = document.querySelector(".pb-contents");
    let now = null;
    const update = () => {
      const next = headings.findLast((heading) => heading.getBoundingClientRect().top < 120) ?? null;
      if (next === now) return;
      for (const link of links.get(now?.id) ?? []) link.removeAttribute("aria-current");
      for (const link of links.get(next?.id) ?? []) {
        link.setAttribute("aria-current", "true");
        if (side.contains(link)) side.scrollTop = link.offsetTop - side.clientHeight / 2;
      }
      now = next;
      fold.querySelector(".pb-here").textContent = now ? ` · ${links.get(now.id)[0].textContent}` : "";
    };
    if (!headings.length || !fold || !side) return;
    on(window, "scroll", update, { passive: true });
    on(fold, "click", (event) => { if (event.target.closest("a")) fold.open = false });
    update();
  };

  // What a link leads to is unfolded.
  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folds = [];
    for (let at = target; at; at = at.parentElement) if (at.matches("details:not([open])")) folds.push(at);
    for (const fold of folds) fold.open = true;
    if (folds.length) target.scrollIntoView();
  };

  const controls = {
    theme: ({ value }) => {
      root.dataset.theme = value;
      memory?.setItem("patchbook-theme", value);
    },
    claims: ({ value }) => {
      for (const claim of all(".pb-claims > li")) claim.hidden = value !== "" && !claim.classList.contains(value);
    },
    sources: (button) => {
      const isOpen = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", isOpen);
      for (const fold of all("details.pb-source")) fold.open = isOpen;
    },
    filter: ({ value }) => {
      for (const entry of all(".pb-index > li")) entry.hidden = !entry.textContent.toLowerCase().includes(value.toLowerCase());
    },
  };

  on(document, "DOMContentLoaded", () => {
    for (const control of all(".pb-controls [data-do]")) {
      const act = controls[control.dataset.do];
      on(control, control.matches("button") ? "click" : "input", () => act(control));
      if (control.dataset.do === "theme") control.value = root.dataset.theme;
    }
    on(document, "keydown", (event) => { if (event.key === "Escape") hide() });
    on(window, "hashchange", reveal);
    if (!document.getElementById("patchbook-results")) return;
    enhance(document);
    follow();
    reveal();
    on(document, "patchbook-changed", (event) => {
      parsed = undefined;
      enhance(event.target);
    });
  });
})();
