#!/usr/bin/env python3
"""Writes notebooks/gallery.md: every kind of chart on plain and on awkward data, made up by a fixed rule.

    python3 scripts/gallery.py > notebooks/gallery.md
"""
import math

MASK = (1 << 64) - 1


def noise(index, seed=1):
    """A number from -1 to 1 that looks random (splitmix64)."""
    state = (index * 0x9E3779B97F4A7C15 + seed * 0xBF58476D1CE4E5B9 + 0x123456789ABCDEF1) & MASK
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) & MASK
    return ((state ^ (state >> 31)) >> 11) / (1 << 52) - 1


def bell(index, seed):
    return sum(noise(index * 4 + k, seed) for k in range(4)) * 0.87


def rise(layer, middle, height, width=1.0):
    return height / (1 + math.exp(-(layer - middle) / width))


def number(value):
    return "" if value is None else f"{value:.4g}"


def table(name, columns, rows):
    lines = "\n".join("  " + ", ".join(c if isinstance(c, str) else str(c) if isinstance(c, int) else number(c) for c in row) for row in rows)
    return f"```{{table}}\nid: {name}\nshow: none\ncsv: |\n  {', '.join(columns)}\n{lines}\n```\n"


def chart(**options):
    body = "\n".join(f"{key}: {value}" for key, value in options.items())
    return f"```{{chart}}\n{body}\n```\n"


def sweep(layers, directions=("tuned to base", "base to tuned")):
    rows = []
    for d, direction in enumerate(directions):
        sign = 1 if d == 0 else -1
        for control in ("none", "random") if d == 0 else ("none",):
            for layer in range(layers):
                peak = rise(layer, layers * 0.55, 9.2, layers / 24) if control == "none" else 0
                effect = sign * peak + 0.25 * noise(layer, 3 + d) + (0.3 if control == "none" else 0.1) * noise(layer, 9)
                spread = 0.5 + 0.08 * abs(effect)
                rows.append((f'"{direction}"', control, layer, effect, effect - spread, effect + 1.1 * spread))
    return rows


COLUMNS = ("direction", "control", "layer", "effect", "lower", "upper")
TEXT = [
    ("prompt", ["How", " do", " I", " open", " a", " jam", "med", " drawer", "?", "\\n"]),
    ("chosen", ["Pull", " it", " up", " a", " little", ",", " then", " slide", " a", " ruler", " in", " to", " push", " the",
                " thing", " down", " that", " blocks", " it", "."]),
    ("rejected", ["Just", " kick", " it", ",", " who", " cares", "."]),
]

out = ['''---
title: The charts
subtitle: Every kind on plain data and on awkward data
---

All numbers on this page are made up, by a fixed rule in `scripts/gallery.py`. Each chart is a `{chart}` block over a table that is
written into the notebook; its source is folded under it.

## Over layers

A line with a band is the usual chart of a sweep: one estimate per layer, with its interval. Controls are grey.
''']
out.append(table("sweep", COLUMNS, sweep(12)))
out.append(chart(id="line", data="sweep.data", x="layer", y="effect", color="control", main="none", where='{direction: "tuned to base"}',
                 y_label="change of the margin (nats)", reference="{value: 9.2, label: mean gain (9.2)}",
                 caption='"The band is a 95 % interval over prompts; the dotted line is what tuning gained in all"'))
out.append(chart(id="facets", data="sweep.data", x="layer", y="effect", facet="direction", where="{control: none}",
                 y_label="change of the margin (nats)", caption='"Small charts on the same axes"'))
rows = []
for layer in range(12):
    y = rise(layer, 6, 0.9)
    rows.append((layer, y, y - 0.06 - 0.05 * y, y + 0.06 + 0.04 * y, y - 0.13 - 0.08 * y, y + 0.12 + 0.06 * y))
out.append(table("band", ("layer", "recovery", "recovery_lower", "recovery_upper", "all_lower", "all_upper"), rows))
out.append(chart(id="simultaneous", data="band.data", x="layer", y="recovery", outer_lower="all_lower", outer_upper="all_upper",
                 caption='"The inner band holds for one layer at a time, the outer one for all layers at once"'))
out.append(table("steps", ("layer", "increment", "increment_lower", "increment_upper"),
                 [(l, v := rise(l, 6, 1) * (1 - rise(l, 6, 1)) * 8 + 0.15 * noise(l, 5), v - 0.3, v + 0.35) for l in range(12)]))
