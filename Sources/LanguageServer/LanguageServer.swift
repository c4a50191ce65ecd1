import Foundation
import JSON
import Markdown
import Notebooks

/// The Language Server Protocol, version 3.17, for notebooks: it takes bytes and gives bytes, and knows the texts that an editor holds.
public struct LanguageServer {
    /// What the server needs of the program.
    public struct Sources {
        let session: (_ path: String) -> Session
        let store: (Project) -> (any ResultKeeping)?

        /// - Parameters:
        ///   - session: a session for a notebook's file that has read nothing.
        ///   - store: where a project's results are kept; nil where there are none yet.
        public init(session: @escaping (_ path: String) -> Session, store: @escaping (Project) -> (any ResultKeeping)?)
        {
            self.session = session
            self.store = store
        }
    }

    /// How a server ended.
    public enum Ending: Equatable, Sendable {
        /// After it was asked to shut down.
        case clean
        case unclean
    }

    private enum Stage { case new, running, shutDown }

    private let sources: Sources
    private let catalogue: Catalogue
    private var reader = MessageReader()
    private var stage = Stage.new
    private var encoding = PositionEncoding.utf16
    private var watchesFiles = false
    private var texts = OpenTexts()
    private var published = PublishedDiagnostics()
    /// How it ended; nil while it runs.
    public private(set) var ending: Ending?

    /// A server of these commands that waits for its first message.
    public init(_ sources: Sources, catalogue: Catalogue) {
        self.sources = sources
        self.catalogue = catalogue
    }

    /// Takes bytes of the client, and gives the answers to all messages that are whole.
    public mutating func answers(to bytes: [UInt8]) -> [UInt8] {
        let pieces = reader.pieces(bytes)
        let cancelled = pieces.compactMap { piece -> JSON? in
            guard case .message(let message) = piece, message["method"]?.string == "$/cancelRequest" else { return nil }
            return message["params"]?["id"]
        }
        var answers: [JSON] = []
        for piece in pieces where ending == nil {
            switch piece {
            case .malformed(let reason): answers.append(Self.failure(.null, ResponseError(.parseError, reason)))
            case .message(let message): answers += answer(message, cancelled)
            }
        }
        return answers.flatMap(\.framed)
    }

    /// What there is to say unasked while no message waits: the problems of one notebook that has changed. Nil when there is nothing.
    public mutating func nextDiagnostics() -> [UInt8]? {
        guard let changed = published.next() else { return nil }
        var found: [String: [JSON]]?
        if let text = texts.byURI[changed], texts.isRoot(text) {
            let view = View(of: text, in: &texts, catalogue, encoding)
            found = text.isNotebook ? Problems(view: view).byURI(changed) : [changed: []]
            // What it includes is no notebook of its own any more.
            for path in view.analysis.includedPaths {
                if let other = texts[path: path] { published.recheck(other.uri) }
            }
        }
        let messages = published.publish(found, of: changed).map { uri, problems in
            JSON.members([
                "jsonrpc": .string("2.0"), "method": .string("textDocument/publishDiagnostics"),
                "params": .members([
                    "uri": .string(uri), "version": texts.byURI[uri]?.version.map { .int($0) },
                    "diagnostics": .array(problems),
                ]),
            ])
        }
        return messages.flatMap(\.framed)
    }

    // MARK: Messages

    private mutating func answer(_ message: JSON, _ cancelled: [JSON]) -> [JSON] {
        guard message.object != nil else {
            return [Self.failure(.null, ResponseError(.invalidRequest, "a message is an object"))]
        }
        let id = message["id"]
        guard let method = message["method"]?.string else {
            // An answer to what the server has asked.
            if message["method"] == nil, message["result"] != nil || message["error"] != nil { return [] }
            return [
                Self.failure(id ?? .null, ResponseError(.invalidRequest, "a message has a 'method', which is a text"))
            ]
        }
        let parameters = message["params"] ?? .null
        guard let id else { return notify(method, parameters) }
        guard id.int != nil || id.string != nil else {
            return [Self.failure(.null, ResponseError(.invalidRequest, "an 'id' is a whole number or a text"))]
        }
        do throws(ResponseError) {
            if cancelled.contains(id) { throw ResponseError(.requestCancelled, "the request was cancelled") }
            let result = try result(method, parameters)
            return [.members(["jsonrpc": .string("2.0"), "id": id, "result": result])]
        } catch {
            return [Self.failure(id, error)]
        }
    }

