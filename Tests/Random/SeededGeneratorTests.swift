import JSON
import Random
import TestSupport
import Testing

@Suite struct SeededGeneratorTests {
    /// Fixture: `scripts/fixtures/generator.py`, the same algorithms in Python.
    @Test func `sequences are those of xoshiro256** seeded through SplitMix64`() throws {
        for sequence in try #require(document()["sequences"]?.array) {
            var generator = SeededGenerator(
                seed: try bits(sequence["seed"]), stream: try bits(sequence["stream"]))
            for value in try #require(sequence["values"]?.array) {
                let expected = try bits(value)
                #expect(generator.next() == expected)
            }
        }
    }

    @Test func `whole numbers name a stream together, and their order matters`() throws {
        let streams = try #require(document()["streams"]?.array).map { try bits($0["stream"]) }
        let found = [
            SeededGenerator.stream(), SeededGenerator.stream(0), SeededGenerator.stream(3, 1),
            SeededGenerator.stream(1, 3), SeededGenerator.stream(-1, 5, 9),
        ]
        #expect(found == streams)
    }

    @Test func `uniform numbers lie in their half-open range, evenly`() {
        var generator = SeededGenerator(seed: 1)
        let values = (0..<100_000).map { _ in generator.nextUnit() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        for tenth in 0..<10 {
            let share = values.count { (Double(tenth) / 10..<Double(tenth + 1) / 10).contains($0) }
            #expect(abs(share - 10_000) < 500)
        }
    }

    @Test func `normal numbers have the normal's first four moments`() {
        var generator = SeededGenerator(seed: 2)
        let values = (0..<200_000).map { _ in generator.nextNormal() }
        func moment(_ power: Int) -> Double {
            values.reduce(0) { sum, value in sum + (0..<power).reduce(1.0) { product, _ in product * value } }
                / Double(values.count)
        }
        #expect(abs(moment(1)) < 0.01)
        #expect(abs(moment(2) - 1) < 0.015)
        #expect(abs(moment(3)) < 0.03)
        #expect(abs(moment(4) - 3) < 0.1)
        // Neighbours come of one pair of uniform numbers, and must not be correlated.
        let correlation = zip(values, values.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(values.count)
        #expect(abs(correlation) < 0.01)
    }

    private func document() throws -> JSON { try JSON.parse(Fixtures.bytes(Fixtures.path("generator.json"))) }

    private func bits(_ value: JSON?) throws -> UInt64 { try #require(UInt64(value?.string ?? "", radix: 16)) }
}
