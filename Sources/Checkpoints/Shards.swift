import Foundation
import JSON

/// The formats that weights come in beside a `config.json`.
enum WeightFormat: String, CaseIterable {
    case safetensors
    case torch = "bin"

    init?(fileName: String) {
        guard let format = Self.allCases.first(where: { fileName.hasSuffix("." + $0.rawValue) }) else { return nil }
        self = format
    }

    /// What transformers calls the file of a model that is not sharded.
    fileprivate var single: String { self == .safetensors ? "model.safetensors" : "pytorch_model.bin" }
    /// What it calls the list of a sharded model's files.
    fileprivate var index: String { single + ".index.json" }

    /// - Throws: ``CheckpointError`` for a damaged file.
    static func read(_ path: String) throws(CheckpointError) -> TensorTable {
        WeightFormat(fileName: path) == .torch ? try TorchFile.read(path) : try Safetensors.read(path)
    }
}

/// The files of a model's weights.
struct Shards {
    /// In a fixed order.
    let files: [String]
    /// Which file the index says each tensor lies in; empty where there is no index.
    private var listed: [(tensor: String, file: String)] = []
    private var index: String?

    init(files: [String]) { self.files = files }

    /// Finds the weights of a folder: safetensors before `.bin`, as transformers does.
    /// - Throws: ``CheckpointError`` where there are none, where an index and a single file contradict each other, and naming a
    ///   shard that is missing.
    init(folder: String) throws(CheckpointError) {
        func isThere(_ name: String) -> Bool { FileManager.default.fileExists(atPath: folder + "/" + name) }
        let format = WeightFormat.allCases.first { isThere($0.index) || isThere($0.single) }
        guard let format else {
            throw CheckpointError(
                file: folder,
                problem: "holds no weights: expected model.safetensors, pytorch_model.bin, or the index of either"
                    + CheckpointFiles.hint(in: folder))
        }
        guard isThere(format.index) else {
            files = [folder + "/" + format.single]
            return
        }
        let index = folder + "/" + format.index
        let map = try Self.map(index, format: format)
        let names = Set(map.map(\.file)).sorted()
        if isThere(format.single), !names.contains(format.single) {
            throw CheckpointError(
                file: index,
                problem: "does not name \(format.single), which lies beside it: one of the two is stale, remove it")
        }
        let missing = names.filter { !isThere($0) }
        if let first = missing.first {
            throw CheckpointError(
                file: folder + "/" + first,
                problem: "is missing; \(format.index) names it"
                    + (missing.count > 1 ? ", and \(missing.count - 1) more that are missing" : "")
                    + (HubCache.command(fetching: missing, into: folder)
                        .map { "; fetch it with: \($0)" } ?? ""))
        }
        files = names.map { folder + "/" + $0 }
        listed = map
        self.index = index
    }

    /// The tensors of all files, each where the index says.
    /// - Throws: ``CheckpointError`` for a damaged file, a tensor in two of them, or one that is not where the index says.
    func tensors(of source: String) throws(CheckpointError) -> TensorTable {
        var table = TensorTable(source: source)
        for file in files { try table.merge(try WeightFormat.read(file)) }
        for (tensor, name) in listed {
            let found = table.file(of: tensor)
            guard let index, found.map({ ($0 as NSString).lastPathComponent }) != name else { continue }
            let place = found.map { "lies in \(($0 as NSString).lastPathComponent)" } ?? "is in none of its files"
            throw CheckpointError(
                file: index, place: "'weight_map' of '\(tensor)'", problem: "is \"\(name)\", but the tensor \(place)")
        }
        return table
    }

    private static func map(
        _ index: String, format: WeightFormat
    ) throws(CheckpointError) -> [(tensor: String, file: String)] {
        guard let members = try MappedFile(path: index).json()["weight_map"]?.object, !members.isEmpty else {
            throw CheckpointError(file: index, place: "'weight_map'", problem: "is missing or empty")
        }
        var map: [(tensor: String, file: String)] = []
        for member in members {
            // By bytes: a slash with a combining mark after it is another `Character`, but the same separator.
            guard let name = member.value.string, !name.utf8.contains(UInt8(ascii: "/")), !name.utf8.contains(0),
                WeightFormat(fileName: name) == format
            else {
                throw CheckpointError(
                    file: index, place: "'weight_map' of '\(member.key)'",
                    problem: "is \(member.value.excerpt), "
                        + "expected the name of a .\(format.rawValue) file in the same folder")
            }
            map.append((member.key, name))
        }
        return map
    }
}
