import Foundation

/// How a GGUF model is split over files: `model-00001-of-00003.gguf` and so on, which say so in their metadata too.
struct GGUFSplit {
    private let part: GGUFPart
    /// The names of all parts, in order.
    private let files: [String]

    /// How `part` belongs with others, or `nil` where it is a model of its own.
    /// - Throws: ``CheckpointError`` where its metadata and its name do not fit together.
    init?(_ part: GGUFPart) throws(CheckpointError) {
        let files = Self.files(besides: part.path)
        guard let count = part.metadata["split.count"].map({ $0.int ?? -1 }), count != 1 else {
            guard files.count > 1 else { return nil }
            throw CheckpointError(
                file: part.path, place: "metadata 'split.count'",
                problem: "is \(part.metadata["split.count"]?.excerpt ?? "missing"), "
                    + "but the file's name is that of one of \(files.count) parts")
        }
        // llama.cpp writes 0 for a model that was not split.
        if count == 0, files.count <= 1 { return nil }
        guard count == files.count else {
            throw CheckpointError(
                file: part.path, place: "metadata 'split.count'",
                problem: "is \(part.metadata["split.count"]?.excerpt ?? ""), expected a file name that ends in "
                    + "'-00001-of-\(Self.digits(max(count, 1))).gguf' or so, by which the other parts are found")
        }
        self.part = part
        self.files = files
    }

    /// The files of the model that `path` is a part of, in order, by its name alone: `path` itself where it is a whole model.
    static func files(besides path: String) -> [String] {
        let ending = ".gguf"
        // "-00001-of-00003.gguf", in bytes.
        let name = Array(path.utf8)
        let length = "-00001-of-00003".utf8.count + ending.utf8.count
        guard path.hasSuffix(ending), name.count > length else { return [path] }
        let tail = name.suffix(length).dropLast(ending.utf8.count)
        let fields = tail.split(separator: UInt8(ascii: "-"))
        func number(_ field: ArraySlice<UInt8>) -> Int? {
            guard field.count == 5, field.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
            return Int(String(decoding: field, as: UTF8.self))
        }
        guard tail.first == UInt8(ascii: "-"), fields.count == 3, fields[1].elementsEqual("of".utf8),
            let place = number(fields[0]), let count = number(fields[2]), (1...max(count, 1)).contains(place)
        else { return [path] }
        let start = String(decoding: name.dropLast(length), as: UTF8.self)
        return (1...count).map { "\(start)-\(digits($0))-of-\(digits(count))\(ending)" }
    }

    /// As ``files(besides:)``, each there.
    /// - Throws: ``CheckpointError`` naming the first part that is missing.
    static func presentFiles(besides path: String) throws(CheckpointError) -> [String] {
        let files = files(besides: path)
        guard let missing = files.first(where: { !FileManager.default.fileExists(atPath: $0) }) else { return files }
        throw CheckpointError(
            file: missing, problem: "is missing; \(path) is one of the \(files.count) parts of its model")
    }

    private static func digits(_ number: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, 5 - text.count)) + text
    }

    /// All parts, each mapped and checked to be the one that its name says.
    func parts() throws(CheckpointError) -> [GGUFPart] {
        var parts: [GGUFPart] = []
        for (index, file) in try Self.presentFiles(besides: part.path).enumerated() {
            let found = file == part.path ? part : try GGUFPart(path: file)
            for (key, expected) in [("split.count", files.count), ("split.no", index)] {
                guard found.metadata[key]?.int == expected else {
                    throw CheckpointError(
                        file: file, place: "metadata '\(key)'",
                        problem: "is \(found.metadata[key]?.excerpt ?? "missing"), expected \(expected) by its name: "
                            + "the parts are not of one model")
                }
            }
            parts.append(found)
        }
        return parts
    }

    /// The tensors of all parts.
    /// - Throws: ``CheckpointError`` where they are not as many as the parts say, or one is there twice.
    func joined(_ parts: [GGUFPart]) throws(CheckpointError) -> TensorTable {
        var table = TensorTable(source: part.path)
        for found in parts { try table.merge(found.tensors) }
        for found in parts {
            guard let count = found.metadata["split.tensors.count"] else { continue }
            guard count.int == table.names.count else {
                throw CheckpointError(
                    file: found.path, place: "metadata 'split.tensors.count'",
                    problem: "is \(count.excerpt), but the \(parts.count) parts hold \(table.names.count) tensors: "
                        + "they are not of one model")
            }
        }
        return table
    }
}
