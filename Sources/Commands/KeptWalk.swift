import Interventions
import Notebooks

extension Bindings {
    /// Walks routes over pairs; groups of pairs that an earlier run of the block finished are not walked again.
    /// - Parameter name: tells this walk from others of the same block.
    /// - Throws: `PatchError` as `Walk`, and `StoreError` when a finished group cannot be kept.
    func margins(
        of routes: [Route], in models: ModelPair, over pairs: [PackedPair], name: String = "group"
    ) throws -> Margins {
        var kept = 0
        var failure: (any Error)?
        let margins = try Walk(models, threads: resources.threads, memory: resources.memory).run(
            routes, over: pairs,
            stored: { range in
                // A store that failed ends the walk: what is left counts as done, and is thrown away with the error.
                if failure != nil { return .blank(range, routes: routes.count) }
                let group = attempt(&failure) {
                    try unit("\(name) \(range.lowerBound)") {
                        GroupBytes(pairs: range, routes: routes.count).group(of: $0)
                    }
                }
                kept += group?.pairs.count ?? 0
                return group
            },
            finished: { group in
                attempt(&failure) { try keep("\(name) \(group.pairs.lowerBound)", GroupBytes.bytes(of: group)) }
            },
            progress: { done in
                guard failure == nil else { return }
                progress(Progress(unit: "pairs", done: done, total: pairs.count, kept: kept))
            })
        if let failure { throw failure }
        return margins
    }

    /// What `body` gives; nil when it throws, and then the error is in `failure`.
    @discardableResult
    private func attempt<Value>(_ failure: inout (any Error)?, _ body: () throws -> Value?) -> Value? {
        do { return try body() } catch {
            failure = error
            return nil
        }
    }
}

extension FinishedGroup {
    fileprivate static func blank(_ pairs: Range<Int>, routes: Int) -> FinishedGroup {
        let none = ResponseLogProbabilities(chosen: 0, rejected: 0)
        return FinishedGroup(
            pairs: pairs, byRoute: Array(repeating: Array(repeating: none, count: pairs.count), count: routes))
    }
}

/// A group's log-probabilities as bytes: routes, in each the pairs, in each the chosen and the rejected sum as little-endian
/// float64.
struct GroupBytes {
    let pairs: Range<Int>
    let routes: Int

    static func bytes(of group: FinishedGroup) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(group.byRoute.count * group.pairs.count * 16)
        for value in group.byRoute.joined() {
            for number in [value.chosen, value.rejected] {
                withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
            }
        }
        return bytes
    }

    /// The group; nil for bytes of another size.
    func group(of bytes: [UInt8]) -> FinishedGroup? {
        guard bytes.count == pairs.count * routes * 16 else { return nil }
        func number(_ place: Int) -> Double {
            bytes.withUnsafeBytes {
                Double(bitPattern: UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place * 8, as: UInt64.self)))
            }
        }
        let byRoute = (0..<routes).map { route in
            pairs.indices.map { pair in
                let place = 2 * (route * pairs.count + pair - pairs.lowerBound)
                return ResponseLogProbabilities(chosen: number(place), rejected: number(place + 1))
            }
        }
        return FinishedGroup(pairs: pairs, byRoute: byRoute)
    }
}
