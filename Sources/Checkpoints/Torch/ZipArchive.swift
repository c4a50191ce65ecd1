/// A zip archive of stored (uncompressed) entries, as `torch.save` writes it: where each entry's bytes lie in the file.
///
/// Format: PKWARE's APPNOTE, with the zip64 fields that archives above 4 GiB need.
struct ZipArchive {
    let file: MappedFile
    /// Byte ranges by name.
    private(set) var entries: [String: Range<Int>] = [:]
    /// Checksums by name.
    private var checksums: [String: UInt32] = [:]

    private static let endSignature: UInt32 = 0x0605_4B50
    private static let end64Signature: UInt32 = 0x0606_4B50
    private static let locator64Signature: UInt32 = 0x0706_4B50
    private static let centralSignature: UInt32 = 0x0201_4B50
    private static let localSignature: UInt32 = 0x0403_4B50

    /// Reads the central directory and checks each entry's range against the file's length.
    /// - Throws: ``CheckpointError`` naming the entry.
    init(_ file: MappedFile) throws(CheckpointError) {
        self.file = file
        let (count, start, end) = try directory()
        var reader = FieldReader(file: file, range: start..<end)
        for index in 0..<count {
            let what = "entry \(index + 1) of \(count)"
            guard try reader.integer(UInt32.self, what) == Self.centralSignature else {
                throw CheckpointError(file: file.path, place: what, problem: "does not begin as a directory entry")
            }
            let (name, range, checksum) = try entry(&reader, what)
            guard entries.updateValue(range, forKey: name) == nil else {
                throw CheckpointError(file: file.path, place: "entry '\(name)'", problem: "is there twice")
            }
            checksums[name] = checksum
        }
    }

    /// The bytes of a small entry, compared with its checksum.
    /// - Throws: ``CheckpointError`` where they differ from it.
    func checked(_ name: String, most: Int) throws(CheckpointError) -> [UInt8]? {
        guard let range = entries[name] else { return nil }
        guard range.count <= most else {
            throw CheckpointError(
                file: file.path, place: "entry '\(name)'",
                problem: "has \(range.count) bytes, more than the \(most) that are read")
        }
        let bytes = file.read(range) { Array($0) }
        guard Self.checksum(bytes) == checksums[name] else {
            throw CheckpointError(
                file: file.path, place: "entry '\(name)'", problem: "is damaged: its checksum (CRC-32) is wrong")
        }
        return bytes
    }

