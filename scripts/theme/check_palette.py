#!/usr/bin/env python3
"""Checks the colours of templates/theme.css, light and dark, as readers with and without colour blindness see them.

    python3 scripts/theme/check_palette.py

Series must differ in every kind of vision, stand out from the page (WCAG contrast 3:1 for marks, 4.5:1 for the words that
have their colour), and text on heat-map colours must be legible. Colour blindness is simulated after Machado, Oliveira &
Fernandes (2009), severity 1; differences are CIEDE2000, where about 2 is just seen and 10 is plain at a glance.
"""
import itertools
import math
import pathlib
import re
import sys

THEME = pathlib.Path(__file__).resolve().parents[2] / "templates" / "theme.css"
# Rows of the matrices act on linear RGB (Machado et al. 2009, table 1, severity 1.0).
VISION = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
# Least difference between any two of the first series; later ones differ by marker and dash as well.
LEAST = {2: 25, 4: 13, 8: 8}


def linear(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]


def seen(colour, vision):
    rgb = linear(colour)
    return [min(max(sum(a * b for a, b in zip(row, rgb)), 0), 1) for row in VISION[vision]]


def lab(rgb):
    x = (0.4124564 * rgb[0] + 0.3575761 * rgb[1] + 0.1804375 * rgb[2]) / 0.95047
    y = 0.2126729 * rgb[0] + 0.7151522 * rgb[1] + 0.0721750 * rgb[2]
    z = (0.0193339 * rgb[0] + 0.1191920 * rgb[1] + 0.9503041 * rgb[2]) / 1.08883
    f = lambda t: t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116
    return 116 * f(y) - 16, 500 * (f(x) - f(y)), 200 * (f(y) - f(z))


def difference(one, two):
    """CIEDE2000 (Sharma, Wu & Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, two
    c = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c**7 / (c**7 + 25**7)))
    a1, a2 = (1 + g) * a1, (1 + g) * a2
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = (math.degrees(math.atan2(b, a)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    l, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if c1 * c2 == 0 else (h1 + h2) / 2 + (0 if abs(h1 - h2) <= 180 else 180 if h1 + h2 < 360 else -180)
    cos = lambda degrees: math.cos(math.radians(degrees))
    t = 1 - 0.17 * cos(h - 30) + 0.24 * cos(2 * h) + 0.32 * cos(3 * h + 6) - 0.20 * cos(4 * h - 63)
    sl = 1 + 0.015 * (l - 50) ** 2 / math.sqrt(20 + (l - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    twist = 2 * math.sqrt(c**7 / (c**7 + 25**7)) * math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2))))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 - twist * (dc / sc) * (dh / sh))


def contrast(one, two):
    light = lambda c: sum(w * v for w, v in zip((0.2126, 0.7152, 0.0722), linear(c)))
    high, low = sorted((light(one), light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def themes(css):
    """The colours of both themes by name: variables, and the one colour that a class sets."""
    found = {"light": {}, "dark": {}}
    pair = r"light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)"
    rules = re.findall(r"^  (--[a-z-]+): " + pair, css, re.M)
    rules += re.findall(r"^(\.pb-[^{]+) \{ --[a-z]+: " + pair, css, re.M)
    for names, light, dark in rules:
        for name in names.split(","):
            found["light"][name.strip()], found["dark"][name.strip()] = light, dark
    return found


def main():
    problems = 0
    for theme, colours in themes(THEME.read_text()).items():
        paper = colours["--paper"]
        series = [colours[f".pb-series-{n}"] for n in range(1, 9)]
        controls = sorted({v for k, v in colours.items() if k.startswith(".pb-control-")})
        for count, least in LEAST.items():
            for vision in VISION:
                labs = [lab(seen(c, vision)) for c in series[:count]]
                worst = min(
                    (difference(labs[i], labs[j]), i + 1, j + 1) for i, j in itertools.combinations(range(count), 2)
                )
                bad = worst[0] < least
                problems += bad
                print(f"{theme:5} first {count} series, {vision:12} least difference {worst[0]:5.1f} "
                      f"(series {worst[1]} and {worst[2]}){' TOO SMALL' if bad else ''}")
        for name, group, least in (("series", series, 4.5), ("controls", controls, 3)):
            worst = min(contrast(c, paper) for c in group)
            bad = worst < least
            problems += bad
            print(f"{theme:5} {name}: least contrast with the page {worst:.2f}{' TOO SMALL' if bad else ''}")
        for name in ("--muted", "--link", "--held", "--failed", "--warning"):
            worst = min(contrast(colours[name], colours[ground]) for ground in ("--paper", "--tint"))
            problems += worst < 4.5
            print(f"{theme:5} {name}: contrast {worst:.2f}{' TOO SMALL' if worst < 4.5 else ''}")
        steps = [f".pb-heat-{s}{n}" for s in "np" for n in range(1, 11)] + [".pb-heat-z"]
        steps += [f".pb-heat-s{n}" for n in range(21)]
        worst = min((max(contrast(colours[k], words) for words in ("#000000", "#ffffff")), k) for k in steps)
        problems += worst[0] < 4.5
        print(f"{theme:5} text on heat-map colours: least contrast {worst[0]:.2f} ({worst[1]})"
              f"{' TOO SMALL' if worst[0] < 4.5 else ''}")
        for scale, names in (("diverging", [f".pb-heat-n{n}" for n in range(10, 0, -1)] + [".pb-heat-z"]
                              + [f".pb-heat-p{n}" for n in range(1, 11)]),
                             ("sequential", [f".pb-heat-s{n}" for n in range(21)])):
            for vision in VISION:
                labs = [lab(seen(colours[n], vision)) for n in names]
                worst = min(difference(a, b) for a, b in zip(labs, labs[1:]))
                ends = difference(labs[0], labs[-1])
                bad = worst < 1.5 or ends < 25
                problems += bad
                print(f"{theme:5} {scale} heat map, {vision:12} neighbours {worst:.1f}, ends {ends:.0f}"
                      f"{' TOO SMALL' if bad else ''}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
