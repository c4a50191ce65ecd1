import Numerics
import Transformers

/// The end of a walk: final states under a head.
extension GroupWalk {
    /// log p of every response token, `[leaf][pair]`; with a reference also how far each row diverges from that leaf's.
    func score(against reference: Int? = nil) -> [[TokenLogProbabilities]] {
        let nothing = plan.leaves.map { _ in
            group.map { [Double](repeating: .nan, count: $0.tree.predictions.count) }
        }
        var found = Found(logProbabilities: nothing, divergences: reference == nil ? nil : nothing)
        let held = reference.map { HeldRows($0, self) }
        for source in Source.allCases {
            let leaves = plan.leaves.indices.filter { plan.leaves[$0].head == source }
            guard !leaves.isEmpty else { continue }
            let parts = leafRows(leaves)
            let count = parts.last?.range.upperBound ?? 0
            let normed = workspace.rows(.normed, 0..<count, width: residual.width)
            norm(parts, models[source].head, into: normed)
            var targets: [OutputHead.Target] = []
            var places: [(leaf: Int, pair: Int, prediction: Int)] = []
            for part in parts {
                let slots = Dictionary(uniqueKeysWithValues: part.rows.enumerated().map { ($1, $0) })
                let predictions = group[part.pair].tree.predictions.enumerated()
                    .compactMap { index, prediction in
                        slots[prediction.row].map {
                            (row: part.range.lowerBound + $0, index: index, token: prediction.token)
                        }
                    }
                    .sorted { ($0.row, $0.index) < ($1.row, $1.index) }
                targets += predictions.map { OutputHead.Target(row: $0.row, token: $0.token) }
                places += predictions.map { (part.leaf, part.pair, $0.index) }
            }
            let scores = models[source].head.scores(
                normed, sequences: parts.map(\.range), targets: targets, against: held?.reference(for: parts, source),
                workspace: workspace)
            for (index, place) in places.enumerated() {
                found.logProbabilities[place.leaf][place.pair][place.prediction] = scores.logProbabilities[index]
                found.divergences?[place.leaf][place.pair][place.prediction] = scores.divergences[index]
            }
        }
        for source in Source.allCases { models[source].release(layer: nil) }
        return plan.leaves.indices.map { leaf in
            group.indices.map { pair in tokens(leaf, pair, found) }
        }
    }

    /// What heads said of each leaf's own rows, `[leaf][pair][prediction]`; NaN for a row that is its companion's.
    private struct Found {
        var logProbabilities: [[[Double]]]
        var divergences: [[[Double]]]?
    }

    /// The predicting rows of the leaf that others are compared with, after its own final norm.
    private struct HeldRows {
        private let head: OutputHead
        private let source: Source
        private let normed: Rows
        private let sequences: [Range<Int>]
        /// `[pair]`: the place of each predicting row.
        private let places: [[Int: Int]]

        init(_ leaf: Int, _ walk: GroupWalk) {
            precondition(walk.plan.leafCompanions[leaf] == nil, "a clean run has no companion")
            let parts = walk.leafRows([leaf])
            source = walk.plan.leaves[leaf].head
            head = walk.models[source].head
            sequences = parts.map(\.range)
            normed = walk.workspace.rows(
                .reference, 0..<(sequences.last?.upperBound ?? 0), width: walk.residual.width)
            places = parts.map { part in
                Dictionary(uniqueKeysWithValues: zip(part.rows, part.range))
            }
            walk.norm(parts, head, into: normed)
        }

        func reference(for parts: [LeafRows], _ source: Source) -> OutputHead.Reference {
            OutputHead.Reference(
                head: head, normed: normed, sequences: sequences,
                rowOf: parts.flatMap { part in part.rows.map { places[part.pair][$0] ?? -1 } },
                sharesHead: source == self.source)
        }
    }

    /// Rows of one leaf and pair that a head must score.
    struct LeafRows: Sendable {
        let leaf: Int
        let pair: Int
        let rows: [Int]
        /// Their places among all rows.
        let range: Range<Int>
    }

