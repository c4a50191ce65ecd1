import Numerics
import Random
import Transformers

/// Where an edit finds its donor's activations, and how it is carried out on one row.
struct DonorRows: Sendable {
    /// Rows of the site.
    let matrix: Rows
    /// For each pair of the group, the matrix's row of each tree row; −1 where it was not computed.
    let rows: [[Int32]]

    func row(_ row: Int, ofPair pair: Int) -> UnsafePointer<Float> {
        let stored = rows[pair][row]
        precondition(stored >= 0, "row \(row) of a donor was not computed")
        return UnsafePointer(matrix.row(Int(stored)))
    }

    /// The difference of two drawn rows of a pair in some columns, side by side; zeros where all that were drawn are the same.
    func difference(
        ofPair pair: Int, among count: Int, _ columns: [Range<Int>], _ generator: inout SeededGenerator
    ) -> [Double] {
        var found: [Double] = []
        for _ in 0..<16 {
            let first = Int(generator.nextUnit() * Double(count))
            let second = Int(generator.nextUnit() * Double(count))
            let (left, right) = (row(first, ofPair: pair), row(second, ofPair: pair))
            found = columns.flatMap { $0.map { Double(left[$0]) - Double(right[$0]) } }
            if found.contains(where: { $0 != 0 }) { break }
        }
        return found
    }
}

extension Edit {
    /// Carries out the edit on one row.
    /// - Parameters:
    ///   - recipient: the recipient's row of the site, changed in place.
    ///   - row: which row of the pair's tree it is.
    ///   - rows: the clean rows of a model, where the change reads them.
    func apply(
        to recipient: UnsafeMutablePointer<Float>, row: Int, pair: Int, group: [PackedPair], shape: SiteShape,
        clean rows: (Source) -> DonorRows?
    ) {
        /// The row of a model's clean run at the place where d is.
        func clean(_ model: Source) -> UnsafePointer<Float>? {
            guard let donor = change.donor, let rows = rows(model) else { return nil }
            switch donor.sequence {
            case .own: return rows.row(row, ofPair: pair)
            case .otherPair:
                guard let partner = PackedPair.partner(of: pair, in: group) else { return nil }
                return rows.row(group[pair].alignedRow(row, in: group[partner]), ofPair: partner)
            case .otherResponse: return rows.row(group[pair].rowInOtherResponse(row), ofPair: pair)
            case .text(let tokens):
                guard let text = group.firstIndex(where: { $0.isText && $0.prompt == tokens }) else {
                    preconditionFailure("a text of \(tokens.count) tokens does not walk along")
                }
                return rows.row(min(group[pair].tree.position(of: row), tokens.count - 1), ofPair: text)
            }
        }
        let given = change.donor.flatMap { clean($0.model) }
        let against = change.operation == .addDifference ? change.donor.flatMap { clean($0.model.other) } : nil
        let parts = heads.map { $0.map { $0 * shape.headWidth..<($0 + 1) * shape.headWidth } }
        func direction(_ heading: Change.Heading, _ seed: UInt64) -> [Double] {
            let source = change.donor?.model.rawValue ?? 0
            var generator = SeededGenerator(
                seed: seed, stream: SeededGenerator.stream(group[pair].id, layer, row, source))
            switch heading {
            case .along(let axes): return axes.draw(&generator)
            case .baseDifference:
                return rows(.base)?.difference(
                    ofPair: pair, among: group[pair].tree.rows, parts ?? [0..<shape.width], &generator) ?? []
            case .uniform:
                return (0..<(heads?.count ?? shape.heads) * shape.headWidth).map { _ in generator.nextNormal() }
            }
        }
        guard let heads, heads.count < shape.heads else {
            return change.operation.apply(
                to: recipient, donor: given, against: against, width: shape.width, direction: direction)
        }
        // Some heads: side by side in a row of their own, and back.
        func sideBySide(_ row: UnsafePointer<Float>) -> FloatBuffer {
            let part = FloatBuffer(count: heads.count * shape.headWidth)
            for (place, head) in heads.enumerated() {
                (part.pointer + place * shape.headWidth)
                    .update(from: row + head * shape.headWidth, count: shape.headWidth)
            }
            return part
        }
        let part = sideBySide(recipient)
        let (donated, other) = (given.map(sideBySide), against.map(sideBySide))
        withExtendedLifetime((donated, other)) {
            change.operation.apply(
                to: part.pointer, donor: donated.map { UnsafePointer($0.pointer) },
                against: other.map { UnsafePointer($0.pointer) }, width: part.count, direction: direction)
        }
        for (place, head) in heads.enumerated() {
            (recipient + head * shape.headWidth)
                .update(from: part.pointer + place * shape.headWidth, count: shape.headWidth)
        }
    }
}

extension Change.Operation {
    /// Puts the changed numbers in the place of `recipient`'s; without a donor that it needs it does nothing.
    fileprivate func apply(
        to recipient: UnsafeMutablePointer<Float>, donor: UnsafePointer<Float>?, against other: UnsafePointer<Float>?,
        width: Int, direction: (Change.Heading, UInt64) -> [Double]
    ) {
        switch self {
        case .add(let vector): for index in 0..<width { recipient[index] += vector[index] }
        case .setToZero: recipient.update(repeating: 0, count: width)
        case .set(let vector): for index in 0..<width { recipient[index] = vector[index] }
        case .remove(let basis): basis.addProjection(of: (0..<width).map { -recipient[$0] }, to: recipient)
        case .replace: if let donor { recipient.update(from: donor, count: width) }
        case .mix(let weight):
            guard let donor else { return }
            for index in 0..<width { recipient[index] += weight * (donor[index] - recipient[index]) }
        case .addDifference:
            guard let donor, let other else { return }
            for index in 0..<width { recipient[index] += donor[index] - other[index] }
        case .project(let basis):
            guard let donor else { return }
            basis.addProjection(of: (0..<width).map { donor[$0] - recipient[$0] }, to: recipient)
        case .push(let heading, let seed):
            guard let donor else { return }
            Self.push(recipient, by: donor, width: width, direction(heading, seed))
        }
    }

    /// h ← h + ‖d − h‖ · u, u the unit vector along a direction.
    private static func push(
        _ recipient: UnsafeMutablePointer<Float>, by donor: UnsafePointer<Float>, width: Int, _ direction: [Double]
    ) {
        var distance = 0.0
        for index in 0..<width {
            let difference = Double(donor[index]) - Double(recipient[index])
            distance += difference * difference
        }
        let length = direction.reduce(0) { $0 + $1 * $1 }
        guard distance > 0, length > 0 else { return }
        let scale = (distance / length).squareRoot()
        for index in 0..<width { recipient[index] += Float(scale * direction[index]) }
    }
}

extension Basis {
    /// `target += P difference`, with the coordinates in f64.
    fileprivate func addProjection(of difference: [Float], to target: UnsafeMutablePointer<Float>) {
        values.withUnsafeBufferPointer { values in
            for direction in 0..<rank {
                let start = direction * width
                var along = 0.0
                for index in 0..<width { along += Double(values[start + index]) * Double(difference[index]) }
                for index in 0..<width { target[index] += Float(along * Double(values[start + index])) }
            }
        }
    }
}
