"""Writes an object file with the part of ICU's data that Patchbook can need; linked first, it replaces all of it.

Foundation contains ICU with the names, formats and collations of 800 locales and with 200 old encodings. Patchbook writes one language
and reads UTF-8, so what is left is Unicode's own data, the root locale and English.   icu.py FOLDER
"""
import pathlib
import re
import struct
import subprocess
import sys

folder = pathlib.Path(sys.argv[1])
swift = pathlib.Path(subprocess.check_output(["which", "swift"], text=True).strip()).resolve().parent.parent
archive, member = swift / "lib/swift_static/linux/lib_FoundationICU.a", "icu_packaged_data.cpp.o"


def run(*command: str | pathlib.Path) -> str:
    return subprocess.check_output(command, cwd=folder, text=True)


run("ar", "x", archive, member)
symbol = next(word for word in run("nm", member).split() if re.fullmatch(r"icudt\d+_dat", word))
run("objcopy", "-O", "binary", "--only-section=.rodata", member, "icu.dat")
package = (folder / "icu.dat").read_bytes()

# A header of its own length, the number of items, for each the places of its name and of its bytes, then names and bytes.
start = struct.unpack_from("<H", package)[0]
count = struct.unpack_from("<I", package, start)[0]
places = [struct.unpack_from("<II", package, start + 4 + 8 * index) for index in range(count)]
ends = [place for _, place in places[1:]] + [len(package) - start]
items = {
    package[start + name:package.index(0, start + name)].decode(): package[start + place:start + end]
    for (name, place), end in zip(places, ends)
}


def is_needed(item: str) -> bool:
    _, *trees, name = item.split("/")
    stem, kind = name.rsplit(".", 1)
    if kind in ("cnv", "dict", "spp", "cfu") or trees == ["translit"]:
        return False
    is_locale = kind == "res" and re.fullmatch(r"[a-z]{2,3}(_[A-Z0-9].*)?", stem)
    return not is_locale or stem in ("en", "en_001", "en_US", "en_US_POSIX")


kept = {name: content for name, content in items.items() if is_needed(name)}
names, contents, table = b"", b"", [len(kept)]
first = 4 + 8 * len(kept)
after = -(first + sum(len(name) + 1 for name in kept)) % 16
for name, content in kept.items():
    table += [first + len(names), first + sum(len(name) + 1 for name in kept) + after + len(contents)]
    names += name.encode() + b"\0"
    contents += content + bytes(-len(content) % 16)
(folder / "icu.dat").write_bytes(package[:start] + struct.pack(f"<{len(table)}I", *table) + names + bytes(after) + contents)
(folder / "icu.s").write_text(
    f".section .rodata\n.balign 16\n.globl {symbol}\n.type {symbol}, %object\n{symbol}: .incbin \"icu.dat\"\n"
    ".section .note.GNU-stack,\"\",%progbits\n")
run("gcc", "-c", "icu.s", "-o", "icu.o")
(folder / member).unlink()
print(f"ICU's data: {len(package) / 1e6:.1f} MB, of which {(folder / 'icu.dat').stat().st_size / 1e6:.1f} MB are needed")
