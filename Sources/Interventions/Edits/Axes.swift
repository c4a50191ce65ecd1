import Numerics
import Random

/// Directions with how much activations vary along each: what a random direction is drawn from, so that it is as likely as theirs.
public struct Axes: Sendable, Hashable {
    /// Numbers a direction.
    public let width: Int
    /// Row-major, `[count, width]`: unit directions times the deviation along them.
    public let values: [Float]

    /// Axes out of directions times their deviations, `[count][width]`.
    public init(_ directions: [[Float]]) {
        let width = directions.first?.count ?? 0
        precondition(directions.allSatisfy { $0.count == width }, "axes of widths \(directions.map(\.count))")
        self.width = width
        values = directions.flatMap { $0 }
    }

    /// Axes as ``values`` gave them.
    public init(_ values: [Float], width: Int) {
        precondition(width > 0 && values.count % width == 0, "\(values.count) numbers of axes of \(width)")
        self.width = width
        self.values = values
    }

    /// How many axes.
    public var count: Int { width == 0 ? 0 : values.count / width }

    /// A normal mixture of the axes, `[width]`.
    func draw(_ generator: inout SeededGenerator) -> [Double] {
        var direction = [Double](repeating: 0, count: width)
        for axis in 0..<count {
            let weight = generator.nextNormal()
            for index in 0..<width { direction[index] += weight * Double(values[axis * width + index]) }
        }
        return direction
    }

    /// Few of the numbers are hashed: two sets of axes are rarely alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(width)
        hasher.combine(values.count)
        hasher.combine(values.first)
        hasher.combine(values.last)
    }
}
