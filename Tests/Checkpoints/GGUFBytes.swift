import TestSupport

/// Writes the bytes of a GGUF file field by field, so that each can be made to lie.
struct GGUFBytes {
    private(set) var bytes: [UInt8]

    init(version: UInt32 = 3, tensors: UInt64 = 0, metadata: UInt64 = 0) {
        bytes = Array("GGUF".utf8)
        add(version)
        add(tensors)
        add(metadata)
    }

    mutating func add<T: FixedWidthInteger>(_ value: T) { bytes += DamagedFiles.littleEndian(value) }

    mutating func add(_ text: String) {
        add(UInt64(text.utf8.count))
        bytes += Array(text.utf8)
    }

    /// A key and its value's type; the value comes next.
    mutating func key(_ name: String, type: UInt32) {
        add(name)
        add(type)
    }

    /// A tensor's entry; `dimensions` from the innermost, as ggml counts them.
    mutating func tensor(_ name: String, _ dimensions: [UInt64], type: UInt32, offset: UInt64) {
        add(name)
        add(UInt32(dimensions.count))
        for dimension in dimensions { add(dimension) }
        add(type)
        add(offset)
    }

    /// Fills up to the next multiple of 32 and adds `count` bytes of data.
    mutating func data(_ count: Int) {
        bytes += Array(repeating: 0, count: (32 - bytes.count % 32) % 32 + count)
    }
}
