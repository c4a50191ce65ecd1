import Numerics

/// A state dict in the format of `torch.save` since torch 1.6: a zip archive of a pickle and of one entry for each storage.
enum TorchFile {
    /// The largest pickle that is read; one for 70 billion parameters has some 200 kB.
    private static let pickleLimit = 1 << 24

    /// Maps a file and checks that every tensor lies inside its storage.
    /// - Throws: ``CheckpointError`` naming the tensor, or what the pickle asks for.
    static func read(_ path: String) throws(CheckpointError) -> TensorTable {
        let file = try MappedFile(path: path)
        let start = file.read(0..<min(4, file.count)) { Array($0) }
        guard start == [0x50, 0x4B, 3, 4] else {
            let isPickle = start.first == 0x80
            throw CheckpointError(
                file: path,
                problem: isPickle
                    ? "is in the format that torch wrote before 1.6, expected a zip archive: save it again with a newer "
                        + "torch, or as safetensors" : "is not a zip archive, as torch.save writes it")
        }
        let archive = try ZipArchive(file)
        let pickles = archive.entries.keys.filter { $0.hasSuffix("/data.pkl") || $0 == "data.pkl" }.sorted()
        guard let pickle = pickles.first, pickles.count == 1 else {
            throw CheckpointError(
                file: path, problem: "holds \(pickles.count) entries 'data.pkl', expected one, as torch.save writes it")
        }
        let folder = String(pickle.dropLast("data.pkl".count))
        if let other = archive.entries.keys.filter({ $0.hasPrefix(folder + "code/") }).min() {
            throw CheckpointError(
                file: path, place: "entry '\(other)'", problem: "is program code, expected a state dict of tensors")
        }
        if let order = try archive.checked(folder + "byteorder", most: 16), !order.elementsEqual("little".utf8) {
            throw CheckpointError(
                file: path, place: "entry '\(folder)byteorder'",
                problem: "is '\(String(decoding: order, as: UTF8.self))', expected 'little'")
        }
        let state = try StateDict(archive.checked(pickle, most: pickleLimit) ?? [], file: path)
        var table = TensorTable(source: path)
        for (name, tensor) in state.tensors {
            try table.insert(name, try entry(tensor, name: name, in: archive, folder: folder))
        }
        return table
    }

    private static func entry(
        _ tensor: StateDict.Tensor, name: String, in archive: ZipArchive, folder: String
    ) throws(CheckpointError) -> TensorTable.Entry {
        let storage = tensor.storage
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: archive.file.path, place: "tensor '\(name)'", problem: problem)
        }
        let typeName = StateDict.elementNames[storage.type] ?? storage.type
        guard let range = archive.entries[folder + "data/" + storage.key] else {
            throw fault("lies in storage '\(storage.key)', which the archive does not hold")
        }
        let file = archive.file.path
        guard let type = elementTypes[typeName] else {
            return TensorTable.Entry(content: .unread, typeName: typeName, shape: tensor.shape, file: file)
        }
        guard type.bytes(for: storage.count) == range.count else {
            throw fault(
                "lies in storage '\(storage.key)' of \(storage.count) numbers of type \(typeName), "
                    + "which do not fit its \(range.count) bytes")
        }
        guard let view = StridedView(tensor, of: storage.count) else {
            throw fault(
                "of shape \(tensor.shape), strides \(tensor.strides) and offset \(tensor.offset) "
                    + "does not fit its storage of \(storage.count) numbers")
        }
        let bytes = archive.file.view(range)
        guard view.isContiguous else {
            return TensorTable.Entry(
                content: .strided(StridedTensor(view: view, type: type, bytes: bytes, owner: archive.file)),
                typeName: typeName, shape: tensor.shape, file: file)
        }
        let size = type.blockBytes
        let part = UnsafeRawBufferPointer(
            rebasing: bytes[(tensor.offset * size)..<((tensor.offset + view.count) * size)])
        guard let stored = StoredTensor(type: type, shape: tensor.shape, bytes: part, owner: archive.file) else {
            throw fault("of type \(typeName) and shape \(tensor.shape) does not fit its bytes")
        }
        return TensorTable.Entry(content: .stored(stored), typeName: typeName, shape: tensor.shape, file: file)
    }

    private static let elementTypes: [String: ElementType] = ["F32": .f32, "F16": .f16, "BF16": .bf16]
}
