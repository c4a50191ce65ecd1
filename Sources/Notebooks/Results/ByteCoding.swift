import Values

/// Writes plain data as bytes, exactly: a float64 by its bits, a text by its UTF-8.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []
    /// Texts written so far, so that one that comes again is written as its number.
    private var texts: [[UInt8]: Int] = [:]

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func bits(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func int(_ value: Int) { bits(UInt64(bitPattern: Int64(value))) }

    /// A number from 0, seven bits a byte.
    mutating func count(_ value: Int) {
        var rest = UInt(value)
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func raw(_ value: [UInt8]) {
        count(value.count)
        bytes += value
    }

    mutating func text(_ value: String) {
        let utf8 = Array(value.utf8)
        if let number = texts[utf8] {
            count(number)
        } else {
            count(texts.count)
            texts[utf8] = texts.count
            raw(utf8)
        }
    }

    mutating func scalar(_ value: Scalar) {
        switch value {
        case .null: byte(0)
        case .bool(let flag): byte(flag ? 2 : 1)
        case .int(let number):
            byte(3)
            int(number)
        case .number(let number):
            byte(4)
            bits(number.bitPattern)
        case .string(let value):
            byte(5)
            text(value)
        }
    }

    mutating func table(_ table: Table) {
        count(table.columns.count)
        for column in table.columns { text(column) }
        count(table.rows.count)
        for row in table.rows {
            for value in row { scalar(value) }
        }
    }
}

/// Reads what a ``ByteWriter`` wrote, and never past the end.
struct ByteReader {
    /// Bytes that nobody wrote.
    struct Malformed: Error {}

    private let bytes: [UInt8]
    private var position = 0
    private var texts: [String] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard position < bytes.count else { throw Malformed() }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func bits() throws(Malformed) -> UInt64 {
        guard bytes.count - position >= 8 else { throw Malformed() }
        defer { position += 8 }
        return bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
        }
    }

    mutating func int() throws(Malformed) -> Int { Int(Int64(bitPattern: try bits())) }

    /// A number of things that follow, each of at least one byte.
    mutating func count() throws(Malformed) -> Int {
        var value: UInt = 0
        for shift in stride(from: UInt(0), to: 56, by: 7) {
            let next = try byte()
            value |= UInt(next & 0x7F) << shift
            if next & 0x80 == 0 { return Int(value) }
        }
        throw Malformed()
    }

    /// A count that the bytes left can hold.
    mutating func boundedCount() throws(Malformed) -> Int {
        let value = try count()
        guard value <= bytes.count - position else { throw Malformed() }
        return value
    }

    mutating func raw() throws(Malformed) -> [UInt8] {
        let size = try boundedCount()
        defer { position += size }
        return Array(bytes[position..<position + size])
    }

    mutating func text() throws(Malformed) -> String {
        let number = try count()
        if number < texts.count { return texts[number] }
        guard number == texts.count else { throw Malformed() }
        let size = try boundedCount()
        let text = String(decoding: bytes[position..<position + size], as: UTF8.self)
        position += size
        texts.append(text)
        return text
    }

    mutating func scalar() throws(Malformed) -> Scalar {
        switch try byte() {
        case 0: return .null
        case 1: return .bool(false)
        case 2: return .bool(true)
        case 3: return .int(try int())
        case 4: return .number(Double(bitPattern: try bits()))
        case 5: return .string(try text())
        default: throw Malformed()
        }
    }

    mutating func table() throws(Malformed) -> Table {
        var columns: [String] = []
        for _ in 0..<(try boundedCount()) { columns.append(try text()) }
        // A row of no columns has no bytes.
        let count = columns.isEmpty ? try self.count() : try boundedCount()
        guard count < 1 << 32 else { throw Malformed() }
        var rows: [[Scalar]] = []
        rows.reserveCapacity(count)
        for _ in 0..<count {
            var row: [Scalar] = []
            row.reserveCapacity(columns.count)
            for _ in columns { row.append(try scalar()) }
            rows.append(row)
        }
        return Table(columns: columns, rows: rows)
    }
}
