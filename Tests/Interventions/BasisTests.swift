import Interventions
import Testing

@Suite struct BasisTests {
    @Test func `directions become orthonormal, and one that the others span is left out`() {
        let basis = Basis(spanning: [[3, 0, 4], [6, 0, 8], [1, 1, 0], [0, 0, 0]])
        #expect(basis.rank == 2)
        #expect(basis.width == 3)
        let rows = [Array(basis.values[..<3]), Array(basis.values[3...])]
        func dot(_ left: [Float], _ right: [Float]) -> Float { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }
        #expect(abs(dot(rows[0], rows[0]) - 1) < 1e-6 && abs(dot(rows[1], rows[1]) - 1) < 1e-6)
        #expect(abs(dot(rows[0], rows[1])) < 1e-6)
        #expect(abs(rows[0][0] - 0.6) < 1e-6)
    }

    @Test func `no direction at all is a basis of rank 0`() {
        #expect(Basis(spanning: []).rank == 0)
    }
}
