/// "Did you mean": the known names nearest to one that is not known.
public enum Suggestion {
    /// Names longer than this are never compared: nobody misspells them by one letter.
    static let longest = 64

    /// The known names that differ from `name` by the fewest edits, when these are few enough to be a slip, in the order given.
    public static func closest(to name: String, among known: [String]) -> [String] {
        let wanted = folded(name)
        guard !wanted.isEmpty, wanted.count <= longest else { return [] }
        var best = (wanted.count == 1 ? 0 : max(1, wanted.count / 3)) + 1
        var found: [String] = []
        for candidate in known {
            let letters = folded(candidate)
            guard !letters.isEmpty, letters.count <= longest else { continue }
            let edits = distance(wanted, letters)
            if edits < best {
                best = edits
                found = [candidate]
            } else if edits == best, !found.isEmpty, !found.contains(candidate) {
                found.append(candidate)
            }
        }
        return Array(found.prefix(3))
    }

    /// `did you mean 'a'?` for a slip, else all known names after a lead: `there are 'a', 'b'`.
    public static func help(for name: String, among known: [String], lead: String = "there are") -> String {
        question(closest(to: name, among: known)) ?? "\(lead) " + known.map { "'\($0)'" }.joined(separator: ", ")
    }

    /// `did you mean 'a' or 'b'?`; nil without names.
    public static func question(_ names: [String]) -> String? {
        guard let last = names.last else { return nil }
        let quoted = names.dropLast().map { "'\($0)'" }.joined(separator: ", ")
        return quoted.isEmpty ? "did you mean '\(last)'?" : "did you mean \(quoted) or '\(last)'?"
    }

    /// Letters in one case, with `-` and `_` alike.
    private static func folded(_ name: String) -> [Unicode.Scalar] {
        name.utf8.count > 4 * longest ? [] : name.lowercased().unicodeScalars.map { $0 == "-" ? "_" : $0 }
    }

    /// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other
    /// (optimal string alignment distance).
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for (row, letter) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                var edits = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
                if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                    edits = min(edits, beforeLast[column - 1] + 1)
                }
                current.append(edits)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