    private static func failure(_ id: JSON, _ error: ResponseError) -> JSON {
        .members(["jsonrpc": .string("2.0"), "id": id, "error": error.json])
    }

    /// Takes a notification. One that cannot be used has no answer, so it is written to the editor's log.
    private mutating func notify(_ method: String, _ parameters: JSON) -> [JSON] {
        if method == "exit" {
            ending = stage == .shutDown ? .clean : .unclean
            return []
        }
        guard stage == .running else { return [] }
        do throws(ResponseError) {
            return try take(method, parameters)
        } catch {
            return [
                .members([
                    "jsonrpc": .string("2.0"), "method": .string("window/logMessage"),
                    "params": .members(["type": .int(1), "message": .string("\(method): \(error.sentence)")]),
                ])
            ]
        }
    }

    private mutating func take(_ method: String, _ parameters: JSON) throws(ResponseError) -> [JSON] {
        let document = parameters["textDocument"]
        switch method {
        case "initialized": return watchesFiles ? [Self.watch] : []
        case "textDocument/didOpen":
            guard let uri = document?["uri"]?.string, let text = document?["text"]?.string else {
                throw ResponseError(.invalidParams, "a text that is opened has a 'uri' and a 'text'")
            }
            let session = sources.session(OpenText.file(uri))
            texts.open(uri, version: document?["version"]?.int, text, session)
        case "textDocument/didChange":
            guard let changes = parameters["contentChanges"]?.array else {
                throw ResponseError(.invalidParams, "a change has 'contentChanges', a list")
            }
            try texts.change(try uri(parameters), version: document?["version"]?.int, changes, encoding)
        case "textDocument/didClose":
            let uri = try uri(parameters)
            texts.close(uri)
            // What it included may be a notebook of its own again.
            published.add(texts.byURI.keys + [uri])
        case "textDocument/didSave", "workspace/didChangeWatchedFiles": texts.forgetAll()
        default: return []
        }
        published.add(texts.unread)
        return []
    }

    private func uri(_ parameters: JSON) throws(ResponseError) -> String {
        guard let uri = parameters["textDocument"]?["uri"]?.string else {
            throw ResponseError(.invalidParams, "a 'textDocument' has a 'uri'")
        }
        guard texts.byURI[uri] != nil else { throw OpenTexts.notOpen(uri) }
        return uri
    }

    // MARK: Requests

    private mutating func result(_ method: String, _ parameters: JSON) throws(ResponseError) -> JSON {
        switch (stage, method) {
        case (.new, "initialize"):
            stage = .running
            return initialize(parameters["capabilities"])
        case (.new, _): throw ResponseError(.serverNotInitialized, "the first request is 'initialize'")
        case (.shutDown, _): throw ResponseError(.invalidRequest, "the server is shut down")
        case (.running, "initialize"): throw ResponseError(.invalidRequest, "the server is initialized already")
        case (.running, "shutdown"):
            stage = .shutDown
            return .null
        case (.running, _): break
        }
        guard let feature = Feature(rawValue: method) else {
            throw ResponseError(.methodNotFound, "there is no method '\(method.shortened)'")
        }
        guard let text = texts.byURI[try uri(parameters)] else { return .null }
        return try answer(feature, parameters, View(of: text, in: &texts, catalogue, encoding))
    }

    /// What an editor can ask about a text.
    private enum Feature: String {
        case completion = "textDocument/completion"
        case hover = "textDocument/hover"
        case definition = "textDocument/definition"
        case references = "textDocument/references"
        case prepareRename = "textDocument/prepareRename"
        case rename = "textDocument/rename"
        case codeAction = "textDocument/codeAction"
        case documentSymbol = "textDocument/documentSymbol"
        case foldingRange = "textDocument/foldingRange"
    }

