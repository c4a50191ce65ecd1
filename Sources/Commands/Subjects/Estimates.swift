import Charts
import Statistics

extension Estimate {
    /// A mean and its interval, where there is one.
    init(_ mean: Double?, _ interval: Interval?) {
        self.init(mean, lower: interval?.lower, upper: interval?.upper)
    }
}
