import Interventions

/// Numbers as bytes and back: little-endian float64, one after another.
enum KeptDoubles {
    static func bytes(_ numbers: [Double]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * 8)
        for number in numbers {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// All numbers that there are; nil for bytes that end within one.
    static func numbers(_ bytes: [UInt8]) -> [Double]? { numbers(bytes, count: bytes.count / 8) }

    /// `count` numbers; nil for bytes of another length.
    static func numbers(_ bytes: [UInt8], count: Int) -> [Double]? {
        guard bytes.count == count * 8 else { return nil }
        return bytes.withUnsafeBytes { raw in
            (0..<count).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
            }
        }
    }

    /// A group's sums, `[pair][route]`.
    static func logProbabilities(
        _ bytes: [UInt8], pairs: Int, routes: Int, withDivergence: Bool = false
    ) -> [[ResponseLogProbabilities]]? {
        let each = withDivergence ? 3 : 2
        guard let numbers = numbers(bytes, count: pairs * routes * each) else { return nil }
        return (0..<pairs).map { pair in
            (0..<routes).map { route in
                let place = each * (pair * routes + route)
                return ResponseLogProbabilities(
                    chosen: numbers[place], rejected: numbers[place + 1],
                    divergence: withDivergence ? numbers[place + 2] : nil)
            }
        }
    }
}
