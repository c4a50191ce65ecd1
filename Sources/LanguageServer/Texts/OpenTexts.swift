import Foundation
import JSON
import Markdown
import Notebooks

/// A text that an editor holds.
struct OpenText {
    /// As the editor names it: `file:///…/x.md`.
    let address: String
    /// The file, symbolic links resolved.
    let path: String
    /// A session of its project that has read nothing.
    let session: Session
    fileprivate(set) var version: Int?
    fileprivate(set) var source: SourceText

    /// Whether it means to be a notebook, and not some other Markdown text.
    var isNotebook: Bool { Notebook.isMeant(by: source.text(0..<source.bytes.count)) }

    /// The file that an address names; one in the current folder for a text that has none yet.
    static func file(_ address: String) -> String {
        let file = URL(string: address).flatMap { $0.isFileURL ? $0.path : nil }
        return file ?? FileManager.default.currentDirectoryPath + "/untitled.md"
    }
}

/// The texts that an editor holds, each with what is known of it: what is known of a text that has changed is found anew when it is asked
/// for.
struct OpenTexts {
    private(set) var byAddress: [String: OpenText] = [:]
    private var analyses: [String: Analysis] = [:]

    /// All of them, in the order of their addresses.
    var all: [OpenText] { byAddress.values.sorted { $0.address < $1.address } }

    /// The text of a file.
    subscript(path path: String) -> OpenText? { byAddress.values.first { $0.path == path } }

    mutating func open(_ address: String, version: Int?, _ text: String, _ session: Session) {
        let file = OpenText.file(address)
        let path = Project.real(file)
        byAddress[address] = OpenText(
            address: address, path: path, session: session, version: version,
            source: SourceText(name: file, text: text))
        forget(path)
    }

    /// Makes the changes of a `didChange`, each to the text that the one before has left.
    /// - Throws: an error for a text that is not open, and for what is no change; the text is then as it was.
    mutating func change(
        _ address: String, version: Int?, _ changes: [JSON], _ encoding: PositionEncoding
    ) throws(ResponseError) {
        guard var text = byAddress[address] else { throw Self.notOpen(address) }
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
        byAddress[address] = text
        forget(text.path)
    }

    mutating func close(_ address: String) {
        guard let text = byAddress.removeValue(forKey: address) else { return }
        analyses[address] = nil
        forget(text.path)
    }

    /// Forgets what is known of every text: other files may have changed.
    mutating func forgetAll() { analyses = [:] }

    /// The texts of which nothing is known just now.
    var unread: [String] { byAddress.keys.filter { analyses[$0] == nil } }

    private mutating func forget(_ path: String) {
        for (address, analysis) in analyses
        where byAddress[address]?.path == path || analysis.includedPaths.contains(path) { analyses[address] = nil }
    }

    /// What is known of a text as a notebook of its own.
    mutating func analysis(of text: OpenText) -> Analysis {
        if let known = analyses[text.address] { return known }
        var session = text.session
        let analysis = session.update(text.source, unsaved: unsaved)
        analyses[text.address] = analysis
        return analysis
    }

    /// The bytes of each text, by its file.
    var unsaved: [String: [UInt8]] {
        Dictionary(byAddress.values.map { ($0.path, $0.source.bytes) }, uniquingKeysWith: { first, _ in first })
    }

    /// The notebook that a text belongs to, and its number there: an open notebook that includes it, else the text itself.
    mutating func owner(of text: OpenText) -> (notebook: OpenText, analysis: Analysis, file: Int) {
        guard !isRoot(text) else { return (text, analysis(of: text), 0) }
        for other in all where other.address != text.address && isRoot(other) {
            let analysis = analysis(of: other)
            if let index = analysis.includedPaths.firstIndex(of: text.path) { return (other, analysis, index + 1) }
        }
        return (text, analysis(of: text), 0)
    }

    /// Whether no other open text includes it.
    mutating func isRoot(_ text: OpenText) -> Bool {
        for other in all where other.address != text.address {
            if analysis(of: other).includedPaths.contains(text.path) { return false }
        }
        return true
    }

    static func notOpen(_ address: String) -> ResponseError {
        ResponseError(.invalidParams, "the text '\(address)' is not open")
    }
}
