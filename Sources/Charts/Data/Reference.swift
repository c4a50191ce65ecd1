/// A line that the data are compared with: across the plot, at one value.
public struct Reference: Sendable, Equatable, Codable {
    /// Where the line lies.
    public let value: Double
    /// What it stands for.
    public let label: String

    /// A line at `value`.
    public init(_ value: Double, label: String) {
        self.value = value
        self.label = label
    }
}
