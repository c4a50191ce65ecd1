"""Writes icu.o: the part of ICU's data that Patchbook can need, for the linker's --wrap of the symbol of all of it.

Foundation contains ICU with the names, formats and collations of 800 locales and with 200 old encodings. Patchbook writes one language
and reads UTF-8, so what is left is Unicode's own data, the root locale and English.   icu.py SWIFT-LIBRARIES FOLDER
"""
import pathlib
import re
import struct
import subprocess
import sys

folder = pathlib.Path(sys.argv[2])
archive, member = pathlib.Path(sys.argv[1]).resolve() / "lib_FoundationICU.a", "icu_packaged_data.cpp.o"


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
names = "".join(name + "\0" for name in kept).encode()
name_place = 4 + 8 * len(kept)
place = name_place + len(names) + (-(name_place + len(names)) % 16)
table, contents = [len(kept)], bytes(place - name_place - len(names))
for name, content in kept.items():
    table += [name_place, place]
    padded = content + bytes(-len(content) % 16)
    contents += padded
    name_place, place = name_place + len(name) + 1, place + len(padded)
(folder / "icu.dat").write_bytes(package[:start] + struct.pack(f"<{len(table)}I", *table) + names + contents)
(folder / "icu.s").write_text(
    f".section .rodata\n.balign 16\n.globl __wrap_{symbol}\n__wrap_{symbol}: .incbin \"icu.dat\"\n"
    ".section .note.GNU-stack,\"\",%progbits\n")
run("gcc", "-c", "icu.s", "-o", "icu.o")
for file in (member, "icu.s", "icu.dat"):
    (folder / file).unlink()
print(f"ICU's data: {len(package) / 1e6:.1f} MB, of which {sum(map(len, kept.values())) / 1e6:.1f} MB are needed")
