import Foundation
import Numerics

/// What scikit-learn, SciPy and statsmodels computed; `scripts/fixtures/regression.py` made it.
struct RegressionFixture: Decodable {
    struct Model: Decodable {
        let penalty: Double
        let mixing: Double?
        let coefficients: [Double]
        let intercept: Double
        let r2: Double?
    }

    struct Diabetes: Decodable {
        let x: [[Double]]
        let y: [Double]
        let folds: [Int]
        let unitLargest: Double
        let unitLasso, lasso, elasticNet, ridge, standardRidge, logistic: [Model]
        let penalties: [Double]
        let path, enetPath, errors, plainErrors: [[Double]]
        let best, sparest, plainBest: Double
        let classes: [Bool]
        let inflation: [Double]

        var matrix: DoubleMatrix { DoubleMatrix(rows: x) }
    }

    struct Wide: Decodable {
        let x: [[Double]]
        let y: [Double]
        let classes: [Bool]
        let lasso, ridge, logistic: [Model]
    }

    struct Spectra: Decodable {
        let tall, first, second, near: [[Double]]
        let tallValues, wideValues, eigenvalues, angles, nearAngles: [Double]
    }

    struct Equivalence: Decodable {
        let t, degrees, p, values, margins, tost, clusterValues: [Double]
        let cdf, quantile: [[Double]]
        let clusters: [Int]
        let clusterMean, clusterError: Double
    }

    struct Bands: Decodable {
        let values: [[Double]]
        let draws: [[Int]]
        let lower, upper: [Double]
    }

    struct Game: Decodable {
        let worth, shares: [Double]
    }

    let diabetes: Diabetes
    let wide: Wide
    let spectra: Spectra
    let equivalence: Equivalence
    let bands: Bands
    let shapley: Game

    static func load() throws -> RegressionFixture {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(
            RegressionFixture.self, from: Data(contentsOf: tests.appending(path: "Fixtures/statistics/regression.json"))
        )
    }
}

/// The largest difference between two lists as a share of the expected list's largest value.
func scaledError(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count else { return .infinity }
    let scale = expected.map { abs($0) }.max() ?? 1
    return zip(found, expected).map { abs($0 - $1) }.reduce(0) { $1 > $0 || $1.isNaN ? $1 : $0 }
        / (scale == 0 ? 1 : scale)
}

extension DoubleMatrix {
    /// Columns centred and divided by their deviation over n.
    var standardized: DoubleMatrix {
        var result = subtracting(columnMeans)
        for column in 0..<columns {
            let deviation = (result.column(column).reduce(0) { $0 + $1 * $1 } / Double(rows)).squareRoot()
            for row in 0..<rows { result[row, column] /= deviation }
        }
        return result
    }

    /// As scikit-learn scales its diabetes data: centred, of length 1.
    var unit: DoubleMatrix {
        let standard = standardized
        return DoubleMatrix(
            rows: rows, columns: columns, values: standard.values.map { $0 / Double(rows).squareRoot() })
    }
}
