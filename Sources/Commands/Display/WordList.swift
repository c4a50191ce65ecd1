extension [String] {
    /// `a`, `a and b`, `a, b and c`
    var inWords: String {
        guard let last, count > 1 else { return joined() }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
