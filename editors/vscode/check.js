// Runs extension.js in Node with a stand-in for VS Code, against the real server: `node check.js PROGRAM FOLDER`.
//
// FOLDER is a project; a notebook is made in it. Each answer is checked as the editor would get it.
"use strict";
const assert = require("node:assert/strict");
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");
const { pathToFileURL, fileURLToPath } = require("node:url");

const [program, folder] = process.argv.slice(2).map((given) => path.resolve(given));

// What of VS Code's API the extension uses. A class keeps what it is made of under the names that the API gives.
const keeping = (...names) => class { constructor(...values) { names.forEach((name, index) => { this[name] = values[index]; }); } };
class Uri {
  static parse(text) { return Object.assign(new Uri(), { text: decodeURI(text) }); }
  get scheme() { return this.text.split(":")[0]; }
  get fsPath() { return fileURLToPath(this.text); }
  toString() { return encodeURI(this.text); }
}
class WorkspaceEdit {
  entries = [];
  replace(uri, range, text) { this.entries.push([uri.toString(), range, text]); }
}
class Range {
  constructor(line, character, endLine, endCharacter) {
    this.start = { line, character };
    this.end = { line: endLine, character: endCharacter };
  }
}
class Emitter {
  listeners = [];
  on = (listener) => { this.listeners.push(listener); return { dispose() {} }; };
  fire(value) { for (const listener of this.listeners) listener(value); }
}
const events = Object.fromEntries(["Open", "Change", "Save", "Close"].map((name) => [name, new Emitter()]));
const watched = Object.fromEntries(["Change", "Create", "Delete"].map((name) => [name, new Emitter()]));
const providers = {};
const register = (name) => (selector, provider) => { providers[name] = provider; return { dispose() {} }; };
const problems = new Map();
const told = [];
const shown = new Emitter();
let configured = program;
const vscode = {
  Uri, Range, WorkspaceEdit,
  Location: keeping("uri", "range"), Diagnostic: keeping("range", "message", "severity"), CompletionItem: keeping("label", "kind"),
  DocumentSymbol: keeping("name", "detail", "kind", "range", "selectionRange"), CodeAction: keeping("title", "kind"),
  Hover: keeping("contents", "range"), MarkdownString: keeping("value"), FoldingRange: keeping("start", "end"),
  CodeActionKind: { QuickFix: { value: "quickfix" } },
  window: { showErrorMessage: (sentence) => told.push(sentence) },
  workspace: {
    workspaceFolders: [{ uri: Uri.parse(pathToFileURL(folder).href) }],
    textDocuments: [],
    getConfiguration: () => ({ get: () => configured }),
    createFileSystemWatcher: () => ({ onDidChange: watched.Change.on, onDidCreate: watched.Create.on, onDidDelete: watched.Delete.on }),
    onDidOpenTextDocument: events.Open.on,
    onDidChangeTextDocument: events.Change.on,
    onDidSaveTextDocument: events.Save.on,
    onDidCloseTextDocument: events.Close.on,
  },
  languages: {
    createDiagnosticCollection: () => ({
      set: (uri, found) => { problems.set(uri.toString(), found); shown.fire(uri.toString()); }, dispose() {},
    }),
    ...Object.fromEntries(
      ["CompletionItem", "Hover", "Definition", "Reference", "Rename", "CodeActions", "DocumentSymbol", "FoldingRange"].map(
        (name) => [`register${name}Provider`, register(name)])),
  },
};
const load = Module._load;
Module._load = (name, ...rest) => (name === "vscode" ? vscode : load(name, ...rest));
const extension = require("./extension.js");

/** A text in the editor. */
class Document {
  languageId = "markdown";
  version = 1;
  constructor(name, text) {
    fs.writeFileSync(path.join(folder, name), text);
    this.uri = Uri.parse(pathToFileURL(path.join(folder, name)).href);
    this.text = text;
  }
  getText() { return this.text; }
  type(text) {
    this.text = text;
    this.version += 1;
    events.Change.fire({ document: this });
  }
  /** The place after some words. */
  after(words) {
    const end = this.text.indexOf(words) + words.length;
    assert.ok(end >= words.length, `'${words}' is not in the text`);
    const lines = this.text.slice(0, end).split("\n");
    return { line: lines.length - 1, character: lines.at(-1).length };
  }
  /** The text after an edit of the workspace. */
  edited(edit) {
    const lines = this.text.split("\n");
    const offset = ({ line, character }) => lines.slice(0, line).join("\n").length + (line ? 1 : 0) + character;
    return edit.entries.filter(([uri]) => uri === this.uri.toString())
      .sort(([, left], [, right]) => offset(right.start) - offset(left.start))
      .reduce((text, [, range, words]) => text.slice(0, offset(range.start)) + words + text.slice(offset(range.end)), this.text);
  }
}

