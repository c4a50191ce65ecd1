import TestSupport

/// A zip archive of stored entries, as torch.save writes it.
func zipArchive(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
    var archive: [UInt8] = []
    var directory: [UInt8] = []
    for entry in entries {
        let fields =
            [UInt8](repeating: 0, count: 8) + DamagedFiles.littleEndian(checksum(entry.bytes))
            + DamagedFiles.littleEndian(UInt32(entry.bytes.count))
            + DamagedFiles.littleEndian(UInt32(entry.bytes.count))
            + DamagedFiles.littleEndian(UInt16(entry.name.utf8.count)) + [0, 0]
        directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0] + fields + [UInt8](repeating: 0, count: 10)
        directory += DamagedFiles.littleEndian(UInt32(archive.count)) + Array(entry.name.utf8)
        archive += [0x50, 0x4B, 3, 4, 20, 0] + fields + Array(entry.name.utf8) + entry.bytes
    }
    let count = DamagedFiles.littleEndian(UInt16(entries.count))
    return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + count + count
        + DamagedFiles.littleEndian(UInt32(directory.count)) + DamagedFiles.littleEndian(UInt32(archive.count)) + [
            0, 0,
        ]
}

/// CRC-32, by its table of single bytes.
private func checksum(_ bytes: [UInt8]) -> UInt32 {
    let table: [UInt32] = (0..<256).map { byte in
        var sum = UInt32(byte)
        for _ in 0..<8 { sum = sum & 1 == 1 ? (sum >> 1) ^ 0xEDB8_8320 : sum >> 1 }
        return sum
    }
    var sum = UInt32.max
    for byte in bytes { sum = (sum >> 8) ^ table[Int(UInt8(truncatingIfNeeded: sum) ^ byte)] }
    return ~sum
}
