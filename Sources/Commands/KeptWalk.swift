import Interventions
import Notebooks

extension Bindings {
    /// Walks routes over pairs a group at a time; groups that an earlier run of the block finished are not walked again.
    /// - Parameters:
    ///   - name: tells this walk from others of the same block.
    ///   - measuresDivergence: whether every route's mean KL from the tuned model is measured too.
    /// - Throws: `PatchError` as `Walk`, and `StoreError` when a finished group cannot be kept.
    func margins(
        of routes: [Route], in models: ModelPair, over pairs: [PackedPair], name: String = "group",
        measuresDivergence: Bool = false
    ) throws -> Margins {
        let walk = try Walk(models, threads: resources.threads, memory: resources.memory)
            .plan(routes, over: pairs, measuresDivergence: measuresDivergence)
        var results: [[ResponseLogProbabilities]] = []
        var kept = 0
        for (number, group) in walk.groups.enumerated() {
            let part = try self.kept(
                "\(name) \(number)",
                read: {
                    KeptDoubles.logProbabilities(
                        $0, pairs: group.count, routes: routes.count, withDivergence: measuresDivergence)
                },
                write: {
                    KeptDoubles.bytes(
                        $0.joined().flatMap { [$0.chosen, $0.rejected] + ($0.divergence.map { [$0] } ?? []) })
                }
            ) {
                try walk.run(group: number)
            }
            results += part.value
            if part.wasKept { kept += group.count }
            progress(Progress(unit: "pairs", done: results.count, total: pairs.count, kept: kept))
        }
        return walk.margins(of: results)
    }
}

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

    /// So many numbers; nil for bytes of another length.
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
        _ bytes: [UInt8], pairs: Int, routes: Int, withDivergence: Bool
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
