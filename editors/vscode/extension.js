// Speaks to `patchbook lsp`, and hands to the editor what it says.
"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const vscode = require("vscode");

/** The server's end of two pipes: answers by the number of their request, and what it says unasked. */
class Server {
  constructor(program, folder, onNotification, onEnd) {
    this.waiting = new Map();
    this.last = 0;
    this.bytes = Buffer.alloc(0);
    this.process = spawn(program, ["lsp"], { cwd: folder });
    this.process.stdout.on("data", (data) => this.read(data, onNotification));
    this.process.stdin.on("error", () => {});
    const end = (sentence) => {
      for (const [, reject] of this.waiting.values()) reject(new Error(sentence));
      this.waiting.clear();
      onEnd(sentence);
    };
    this.process.on("error", (error) => end(`'${program}' cannot be started: ${error.message}. Set 'patchbook.path'.`));
    // After a signal the code is null.
    this.process.on("exit", (code, signal) => (code || signal) && end(`'${program} lsp' ended with ${code ?? signal}.`));
  }

  read(data, onNotification) {
    this.bytes = Buffer.concat([this.bytes, data]);
    for (;;) {
      const start = this.bytes.indexOf("\r\n\r\n") + 4;
      const length = start < 4 ? null : /content-length: *(\d+)/i.exec(this.bytes.toString("ascii", 0, start));
      if (!length || this.bytes.length < start + Number(length[1])) return;
      const message = JSON.parse(this.bytes.toString("utf8", start, start + Number(length[1])));
      this.bytes = this.bytes.subarray(start + Number(length[1]));
      if (message.method) {
        onNotification(message.method, message.params);
      } else {
        const [resolve, reject] = this.waiting.get(message.id) ?? [];
        this.waiting.delete(message.id);
        if (message.error) reject?.(new Error(message.error.message));
        else resolve?.(message.result);
      }
    }
  }

  notify(method, params, id) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    this.process.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  request(method, params, token) {
    const id = ++this.last;
    token?.onCancellationRequested(() => this.notify("$/cancelRequest", { id }));
    this.notify(method, params, id);
    return new Promise((resolve, reject) => this.waiting.set(id, [resolve, reject]));
  }
}