    /// Number of entries, and where the central directory begins and ends.
    private func directory() throws(CheckpointError) -> (count: Int, start: Int, end: Int) {
        let size = 22
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: file.path, place: "zip directory", problem: problem)
        }
        // A comment of up to 65535 bytes may follow the end record.
        let first = max(file.count - size - 65535, 0)
        var place: Int? = file.count - size
        while let at = place, at >= first, signature(at) != Self.endSignature { place = at > first ? at - 1 : nil }
        guard let end = place, end >= first else {
            throw fault("is missing: the file was cut short")
        }
        var reader = FieldReader(file: file, range: end..<file.count)
        try reader.skip(4, "the end record")
        let disks = (try reader.integer(UInt16.self, "a disk"), try reader.integer(UInt16.self, "a disk"))
        try reader.skip(2, "a count")
        var count = Int(try reader.integer(UInt16.self, "a count"))
        var bytes = Int(try reader.integer(UInt32.self, "a size"))
        var start = Int(try reader.integer(UInt32.self, "an offset"))
        guard disks == (0, 0) || disks == (0xFFFF, 0xFFFF) else { throw fault("is spread over several files") }
        if end >= 20, signature(end - 20) == Self.locator64Signature {
            var locator = FieldReader(file: file, range: end - 12..<end)
            let record = try locator.offset("the zip64 record")
            guard record <= file.count - 56, signature(record) == Self.end64Signature else {
                throw fault("has no zip64 record where its locator says")
            }
            var record64 = FieldReader(file: file, range: record + 32..<record + 56)
            count = try record64.offset("the count")
            bytes = try record64.offset("the size")
            start = try record64.offset("the offset")
        }
        guard start <= end, bytes <= end - start, count <= bytes / 46 else {
            throw fault("claims \(count) entries in \(bytes) bytes at \(start), more than the file holds")
        }
        return (count, start, start + bytes)
    }

    private func signature(_ place: Int) -> UInt32 {
        guard place >= 0, place <= file.count - 4 else { return 0 }
        return file.read(place..<place + 4) { UInt32(littleEndian: $0.loadUnaligned(as: UInt32.self)) }
    }

    /// Reads a directory entry after its signature, and the local header that it points to.
    private func entry(
        _ reader: inout FieldReader, _ what: String
    ) throws(CheckpointError) -> (String, Range<Int>, UInt32) {
        try reader.skip(4, what)
        let flags = try reader.integer(UInt16.self, what)
        let method = try reader.integer(UInt16.self, what)
        try reader.skip(4, what)
        let checksum = try reader.integer(UInt32.self, what)
        let packed = try reader.integer(UInt32.self, what)
        let unpacked = try reader.integer(UInt32.self, what)
        let nameLength = Int(try reader.integer(UInt16.self, what))
        let extraLength = Int(try reader.integer(UInt16.self, what))
        let commentLength = Int(try reader.integer(UInt16.self, what))
        try reader.skip(8, what)
        let local = try reader.integer(UInt32.self, what)
        let name = String(decoding: try reader.bytes(nameLength, what), as: UTF8.self)
        let place = "entry '\(name)'"
        // Fields that do not fit 32 bits follow in the zip64 extra field, in this order.
        var wide = [unpacked, packed, local].map(Int.init)
        var extra = FieldReader(file: file, range: try reader.range(extraLength, what))
        while extra.left >= 4 {
            let kind = try extra.integer(UInt16.self, place)
            let length = Int(try extra.integer(UInt16.self, place))
            var field = FieldReader(file: file, range: try extra.range(length, place))
            guard kind == 1 else { continue }
            for index in wide.indices where wide[index] == 0xFFFF_FFFF { wide[index] = try field.offset(place) }
        }
        try reader.skip(commentLength, what)
        func fault(_ problem: String) -> CheckpointError {
            CheckpointError(file: file.path, place: place, problem: problem)
        }
        guard flags & 1 == 0 else { throw fault("is encrypted, expected a stored entry") }
        guard method == 0 else {
            throw fault("is compressed (method \(method)), expected a stored entry, as torch.save writes it")
        }
        guard wide[0] == wide[1] else { throw fault("has two sizes, \(wide[0]) and \(wide[1])") }
        return (name, try data(at: wide[2], count: wide[0], name: name), checksum)
    }

    /// Where an entry's bytes lie, after its local header.
    private func data(at local: Int, count: Int, name: String) throws(CheckpointError) -> Range<Int> {
        let place = "entry '\(name)'"
        guard signature(local) == Self.localSignature else {
            throw CheckpointError(file: file.path, place: place, problem: "has no header at byte \(local)")
        }
        var reader = FieldReader(file: file, range: local..<file.count)
        try reader.skip(26, place)
        let nameLength = Int(try reader.integer(UInt16.self, place))
        let extraLength = Int(try reader.integer(UInt16.self, place))
        guard try reader.bytes(nameLength, place).elementsEqual(name.utf8) else {
            throw CheckpointError(file: file.path, place: place, problem: "has another name in its own header")
        }
        try reader.skip(extraLength, place)
        return try reader.range(count, place)
    }

    /// CRC-32 as zip has it.
    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            var sum = sum ^ UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (sum & 1 == 1 ? 0xEDB8_8320 : 0) }
            return sum
        }
    }
}