out.append(chart(id="bars", data="steps.data", mark="bar", x="layer", y="increment", y_label="increment (nats)",
                 caption='"Bars stand on zero, always"'))
out.append(table("wide", COLUMNS, sweep(96, ("tuned to base",))))
out.append(chart(id="ninety-six", data="wide.data", x="layer", y="effect", color="control", main="none", y_label="change of the margin (nats)",
                 caption='"Ninety-six layers"'))
out.append("## Estimates by name\n")
out.append(table("models", ("model", "margin", "margin_lower", "margin_upper"), [
    ("base", -0.4, -1.1, 0.2), ('"DPO, every layer"', 12.3, 10.8, 13.6), ('"DPO restricted to layers 4, 5 and 6 of 12, by name"', 8.1, 7.2, 9.4),
    ("nowhere", None, None, None), ('"KTO"', 9.9, 8.1, 11.2)]))
out.append(chart(id="intervals", data="models.data", mark="interval", x="model", y="margin", y_label="mean margin (nats)",
                 caption='"Names that do not fit below an axis stand beside it; a model without a value keeps its line"'))
rows = []
for layer in range(30):
    value = noise(layer, 51) if layer in (3, 7, 8, 14, 15, 22) else 0.0
    rows.append((layer, value, value - 0.22 if value else 0.0, value + 0.18 if value else 0.0))
out.append(table("lasso", ("layer", "coefficient", "coefficient_lower", "coefficient_upper"), rows))
out.append(chart(id="stems", data="lasso.data", mark="stem", x="layer", y="coefficient",
                 caption='"Coefficients of a LASSO: an open mark is exactly zero"'))
rows = []
for name, start, slope in (("layer 7", 2, 0.9), ("layer 14", 5, -0.55), ("layer 3", 9, 0.3), ("layer 22", 11, -0.22), ("layer 8", 14, 0.2)):
    for step in range(25):
        rows.append((name, step / 8, slope * max(0, step - start) / 20))
out.append(table("path", ("term", "minus_log_alpha", "coefficient"), rows))
out.append(chart(id="paths", data="path.data", x="minus_log_alpha", y="coefficient", color="term", x_label="−log₁₀ α",
                 caption='"The path of the coefficients as the penalty falls"'))
out.append("## Ranks\n")
out.append(table("ranks", ("rank", "energy", "recovery", "recovery_lower", "recovery_upper"),
                 [(r, 1 - 0.7 / (1 + k), 1 - 0.95 / (1 + 0.8 * k), 1 - 0.95 / (1 + 0.8 * k) - 0.06, 1 - 0.95 / (1 + 0.8 * k) + 0.05)
                  for k, r in enumerate((1, 2, 4, 8, 16, 32, 64))]))
out.append(chart(id="spectrum", data="ranks.data", x="rank", y="[energy, recovery]", x_scale="log2",
                 caption='"Two quantities over one axis, which doubles from tick to tick: variance kept, and recovery caused"'))
out.append(table("values", ("index", "singular_value"), [(i, 40 * i ** -1.1 * (1 + 0.1 * noise(i, 8))) for i in range(1, 65)]))
out.append(chart(id="loglog", data="values.data", x="index", y="singular_value", x_scale="log", y_scale="log",
                 caption='"Singular values on logarithmic axes"'))
out.append("## Distributions and pairs\n")
out.append(table("permuted", ("recovery",), [(0.12 * bell(i, 61),) for i in range(400)]))
out.append(chart(id="histogram", data="permuted.data", mark="histogram", x="recovery", y_label="permutations",
                 reference='[{value: 0.41, label: observed (0.41)}, {value: 0.2, label: 95th percentile}]',
                 title="A null distribution with what was observed", caption='"Four hundred permutations"'))
rows = [(base := 4 * bell(i, 71), base * 0.6 + 7 + 3 * bell(i, 72), int(40 + 30 * abs(bell(i, 73))), "confirm" if i % 2 else "fit") for i in range(120)]
out.append(table("pairs", ("base", "tuned", "tokens", "split"), rows))
out.append(chart(id="margins", data="pairs.data", mark="scatter", x="base", y="tuned", identity="true", x_label="base margin (nats)",
                 y_label="tuned margin (nats)", title="Margin of each pair, tuned against base", caption='"Both axes measure the same, so they have one range, and the line of equal margins"'))
