#!/usr/bin/env python3
"""Packs this folder as an extension that VS Code installs: `editors/vscode/package.py [FILE.vsix]`, then `code --install-extension FILE.vsix`.

A `.vsix` is a zip of the extension with two lists that name it and its kinds of files. What `package.json` names must be there.
"""
import json
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
TYPES = {".json": "application/json", ".js": "application/javascript", ".md": "text/markdown", ".txt": "text/plain", ".vsixmanifest": "text/xml"}


def manifest(package):
    properties = "".join(f'<Property Id="{name}" Value="{escape(value)}"/>' for name, value in (
        ("Microsoft.VisualStudio.Code.Engine", package["engines"]["vscode"]),
        ("Microsoft.VisualStudio.Code.ExtensionDependencies", ""), ("Microsoft.VisualStudio.Code.ExtensionPack", ""),
        ("Microsoft.VisualStudio.Code.ExtensionKind", "workspace")))
    assets = "".join(f'<Asset Type="{kind}" Path="extension/{path}" Addressable="true"/>' for kind, path in (
        ("Microsoft.VisualStudio.Code.Manifest", "package.json"),
        ("Microsoft.VisualStudio.Services.Content.Details", "README.md"),
        ("Microsoft.VisualStudio.Services.Content.License", "LICENSE.txt")))
    return f"""<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
<Metadata><Identity Language="en-US" Id="{package["name"]}" Version="{package["version"]}" Publisher="{package["publisher"]}"/>
<DisplayName>{escape(package["displayName"])}</DisplayName><Description xml:space="preserve">{escape(package["description"])}</Description>
<Categories>{escape(",".join(package["categories"]))}</Categories><License>extension/LICENSE.txt</License>
<Properties>{properties}</Properties></Metadata>
<Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation><Dependencies/>
<Assets>{assets}</Assets></PackageManifest>
"""


def files(package):
    """The files of the extension by their names in it."""
    named = [package["main"]] + [grammar["path"] for grammar in package["contributes"]["grammars"]]
    found = {name: HERE / name for name in ["package.json", "README.md"] + [str(Path(name)) for name in named]}
    found["LICENSE.txt"] = HERE.parents[1] / "LICENSE"
    missing = [str(path) for path in found.values() if not path.is_file()]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}")
    for path in found.values():
        if path.suffix == ".json":
            json.loads(path.read_text())
    return found


def main():
    package = json.loads((HERE / "package.json").read_text())
    target = Path(sys.argv[1] if len(sys.argv) > 1 else f"patchbook-{package['version']}.vsix")
    types = "".join(f'<Default Extension="{suffix}" ContentType="{kind}"/>' for suffix, kind in TYPES.items())
    entries = {
        "extension.vsixmanifest": manifest(package).encode(),
        "[Content_Types].xml": (
            '<?xml version="1.0" encoding="utf-8"?>\n<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f"{types}</Types>\n").encode(),
    } | {f"extension/{name}": path.read_bytes() for name, path in files(package).items()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            # The same bytes whenever it is packed.
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    print(target)


main()
