import Foundation
import JSON

extension Tokenizer {
    /// The names of the files that a folder's tokenizer is made of; the first three each hold a whole one, and the first
    /// of them that is there counts.
    private static let names = [
        "tokenizer.json", "tekken.json", "tokenizer.model", "tokenizer_config.json", "added_tokens.json",
    ]

    /// The most bytes that such a file may have.
    private static let largestFile = 268_435_456

    /// The paths of the files that make the tokenizer of a folder, those that are there.
    public static func files(in folder: String) -> [String] {
        let paths = names.map { "\(folder)/\($0)" }.filter { FileManager.default.fileExists(atPath: $0) }
        let wholes = paths.filter { path in names.prefix(3).contains { path.hasSuffix("/\($0)") } }
        return wholes.prefix(1) + paths.filter { !wholes.contains($0) }
    }

    /// Whether a folder holds a whole tokenizer, and not settings of one alone.
    public static func isWhole(in folder: String) -> Bool {
        names.prefix(3).contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    /// The tokenizer of a folder in Hugging Face's layout: a `tokenizer.json`, else Mistral's `tekken.json`, else a
    /// `tokenizer.model` of SentencePiece or tiktoken; with the added tokens of `added_tokens.json` and
    /// `tokenizer_config.json`.
    /// - Throws: `TokenizerError` naming the file; where two files contradict each other, both.
    public init(folder: String) throws(TokenizerError) {
        var whole: (name: String, path: String, definition: TokenizerDefinition)?
        var settings = TokenizerSettings()
        var listed: FileNode?
        for path in Self.files(in: folder) {
            let name = String(path.dropFirst(folder.count + 1))
            let bytes = try Self.contents(path)
            do throws(TokenizerError) {
                switch name {
                case "tokenizer.json": whole = (name, path, try TokenizerDefinition(FileNode(parsing: bytes)))
                case "tekken.json": whole = (name, path, try TokenizerDefinition(tekken: FileNode(parsing: bytes)))
                case "tokenizer.model":
                    whole = (
                        name, path,
                        TiktokenFile.isOne(bytes)
                            ? try LlamaTiktoken.definition(TiktokenFile(bytes, place: name), place: name)
                            : try TokenizerDefinition(sentencePiece: bytes, place: name)
                    )
                case "tokenizer_config.json": settings = try TokenizerSettings(FileNode(parsing: bytes))
                default: listed = try FileNode(parsing: bytes)
                }
            } catch {
                throw .file(path, error)
            }
        }
        guard let (name, path, read) = whole else {
            throw .missing(place: "\(folder)/tokenizer.json (or tekken.json, or tokenizer.model)")
        }
        var definition = read
        do throws(TokenizerError) {
            try definition.add(settings.added, replacing: true)
            if let listed {
                try definition.add(TokenizerSettings.listed(listed, special: settings.special), replacing: false)
            }
            try definition.apply(settings, beside: name)
        } catch {
            throw .file(folder, error)
        }
        do throws(TokenizerError) { try self.init(definition) } catch { throw .file(path, error) }
    }

    private static func contents(_ path: String) throws(TokenizerError) -> [UInt8] {
        do {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
            guard size <= largestFile else {
                throw TokenizerError.unsupported(
                    place: path, found: "of \(size) bytes", supported: ["at most \(largestFile) bytes"])
            }
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .unreadable(path: path)
        }
    }
}
