import Tensors

extension Edit {
    /// Carries out the edit on one pair's rows.
    /// - Parameters:
    ///   - target: the recipient's rows of this pair, `[rows, width]`, changed in place.
    ///   - donor: the donor's rows of the whole group.
    func apply(
        to target: UnsafeMutablePointer<Float>, donor: UnsafePointer<Float>, pair: Int, group: [PackedPair],
        layout: GroupLayout
    ) {
        let width = layout.width
        let own = donor + layout.starts[pair]
        for row in positions.rows(of: group[pair].tree) {
            let recipient = target + row * width
            switch change {
            case .replace, .replaceUnshared:
                recipient.update(from: own + row * width, count: width)
            case .replaceFromOtherPair:
                guard let partner = PackedPair.partner(of: pair, in: group) else { continue }
                let aligned = group[pair].alignedRow(row, in: group[partner])
                recipient.update(from: donor + layout.starts[partner] + aligned * width, count: width)
            case .randomDirection(let source, let seed):
                let stream = SeededGenerator.stream(group[pair].id, layer, row, source.rawValue)
                var generator = SeededGenerator(seed: seed, stream: stream)
                Self.push(recipient, by: own + row * width, width: width, &generator)
            }
        }
    }

    /// h ← h + ‖d − h‖ · u, u uniform on the unit sphere.
    private static func push(
        _ recipient: UnsafeMutablePointer<Float>, by donor: UnsafePointer<Float>, width: Int,
        _ generator: inout SeededGenerator
    ) {
        var distance = 0.0
        for index in 0..<width {
            let difference = Double(donor[index]) - Double(recipient[index])
            distance += difference * difference
        }
        guard distance > 0 else { return }
        let direction = (0..<width).map { _ in generator.nextNormal() }
        let length = direction.reduce(0) { $0 + $1 * $1 }
        let scale = (distance / length).squareRoot()
        for index in 0..<width { recipient[index] += Float(scale * direction[index]) }
    }
}
