/// What made a result, as provenance and keys name it.
public enum Version {
    /// The release of Patchbook.
    public static let patchbook = "0.1.0"
    /// The shape of results and of their keys; raised when either changes, and when a command would produce other values, figures
    /// or notes for the same numbers.
    public static let schema = 5
    /// The numbers that the engine gives; raised when the same inputs would give other numbers.
    public static let engine = 2
}