    /// The predicting rows that differ from those of a leaf's companion.
    func leafRows(_ leaves: [Int]) -> [LeafRows] {
        var parts: [LeafRows] = []
        var start = 0
        for leaf in leaves {
            for (pair, packed) in group.enumerated() {
                var rows = Set(packed.tree.predictions.map(\.row))
                if let companion = plan.leafCompanions[leaf] {
                    let edits = (companion.edits + plan.leaves[leaf].changes.edits).map { plan.edits[$0] }
                    let changed =
                        edits.flatMap { RowTracker.rows(of: $0, in: packed) }
                        + companion.runs.flatMap { tracker.computed[$0][pair] }
                    rows.formIntersection(changed)
                }
                parts.append(LeafRows(leaf: leaf, pair: pair, rows: rows.sorted(), range: start..<start + rows.count))
                start += rows.count
            }
        }
        return parts
    }

    private func norm(_ parts: [LeafRows], _ head: OutputHead, into normed: Rows) {
        let boundary = plan.layers.count
        let shape = SiteShape(headWidth: residual.width)
        workspace.workers.run(tasks: parts.count) { task, _ in
            let part = parts[task]
            let leaf = plan.leaves[part.leaf]
            let first = part.range.lowerBound
            copy(part.rows, plan.states[boundary][leaf.state], part.pair, boundary: boundary) { normed.row(first + $0) }
            for place in part.rows.indices { head.norm(normed.row(first + place), into: normed.row(first + place)) }
            for edit in leaf.changes.edits.map({ plan.edits[$0] }) {
                let donors = edit.change.reads.map { ($0, normedDonor($0, boundary: boundary)) }
                Self.eachPlace(of: RowTracker.rows(of: edit, in: group[part.pair]), in: part.rows) { place, row in
                    edit.apply(
                        to: normed.row(first + place), row: row, pair: part.pair, group: group, shape: shape
                    ) { source in donors.first { $0.0 == source }?.1 }
                }
            }
        }
    }

    /// The logits after one row of the first pair under the first leaf, `[vocabulary]`.
    func lastLogits(row: Int) -> [Float] {
        let part = LeafRows(leaf: 0, pair: 0, rows: [row], range: 0..<1)
        let head = models[plan.leaves[0].head].head
        let normed = Rows(count: 1, width: residual.width)
        norm([part], head, into: normed)
        return head.logits(ofNormed: normed, workspace: workspace)
    }

    /// A clean run's rows after its own final norm.
    private func normedDonor(_ source: Source, boundary: Int) -> DonorRows? {
        guard let run = plan.clean(source, boundary: boundary) else { return nil }
        let count = group.reduce(0) { $0 + $1.tree.rows }
        let normed = Rows(count: count, width: residual.width)
        var next: Int32 = 0
        let places = rows[run].map { stored in
            stored.map { row -> Int32 in
                guard row >= 0 else { return -1 }
                models[source].head.norm(residual.row(Int(row)), into: normed.row(Int(next)))
                next += 1
                return next - 1
            }
        }
        return DonorRows(matrix: normed, rows: places)
    }

    private func tokens(_ leaf: Int, _ pair: Int, _ found: Found) -> TokenLogProbabilities {
        /// The leaf's own number, or that of the companion whose row it shares.
        func value(_ numbers: [[[Double]]], _ leaf: Int, _ prediction: Int) -> Double {
            let own = numbers[leaf][pair][prediction]
            guard own.isNaN, let companion = plan.leafCompanions[leaf] else { return own }
            return value(numbers, companion.run, prediction)
        }
        let predictions = group[pair].tree.predictions
        var branches: [[Double]] = [[], []]
        for (index, prediction) in predictions.enumerated() {
            branches[prediction.branch].append(value(found.logProbabilities, leaf, index))
        }
        return TokenLogProbabilities(
            chosen: branches[PackedPair.chosen], rejected: branches[PackedPair.rejected],
            divergences: found.divergences.map { numbers in predictions.indices.map { value(numbers, leaf, $0) } })
    }
}
