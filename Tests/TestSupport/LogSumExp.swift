import Foundation

/// A plain float64 log-sum-exp to hold the engine's against.
public enum LogSumExp {
    /// The natural logarithm of the sum of exponentials.
    public static func of(_ values: [Double]) -> Double {
        let largest = values.max() ?? 0
        return largest + log(values.reduce(0) { $0 + exp($1 - largest) })
    }
}
