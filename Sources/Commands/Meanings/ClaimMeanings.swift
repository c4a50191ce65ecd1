import Notebooks

extension ExpectCommand {
    /// What each value and column is.
    public static let meanings = [
        Meaning("held", "how many claims held"),
        Meaning("failed", "how many failed"),
        Meaning("claims.claim", "the claim as written"),
        Meaning("claims.found", "the value that it was judged on"),
        Meaning("claims.held", "whether it held"),
        Meaning("claims.because", "why the author expects it"),
    ]
}