// From the protocol's values to the editor's. The editor counts most kinds from 0, and the protocol from 1.
const range = ({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character);
const location = (found) => new vscode.Location(vscode.Uri.parse(found.uri), range(found.range));
const edit = ({ changes }) => {
  const all = new vscode.WorkspaceEdit();
  for (const [uri, edits] of Object.entries(changes)) {
    for (const one of edits) all.replace(vscode.Uri.parse(uri), range(one.range), one.newText);
  }
  return all;
};
const problem = (found) =>
  Object.assign(new vscode.Diagnostic(range(found.range), found.message, found.severity - 1), { code: found.code, source: found.source });
const proposal = ({ label, kind, detail, documentation, sortText, textEdit }) =>
  Object.assign(new vscode.CompletionItem(label, kind - 1), {
    detail, documentation, sortText, range: range(textEdit.range), insertText: textEdit.newText,
  });
const symbol = (found) => {
  const shown = new vscode.DocumentSymbol(found.name, found.detail, found.kind - 1, range(found.range), range(found.selectionRange));
  return Object.assign(shown, { children: found.children.map(symbol) });
};
const fix = (found) =>
  Object.assign(new vscode.CodeAction(found.title, vscode.CodeActionKind.QuickFix), {
    edit: edit(found.edit), diagnostics: found.diagnostics.map(problem), isPreferred: found.isPreferred,
  });

let server;

async function activate(context) {
  const { languages, workspace } = vscode;
  const folder = workspace.workspaceFolders?.[0]?.uri.fsPath;
  const setting = workspace.getConfiguration("patchbook").get("path");
  const program = setting.includes("/") ? path.resolve(folder ?? ".", setting) : setting;
  const problems = languages.createDiagnosticCollection("patchbook");
  const own = new Server(program, folder, (method, params) => {
    if (method === "textDocument/publishDiagnostics") problems.set(vscode.Uri.parse(params.uri), params.diagnostics.map(problem));
  }, (sentence) => vscode.window.showErrorMessage(`Patchbook: ${sentence}`));
  server = own;
  await own.request("initialize", { processId: process.pid, rootUri: null, capabilities: { textDocument: { rename: { prepareSupport: true } } } });
  own.notify("initialized", {});

  const selector = { language: "markdown", scheme: "file" };
  const isOurs = (document) => document.languageId === selector.language && document.uri.scheme === selector.scheme;
  const named = (document, more) => ({ textDocument: { uri: document.uri.toString(), version: document.version, ...more } });
  const tell = (method, more = () => ({})) => (document) => isOurs(document) && own.notify(`textDocument/${method}`, { ...named(document), ...more(document) });
  const open = tell("didOpen", (document) => named(document, { languageId: "markdown", text: document.getText() }));
  const change = tell("didChange", (document) => ({ contentChanges: [{ text: document.getText() }] }));
  // What the server makes of a place; null where it has nothing to say.
  const ask = async (method, document, token, more, make) => {
    const found = await own.request(`textDocument/${method}`, { ...named(document), ...more }, token);
    return found && make(found);
  };
  const files = workspace.createFileSystemWatcher("**/*.{md,bib,json,jsonl,csv,gz,zst,safetensors,gguf,png}");
  const renew = () => own.notify("workspace/didChangeWatchedFiles", { changes: [] });
  context.subscriptions.push(
    problems, files, files.onDidChange(renew), files.onDidCreate(renew), files.onDidDelete(renew),
    workspace.onDidOpenTextDocument(open),
    workspace.onDidChangeTextDocument(({ document }) => change(document)),
    workspace.onDidSaveTextDocument(tell("didSave")),
    workspace.onDidCloseTextDocument(tell("didClose")),
    languages.registerCompletionItemProvider(selector, {
      provideCompletionItems: (document, position, token) => ask("completion", document, token, { position }, ({ items }) => items.map(proposal)),
    }, "{", "=", ".", " ", "$", "#", "|", "/", "@", "["),
    languages.registerHoverProvider(selector, {
      provideHover: (document, position, token) => ask("hover", document, token, { position },
        (found) => new vscode.Hover(new vscode.MarkdownString(found.contents.value), range(found.range))),
    }),
    languages.registerDefinitionProvider(selector, {
      provideDefinition: (document, position, token) => ask("definition", document, token, { position }, location),
    }),
    languages.registerReferenceProvider(selector, {
      provideReferences: (document, position, context, token) => ask("references", document, token, { position, context }, (found) => found.map(location)),
    }),
    languages.registerRenameProvider(selector, {
      prepareRename: (document, position, token) => ask("prepareRename", document, token, { position }, range),
      provideRenameEdits: (document, position, newName, token) => ask("rename", document, token, { position, newName }, edit),
    }),
    languages.registerCodeActionsProvider(selector, {
      provideCodeActions: (document, { start, end }, context, token) => ask("codeAction", document, token,
        { range: { start, end }, context: { diagnostics: [], only: context.only && [context.only.value] } }, (found) => found.map(fix)),
    }, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] }),
    languages.registerDocumentSymbolProvider(selector, {
      provideDocumentSymbols: (document, token) => ask("documentSymbol", document, token, {}, (found) => found.map(symbol)),
    }),
    languages.registerFoldingRangeProvider(selector, {
      provideFoldingRanges: (document, _, token) => ask("foldingRange", document, token, {},
        (found) => found.map(({ startLine, endLine }) => new vscode.FoldingRange(startLine, endLine))),
    }),
  );
  workspace.textDocuments.forEach(open);
}

async function deactivate() {
  await server?.request("shutdown").catch(() => {});
  server?.notify("exit");
}

module.exports = { activate, deactivate };
