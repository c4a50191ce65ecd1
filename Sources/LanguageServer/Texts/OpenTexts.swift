import Foundation
import JSON
import Markdown
import Notebooks

/// A text that an editor holds.
struct OpenText {
    /// As the editor names it: `file:///…/x.md`.
    let uri: String
    /// The file, symbolic links resolved.
    let path: String
    /// A session of its project that has read nothing.
    let session: Session
    fileprivate(set) var version: Int?
    fileprivate(set) var source: SourceText

    /// Whether it means to be a notebook, and not some other Markdown text.
    var isNotebook: Bool { Notebook.isMeant(by: source.text(0..<source.bytes.count)) }

    /// The file that a URI names; one in the current folder for a text that has none yet.
    static func file(_ uri: String) -> String {
        let file = URL(string: uri).flatMap { $0.isFileURL ? $0.path : nil }
        return file ?? FileManager.default.currentDirectoryPath + "/untitled.md"
    }
}

/// The texts that an editor holds, each with what is known of it. A text that changed is analysed again when asked for.
struct OpenTexts {
    private(set) var byURI: [String: OpenText] = [:]
    private var analyses: [String: Analysis] = [:]

    /// All of them, in the order of their URIs.
    var all: [OpenText] { byURI.values.sorted { $0.uri < $1.uri } }

    /// The text of a file.
    subscript(path path: String) -> OpenText? { byURI.values.first { $0.path == path } }

    mutating func open(_ uri: String, version: Int?, _ text: String, _ session: Session) {
        let file = OpenText.file(uri)
        let path = Project.real(file)
        byURI[uri] = OpenText(
            uri: uri, path: path, session: session, version: version,
            source: SourceText(name: file, text: text))
        forget(path)
    }

    /// Makes the changes of a `didChange`, each to the text that the one before has left.
    /// - Throws: an error for a text that is not open, and for what is no change; the text is then as it was.
    mutating func change(
        _ uri: String, version: Int?, _ changes: [JSON], _ encoding: PositionEncoding
    ) throws(ResponseError) {
        guard var text = byURI[uri] else { throw Self.notOpen(uri) }
        for change in changes {
            guard let new = change["text"]?.string else {
                throw ResponseError(.invalidParams, "a change has a 'text'")
            }
            var bytes = text.source.bytes
            if let range = change["range"], range != .null {
                bytes.replaceSubrange(try TextPositions(text.source, encoding).offsets(range), with: new.utf8)
                text.source = SourceText(name: text.source.name, text: String(decoding: bytes, as: UTF8.self))
            } else {
                text.source = SourceText(name: text.source.name, text: new)
            }
        }
        text.version = version
        byURI[uri] = text
        forget(text.path)
    }

    mutating func close(_ uri: String) {
        guard let text = byURI.removeValue(forKey: uri) else { return }
        analyses[uri] = nil
        forget(text.path)
    }

    /// Forgets what is known of every text: other files may have changed.
    mutating func forgetAll() { analyses = [:] }

    /// The texts of which nothing is known just now.
    var unread: [String] { byURI.keys.filter { analyses[$0] == nil } }

    private mutating func forget(_ path: String) {
        for (uri, analysis) in analyses
        where byURI[uri]?.path == path || analysis.includedPaths.contains(path) { analyses[uri] = nil }
    }

    /// What is known of a text as a notebook of its own.
    mutating func analysis(of text: OpenText) -> Analysis {
        if let known = analyses[text.uri] { return known }
        var session = text.session
        let analysis = session.update(text.source, unsaved: unsaved)
        analyses[text.uri] = analysis
        return analysis
    }

    /// The bytes of each text, by its file.
    var unsaved: [String: [UInt8]] {
        Dictionary(byURI.values.map { ($0.path, $0.source.bytes) }, uniquingKeysWith: { first, _ in first })
    }

    /// The notebook that a text belongs to, and its number there: an open notebook that includes it, else the text itself.
    mutating func owner(of text: OpenText) -> (notebook: OpenText, analysis: Analysis, file: Int) {
        guard !isRoot(text) else { return (text, analysis(of: text), 0) }
        for other in all where other.uri != text.uri && isRoot(other) {
            let analysis = analysis(of: other)
            if let index = analysis.includedPaths.firstIndex(of: text.path) { return (other, analysis, index + 1) }
        }
        return (text, analysis(of: text), 0)
    }

    /// Whether no other open text includes it.
    mutating func isRoot(_ text: OpenText) -> Bool {
        for other in all where other.uri != text.uri {
            if analysis(of: other).includedPaths.contains(text.path) { return false }
        }
        return true
    }

    static func notOpen(_ uri: String) -> ResponseError {
        ResponseError(.invalidParams, "the text '\(uri)' is not open")
    }
}