    private func answer(_ feature: Feature, _ parameters: JSON, _ view: View) throws(ResponseError) -> JSON {
        func offset() throws(ResponseError) -> Int { try view.positions.offset(parameters["position"]) }
        switch feature {
        case .completion:
            let (range, items) = Completion(view: view).items(at: try offset())
            let place = view.positions.range(range)
            return .members([
                "isIncomplete": .bool(false), "items": .array(items.enumerated().map { $1.json(place, order: $0) }),
            ])
        case .hover:
            let hover = Hover(view: view) { id in
                sources.store(view.analysis.project).flatMap { try? view.analysis.lastValues(of: id, keeping: $0) }
            }
            guard let (text, range) = hover.help(at: try offset()) else { return .null }
            return .members([
                "contents": .members(["kind": .string("markdown"), "value": .string(text)]),
                "range": view.positions.range(range),
            ])
        case .definition: return Definition(view: view).location(at: try offset()) ?? .null
        case .references:
            let names = Names(view)
            guard let name = names.mention(at: try offset(), in: view.source)?.name else { return .null }
            let hasDefinition = parameters["context"]?["includeDeclaration"]?.bool ?? true
            let found = names.mentions.filter { $0.name == name && (hasDefinition || !$0.isDefinition) }
            return .array(found.compactMap { view.location($0.place) })
        case .prepareRename: return view.positions.range(try Renaming(view).mention(at: try offset()).place)
        case .rename:
            guard let name = parameters["newName"]?.string else {
                throw ResponseError(.invalidParams, "a rename has a 'newName'")
            }
            return try Renaming(view).edit(at: try offset(), to: name)
        case .codeAction:
            let range = try view.positions.offsets(parameters["range"])
            let wanted = parameters["context"]?["only"]?.array?.compactMap(\.string)
            guard wanted.map({ $0.contains { "quickfix".hasPrefix($0) } }) ?? true else { return .array([]) }
            return .array(Problems(view: view).fixes(range))
        case .documentSymbol: return Outline(view).symbols
        case .foldingRange: return Outline(view).folds
        }
    }

    // MARK: Capabilities

    private mutating func initialize(_ client: JSON?) -> JSON {
        let encodings = client?["general"]?["positionEncodings"]?.array?.compactMap(\.string) ?? []
        if encodings.contains(PositionEncoding.utf8.rawValue) { encoding = .utf8 }
        watchesFiles = client?["workspace"]?["didChangeWatchedFiles"]?["dynamicRegistration"]?.bool ?? false
        let preparesRename = client?["textDocument"]?["rename"]?["prepareSupport"]?.bool ?? false
        return .members([
            "capabilities": .members([
                "positionEncoding": .string(encoding.rawValue),
                "textDocumentSync": .members([
                    "openClose": .bool(true), "change": .int(2), "save": .members(["includeText": .bool(false)]),
                ]),
                "completionProvider": .members([
                    "triggerCharacters": .array(["{", "=", ".", " ", "$", "#", "|", "/", "@", "["].map { .string($0) })
                ]),
                "hoverProvider": .bool(true), "definitionProvider": .bool(true), "referencesProvider": .bool(true),
                "renameProvider": preparesRename ? .members(["prepareProvider": .bool(true)]) : .bool(true),
                "codeActionProvider": .members(["codeActionKinds": .array([.string("quickfix")])]),
                "documentSymbolProvider": .bool(true), "foldingRangeProvider": .bool(true),
            ]),
            "serverInfo": .members(["name": .string("patchbook"), "version": .string(Version.patchbook)]),
        ])
    }

    /// Asks for a notice when a file changes that a notebook may name.
    private static let watch = JSON.members([
        "jsonrpc": .string("2.0"), "id": .string("watch"), "method": .string("client/registerCapability"),
        "params": .members([
            "registrations": .array([
                .members([
                    "id": .string("files"), "method": .string("workspace/didChangeWatchedFiles"),
                    "registerOptions": .members([
                        "watchers": .array([
                            .members([
                                "globPattern": .string("**/*.{md,bib,json,jsonl,csv,gz,zst,safetensors,gguf,png}")
                            ])
                        ])
                    ]),
                ])
            ])
        ]),
    ])
}
