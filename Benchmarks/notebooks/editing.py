#!/usr/bin/env python3
"""How long `patchbook lsp` takes to answer while a notebook of 2,000 lines is written: `editing.py PROGRAM [ROUNDS]`.

Every request follows a change of the text, so that each time holds reading and checking the whole notebook. The notebook's blocks refer to
the embedded models; nothing runs. Processor time is told too, since a busy machine makes the other longer.
"""
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import documents

LINES, WARM = 2_000, 3


class Editor:
    def __init__(self, program, folder):
        self.process = subprocess.Popen([program, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.last = 0
        self.told = []

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def receive(self, fits):
        """The next message that fits; what the server says before is kept."""
        for message in filter(fits, self.told):
            self.told.clear()
            return message
        while True:
            length = int(self.process.stdout.readline().split(b":")[1])
            self.process.stdout.readline()
            message = json.loads(self.process.stdout.read(length))
            if fits(message):
                return message
            self.told.append(message)

    def processor(self):
        """Seconds of processor time so far."""
        tasks = Path(f"/proc/{self.process.pid}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def request(self, method, parameters):
        self.last += 1
        self.send({"id": self.last, "method": method, "params": parameters})
        answer = self.receive(lambda message: message.get("id") == self.last)
        assert "result" in answer, answer
        return answer["result"]


def notebook():
    count = 4
    while documents.patchbook_notebook(count + 1).count("\n") <= LINES:
        count += 1
    text = documents.patchbook_notebook(count) + "The peak is layer `{= sweep.peak.layer | d }`, see [Figure](#chart-5).\n"
    return text + "\n" * (LINES - text.count("\n"))


def place(text, words):
    before = text[:text.index(words) + len(words)]
    return {"line": before.count("\n"), "character": len(before) - before.rfind("\n") - 1}


def main():
    program = str(Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 50
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        documents.project(folder)
        text = notebook()
        (folder / "x.md").write_text(text)
        editor = Editor(program, folder)
        editor.request("initialize", {"capabilities": {}})
        editor.send({"method": "initialized", "params": {}})
        document = {"uri": (folder / "x.md").resolve().as_uri(), "version": 1}
        editor.send({"method": "textDocument/didOpen", "params": {"textDocument": document | {"languageId": "markdown", "text": text}}})
        at = {"position": place(text, "{= sweep.peak.la")}
        whole = {"range": {"start": at["position"], "end": at["position"]}, "context": {"diagnostics": []}}
        features = {
            "completion": at, "hover": at, "definition": at, "references": at | {"context": {"includeDeclaration": True}},
            "prepareRename": at, "rename": at | {"newName": "other"}, "codeAction": whole, "documentSymbol": {}, "foldingRange": {},
        }
        times = {feature: [] for feature in ["diagnostics", *features]}
        used = {feature: [] for feature in times}
        edit = place(text, "## Section 1\n\n")
        for number in range((WARM + rounds) * len(times)):
            feature = list(times)[number % len(times)]
            document["version"] += 1
            start, before = time.perf_counter(), editor.processor()
            editor.send({"method": "textDocument/didChange", "params": {
                "textDocument": document, "contentChanges": [{"range": {"start": edit, "end": edit}, "text": "a"}]}})
            if feature != "diagnostics":
                assert editor.request(f"textDocument/{feature}", {"textDocument": document} | features[feature]) is not None, feature
            else:
                editor.receive(lambda message: message.get("params", {}).get("version") == document["version"])
            times[feature].append(time.perf_counter() - start)
            used[feature].append(editor.processor() - before)
            if feature != "diagnostics":
                editor.receive(lambda message: message.get("params", {}).get("version") == document["version"])
        editor.process.stdin.close()
        editor.process.wait()
        print(f"{text.count(chr(10))} lines, {text.count('```{')} blocks; from a keystroke to the answer, {rounds} times each")
        print("| request | median, ms | slowest, ms | processor, median, ms |\n| --- | --- | --- | --- |")
        for feature in times:
            taken, cost = ([1000 * seconds for seconds in all[feature][WARM:]] for all in (times, used))
            print(f"| {feature} | {statistics.median(taken):.1f} | {max(taken):.1f} | {statistics.median(cost):.1f} |")


main()
