#!/usr/bin/env python3
"""Prints the heat-map part of templates/theme.css: 21 steps of each scale, interpolated in OKLab between a few stops.

    python3 scripts/theme/heat_colours.py
"""

# Stops as (position from 0 to 1, colour). Diverging scales run blue to brown through the page's own tone.
SCALES = {
    "light": {
        "diverging": [(0, "#0a3a78"), (0.25, "#4f8fc9"), (0.5, "#f6f5f2"), (0.75, "#dd954b"), (1, "#7d3503")],
        "sequential": [(0, "#f3f5f1"), (0.5, "#4f9fae"), (1, "#0b3350")],
    },
    "dark": {
        "diverging": [(0, "#a5d4ff"), (0.25, "#3d7fb8"), (0.5, "#262b30"), (0.75, "#b06a22"), (1, "#ffd19a")],
        "sequential": [(0, "#262b30"), (0.5, "#3d8494"), (1, "#c6f1ea")],
    },
}
STEPS = 20
# The words on most steps, which the style sheet gives to all: black on light screens, white on dark ones.
COMMON = "light-dark(#000, #fff)"


def to_linear(channel):
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def to_gamma(channel):
    channel = min(max(channel, 0), 1)
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055


def oklab(colour):
    """Bjorn Ottosson's OKLab of an sRGB colour `#rrggbb`."""
    r, g, b = (to_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


def srgb(lab):
    light, a, b = lab
    l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )
    return "#" + "".join(f"{round(to_gamma(c) * 255):02x}" for c in channels)


def colour_at(stops, position):
    for (low, start), (high, end) in zip(stops, stops[1:]):
        if position <= high:
            share = (position - low) / (high - low)
            return srgb(tuple(x + share * (y - x) for x, y in zip(oklab(start), oklab(end))))
    return stops[-1][1]


def words_on(colour):
    """Black or white, whichever is read better on a colour (WCAG contrast)."""
    r, g, b = (to_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    light = 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
    return "#000" if light / 0.05 >= 1.05 / light else "#fff"


def diverging_name(step):
    middle = STEPS // 2
    return "z" if step == middle else f"n{middle - step}" if step < middle else f"p{step - middle}"


def both(light, dark):
    return light if light == dark else f"light-dark({light}, {dark})"


for kind, name in (("diverging", diverging_name), ("sequential", lambda step: f"s{step}")):
    for step in range(STEPS + 1):
        light, dark = (colour_at(SCALES[theme][kind], step / STEPS) for theme in ("light", "dark"))
        on = both(words_on(light), words_on(dark))
        # Most steps have the words that the style sheet gives to all of them.
        print(f".pb-heat-{name(step)} {{ --h: {both(light, dark)}{'' if on == COMMON else f'; --on: {on}'} }}")
