import Foundation

/// What SciPy and NumPy computed; `scripts/fixtures/statistics.py` made it.
struct Fixture: Decodable {
    struct NormalValues: Decodable {
        let x, cdf, p, quantile: [Double]
    }

    struct Summary: Decodable {
        let values: [Double]
        let mean, standardDeviation: Double
        let shares, quantiles: [Double]
    }

    struct Bootstrap: Decodable {
        let clusters: [Int]
        let effect, gain: [Double]
        let level: Double
        let draws: [[Int]]
        /// Estimate, lower and upper bound.
        let mean, ratio: [Double]
    }

    struct SignFlip: Decodable {
        let clusters: [Int]
        let values: [[Double]]
        let p, adjusted: [Double]
    }

    struct Family: Decodable {
        let p, q: [Double]
    }

    struct Intercepts: Decodable {
        let clusters: [Int]
        let x: [Double]
        let columns: [[Double]]
        let draws: [[Int]]
        /// Estimate, lower and upper bound, `[column]`.
        let intervals: [[Double]]
        let adjusted: [Double]
    }

    let normal: NormalValues
    let summary: Summary
    let bootstrap: [Bootstrap]
    let signFlip: [SignFlip]
    let intercepts: Intercepts
    let benjaminiHochberg: [Family]

    static func load() throws -> Fixture {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            Fixture.self, from: Data(contentsOf: tests.appending(path: "Fixtures/statistics/expected.json")))
    }
}

/// The largest difference between two lists, relative to the expected value where that is not zero.
func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).map { found, expected in
        found == expected ? 0 : abs(found - expected) / (expected == 0 ? 1 : abs(expected))
    }.max() ?? 0
}
