"""Packs the program into a wheel: pip install patchbook puts it beside python.   wheel.py FOLDER VERSION TARGET

The program goes to bin, the demonstration models and pairs to share/patchbook; there is no Python code.
"""
import base64
import hashlib
import pathlib
import platform
import sys
import zipfile

folder, version, target = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
tag = f"py3-none-manylinux_2_34_{platform.machine()}"
data, info = f"patchbook-{version}.data", f"patchbook-{version}.dist-info"
files: dict[str, tuple[bytes, int]] = {f"{data}/scripts/patchbook": ((folder / "bin/patchbook").read_bytes(), 0o755)}
for file in sorted((folder / "share").rglob("*")):
    if file.is_file():
        files[f"{data}/data/{file.relative_to(folder)}"] = (file.read_bytes(), 0o644)
for name in ("LICENSE", "THIRD-PARTY-LICENCES.txt"):
    files[f"{info}/licenses/{name}"] = ((folder / name).read_bytes(), 0o644)
files[f"{info}/METADATA"] = (
    f"""Metadata-Version: 2.4
Name: patchbook
Version: {version}
Summary: Literate notebooks for activation patching between a base language model and the model tuned from it
License-Expression: Apache-2.0
License-File: LICENSE
License-File: THIRD-PARTY-LICENCES.txt
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{(folder / "README.md").read_text()}""".encode(), 0o644)
files[f"{info}/WHEEL"] = (
    f"Wheel-Version: 1.0\nGenerator: patchbook\nRoot-Is-Purelib: false\nTag: {tag}\n".encode(), 0o644)


def digest(content: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


record = "".join(f"{name},{digest(content)},{len(content)}\n" for name, (content, _) in files.items())
files[f"{info}/RECORD"] = ((record + f"{info}/RECORD,,\n").encode(), 0o644)
wheel = target / f"patchbook-{version}-{tag}.whl"
with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name, (content, mode) in files.items():
        entry = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
        entry.external_attr = (0o100000 | mode) << 16
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, content)
print(wheel.name)