out.append(chart(id="lengths", data="pairs.data", mark="scatter", x="tokens", y="tuned", color="split", x_label="response length (tokens)",
                 y_label="tuned margin (nats)", title="Margin by length of the response", caption='"Colour is never alone: the marks differ in shape too"'))
rows = [(3 * bell(i, 81), 2 * bell(i, 82) + bell(i, 81)) for i in range(2400)]
out.append(table("many", ("x", "y"), rows))
out.append(chart(id="dense", data="many.data", mark="scatter", x="x", y="y", title="Two quantities that go together", caption='"Above 2,000 points there is no mark a point"'))
out.append("## Grids\n")
out.append(table("heads", ("layer", "head", "effect"),
                 [(l, h, 3 * noise(l * 8 + h, 91) ** 3 + (4.5 if (l, h) in ((6, 2), (7, 5)) else 0)) for l in range(12) for h in range(8)]))
out.append(chart(id="by-head", data="heads.data", mark="heatmap", x="head", y="layer", color="effect", caption='"Layer by head: zero is the middle of the colours"'))
words = [w.strip() for w in TEXT[1][1]]
rows = [(l, f'"{i} {w}"', (rise(i - 2 * l, 0, 1) * abs(noise(l * 20 + i, 95)) + (0.9 if i == l + 4 else 0))) for l in range(12) for i, w in enumerate(words)]
out.append(table("positions", ("layer", "token", "recovery"), rows))
out.append(chart(id="by-position", data="positions.data", mark="heatmap", x="token", y="layer", color="recovery",
                 caption='"Layer by position: one sign, so one ramp of colour; names of tokens run upwards"'))
rows = [(s, p, l, None if (p + l) % 19 == 0 else rise(l, 6, 6) * (0.6 + 0.5 * noise(p, 97)) * (1 if s == "attention" else 0.5)) for s in ("attention", "mlp") for p in range(16) for l in range(12)]
out.append(table("sites", ("site", "pair", "layer", "effect"), rows))
out.append(chart(id="by-site", data="sites.data", mark="heatmap", x="layer", y="pair", color="effect", facet="site",
                 caption='"Two maps that share their colours; what is missing is hatched"'))
out.append("## Text\n")
rows, index = [], 0
for part, tokens in TEXT:
    for token in tokens:
        value = None if part == "prompt" else (1.2 if part == "chosen" else -1.6) * abs(bell(index, 99)) + 0.2 * noise(index, 98)
        rows.append((f'"{token}"', part, value))
        index += 1
out.append(table("text", ("token", "part", "difference"), [(t.replace("\\n", "⏎"), p, v) for t, p, v in rows]))
out.append(chart(id="strip", data="text.data", mark="strip", x="token", y="difference", color="part",
                 y_label="tuned − base log-probability (nats)", caption='"Each token on the colour of its value, which shows when pointed at"'))
out.append("## Awkward data\n")
out.append(table("one", ("layer", "effect", "lower", "upper"), [(0, 3.2, 2.1, 4.0)]))
out.append(chart(id="one-point", data="one.data", x="layer", y="effect", caption='"One layer"'))
out.append(table("gaps", ("layer", "recovery"), [(l, None if l in (1, 4, 5) else 0.1 * l) for l in range(10)]))
out.append(chart(id="holes", data="gaps.data", x="layer", y="recovery", caption='"Layers without a value break the line"'))
out.append(table("tiny", ("layer", "effect"), [(l, 2e-6 * noise(l, 7)) for l in range(12)]))
out.append(chart(id="small", data="tiny.data", x="layer", y="effect", y_label="effect (nats)", caption='"Very small numbers"'))
rows = [(f'"coefficient of the distance at layer {k}"', s / 20, noise(k, 7) * max(0, s - k) / 3) for k in range(10) for s in range(20)]
out.append(table("names", ("term", "share", "coefficient"), rows))
out.append(chart(id="long-names", data="names.data", x="share", y="coefficient", color="term", x_label="fraction of the penalty's largest value",
                 caption='"Ten series with long names: no room beside the lines, so they stand above"'))
print("\n".join(out).rstrip())
