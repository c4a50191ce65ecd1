import Foundation
import JSON

extension Tokenizer {
    /// The names of the files that a folder's tokenizer is made of; the first three each hold a whole one, and the first
    /// of them that is there counts.
    private static let names = [
        "tokenizer.json", "tekken.json", "tokenizer.model", "tokenizer_config.json", "added_tokens.json",
    ]
    private static let settingsName = "tokenizer_config.json"

    /// The most bytes that such a file may have.
    private static let largestFile = 268_435_456

    /// The paths of the files that make the tokenizer of a folder, those that are there.
    public static func files(in folder: String) -> [String] {
        let paths = names.map { "\(folder)/\($0)" }.filter { FileManager.default.fileExists(atPath: $0) }
        let wholes = paths.filter { path in names.prefix(3).contains { path.hasSuffix("/\($0)") } }
        return wholes.prefix(1) + paths.filter { !wholes.contains($0) }
            + [specialTokensMap(in: folder)].compactMap { $0 }
    }

    /// The path of a folder's `special_tokens_map.json`, nil where there is none, or where it does not count: transformers
    /// reads it only where `tokenizer_config.json` has no `added_tokens_decoder`.
    public static func specialTokensMap(in folder: String) -> String? {
        let path = "\(folder)/special_tokens_map.json"
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let settings = try? FileNode(parsing: contents("\(folder)/\(settingsName)"))
        return settings?.optional("added_tokens_decoder") == nil ? path : nil
    }

    /// What a folder's `tokenizer_config.json` holds, joined with `special_tokens_map.json` where that counts; nil where
    /// there is neither.
    /// - Throws: `TokenizerError` naming the file.
    public static func settings(in folder: String) throws(TokenizerError) -> JSON? {
        var settings: JSON?
        let map = specialTokensMap(in: folder)
        for path in ["\(folder)/\(settingsName)", map].compactMap({ $0 })
        where FileManager.default.fileExists(atPath: path) {
            let bytes = try contents(path)
            do throws(TokenizerError) {
                let file = try FileNode(parsing: bytes)
                // Each is checked alone, so that an error names its file.
                _ = try TokenizerSettings(file)
                settings = path == map ? TokenizerSettings.joined(settings ?? .object([]), file.value) : file.value
            } catch {
                throw .file(path, error)
            }
        }
        return settings
    }

    /// Whether a folder holds a whole tokenizer, and not settings of one alone.
    public static func isWhole(in folder: String) -> Bool {
        names.prefix(3).contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
    }

    /// The tokenizer of a folder in Hugging Face's layout: a `tokenizer.json`, else Mistral's `tekken.json`, else a
    /// `tokenizer.model` of SentencePiece or tiktoken; with the added tokens of `added_tokens.json`,
    /// `tokenizer_config.json` and `special_tokens_map.json`.
    /// - Throws: `TokenizerError` naming the file; where two files contradict each other, both.
    public init(folder: String) throws(TokenizerError) {
        var whole: (name: String, path: String, definition: TokenizerDefinition)?
        let settings = try Self.settings(in: folder).map { value throws(TokenizerError) in
            try TokenizerSettings(FileNode(value: value, place: ""))
        }
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
                case "added_tokens.json": listed = try FileNode(parsing: bytes)
                default: break  // The settings, which are read above.
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
            let settings = settings ?? TokenizerSettings()
            try definition.add(settings.added, replacing: true)
            if let listed { try definition.add(settings.listed(listed), replacing: false) }
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