/** Problems of a text once they are as wanted. */
const problemsOf = (document, fits) => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error(`problems: ${JSON.stringify(problems.get(document.uri.toString()))}`)), 30_000);
  const look = () => {
    const found = problems.get(document.uri.toString());
    if (found && fits(found)) { clearTimeout(timer); resolve(found); }
  };
  shown.on(look);
  look();
});

const NOTEBOOK = `---
title: Effects 👩‍🔬
params: {limit: 8}
bibliography: refs.bib
---

# Results

\`\`\`{table}
id: effects
csv: |
  layer, effect
  0, 1.5
\`\`\`

See [Table](#effects), of \`{= params.limit }\` pairs 👩‍🔬, and [again](#block-effects).

\`\`\`{chart}
data: effects.data
x: layer
y: effect
mark: scatter
\`\`\`
`;

async function main() {
  fs.writeFileSync(path.join(folder, "refs.bib"), "@book{doe, title = {T}}\n");
  const document = new Document("check.md", NOTEBOOK);
  vscode.workspace.textDocuments.push(document);
  const context = { subscriptions: [] };
  await extension.activate(context);
  assert.ok(context.subscriptions.length > 10);

  const note = await problemsOf(document, (found) => found.length === 1);
  assert.equal(note[0].code, "unused-entry");
  assert.equal(note[0].severity, 2);

  document.type(NOTEBOOK.replace("mark: scatter", "mark: scater"));
  const [slip] = (await problemsOf(document, (found) => found.length === 2)).filter((found) => found.severity === 0);
  assert.equal(slip.source, "patchbook");
  assert.deepEqual(slip.range.start, document.after("mark: "));
  const [action] = await providers.CodeActions.provideCodeActions(document, slip.range, { only: undefined });
  assert.equal(action.kind, vscode.CodeActionKind.QuickFix);
  assert.equal(document.edited(action.edit), NOTEBOOK);
  assert.deepEqual(await providers.CodeActions.provideCodeActions(document, slip.range, { only: { value: "refactor" } }), []);
  document.type(NOTEBOOK);

  const proposals = await providers.CompletionItem.provideCompletionItems(document, document.after("mark: s"));
  const scatter = proposals.find(({ label }) => label === "scatter");
  assert.equal(scatter.insertText, "scatter");
  assert.deepEqual(scatter.range.end, document.after("mark: scatter"));
  assert.equal(scatter.kind, 11);

  const hover = await providers.Hover.provideHover(document, document.after("params.li"));
  assert.match(hover.contents.value, /Value: `8`/);
  assert.equal(await providers.Hover.provideHover(document, document.after("Se")), null);

  const definition = await providers.Definition.provideDefinition(document, document.after("data: eff"));
  assert.deepEqual(definition.range.end, document.after("id: effects"));
  const references = await providers.Reference.provideReferences(document, document.after("id: eff"), { includeDeclaration: true });
  assert.equal(references.length, 4);

  const named = await providers.Rename.prepareRename(document, document.after("(#eff"));
  assert.deepEqual(named.end, document.after("(#effects"));
  const renamed = await providers.Rename.provideRenameEdits(document, document.after("(#eff"), "by-layer");
  assert.equal(document.edited(renamed), NOTEBOOK.replace("id: effects", "id: by-layer").replace("(#effects", "(#by-layer")
    .replace("#block-effects", "#block-by-layer").replace("data: effects.", "data: by-layer."));
  await assert.rejects(providers.Rename.provideRenameEdits(document, document.after("(#eff"), "No"), /cannot be an id/);

  const [outline] = await providers.DocumentSymbol.provideDocumentSymbols(document);
  assert.equal(outline.name, "Results");
  assert.deepEqual(outline.children.map(({ name }) => name), ["effects", "chart-1"]);
  const folds = await providers.FoldingRange.provideFoldingRanges(document, {});
  assert.ok(folds.some(({ start, end }) => start === 0 && end === 4));

  // A file beside the notebook has changed.
  fs.writeFileSync(path.join(folder, "refs.bib"), "@book{roe, title = {T}}\n@book{doe, title = {T}}\n");
  watched.Change.fire();
  await problemsOf(document, (found) => found[0]?.message.startsWith("2 of 2"));
  events.Save.fire(document);
  events.Close.fire(document);
  await problemsOf(document, (found) => found.length === 0);
  await extension.deactivate();
  assert.deepEqual(told, []);

  configured = "./no-such-program";
  await assert.rejects(extension.activate({ subscriptions: [] }), /cannot be started/);
  assert.match(told[0], /^Patchbook: .*Set 'patchbook.path'\.$/);

  fs.writeFileSync(path.join(folder, "crash"), "#!/bin/sh\nkill -SEGV $$\n", { mode: 0o755 });
  configured = "./crash";
  await assert.rejects(extension.activate({ subscriptions: [] }), /ended with SIGSEGV/);
  assert.match(told[1], /^Patchbook: .*ended with SIGSEGV\.$/);
  console.log("the extension and the server understand each other");
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
