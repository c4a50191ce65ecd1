import Foundation

/// Reads `--fresh` and `--fresh id`: the parser knows no option that may stand with a value or without.
enum FreshArguments {
    /// The arguments with `--fresh id` as `--fresh-block id`, wherever what follows can be an id and is no file.
    static func rewritten(_ arguments: [String]) -> [String] {
        var result: [String] = []
        var isValue = false
        for (index, argument) in arguments.enumerated() {
            if isValue {
                isValue = false
                result.append(argument)
            } else if argument.hasPrefix("--fresh=") {
                result += ["--fresh-block", String(argument.dropFirst(8))]
            } else if argument == "--fresh", index + 1 < arguments.count, isID(arguments[index + 1]) {
                result.append("--fresh-block")
                isValue = true
            } else {
                result.append(argument)
            }
        }
        return result
    }

    private static func isID(_ text: String) -> Bool {
        text.wholeMatch(of: /[a-z][a-z0-9\-]*/) != nil && !FileManager.default.fileExists(atPath: text)
    }
}
