/// Orthonormal directions of an activation, `[rank, width]`.
public struct Basis: Sendable, Hashable {
    /// How many directions.
    public let rank: Int
    /// Numbers a direction.
    public let width: Int
    /// Row-major, `[rank, width]`.
    public let values: [Float]

    /// Orthonormalises `directions`, `[rank][width]`, in their order (Gram–Schmidt, twice, in f64); one that the others span
    /// already is left out.
    public init(spanning directions: [[Float]]) {
        let width = directions.first?.count ?? 0
        precondition(directions.allSatisfy { $0.count == width }, "directions of widths \(directions.map(\.count))")
        var basis: [[Double]] = []
        for direction in directions {
            var rest = direction.map(Double.init)
            let length = Self.norm(rest)
            for _ in 0..<2 {
                for unit in basis {
                    let along = zip(rest, unit).reduce(0) { $0 + $1.0 * $1.1 }
                    for index in rest.indices { rest[index] -= along * unit[index] }
                }
            }
            let left = Self.norm(rest)
            guard left > 1e-6 * length, left > 0 else { continue }
            basis.append(rest.map { $0 / left })
        }
        rank = basis.count
        self.width = width
        values = basis.flatMap { $0.map(Float.init) }
    }

    /// Directions that are orthonormal already, as ``values`` gave them.
    public init(orthonormal values: [Float], width: Int) {
        precondition(width > 0 && values.count % width == 0, "\(values.count) numbers of directions of \(width)")
        rank = values.count / width
        self.width = width
        self.values = values
    }

    private static func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

    /// Few of the numbers are hashed: a basis is large, and two of them are rarely alike.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(rank)
        hasher.combine(width)
        hasher.combine(values.first)
        hasher.combine(values.last)
    }
}
