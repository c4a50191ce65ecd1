import Notebooks
import Statistics

/// What many commands produce under the same names.
extension Output {
    static func pair(_ read: @escaping @Sendable (Source) -> Int) -> Output {
        Output("pair", "the pair's number, from 0", read: read)
    }

    static func prompt(_ read: @escaping @Sendable (Source) -> Int) -> Output {
        Output("prompt_number", "the number of the pair's prompt; pairs of one prompt share it", read: read)
    }

    static func split(_ read: @escaping @Sendable (Source) -> String) -> Output {
        Output("split", "`fit` for pairs that choose, `confirm` for pairs that judge", read: read)
    }

    static func layer(_ read: @escaping @Sendable (Source) -> Int?) -> Output {
        Output("layer", "the layer, from 0", read: read)
    }

    /// How many tokens a part of the pair has: the prompt, or a response.
    static func tokens(
        _ part: String, _ owner: String, _ read: @escaping @Sendable (Source) -> Int
    ) -> Output {
        Output("\(part)_tokens", "how many tokens the \(owner) has", read: read)
    }

    /// The ends of an interval, `lower` and `upper` after a prefix.
    /// - Parameter interval: what it is, without an article: `95 % interval of that share`.
    static func ends(
        _ prefix: String = "", of interval: String = "95 % interval, over prompts",
        _ read: @escaping @Sendable (Source) -> Interval?
    ) -> [Output] {
        [
            Output("\(prefix)lower", "the lower end of the \(interval)") { read($0)?.lower },
            Output("\(prefix)upper", "the upper end of the \(interval)") { read($0)?.upper },
        ]
    }

    /// A mean, and the ends of its interval below its own path.
    static func mean(
        _ name: String, _ help: String, unit: String? = nil,
        _ read: @escaping @Sendable (Source) -> (mean: Double, interval: Interval?)
    ) -> [Output] {
        [Output(name, help, unit: unit) { read($0).mean }] + ends("\(name).") { read($0).interval }
    }

    /// A mean with its parts by prompt, and the ends of its interval below its own path.
    static func mean(
        _ name: String, _ help: String, unit: String? = nil,
        parts: @escaping @Sendable (Source) -> EstimateParts?,
        read: @escaping @Sendable (Source) -> (mean: Double, interval: Interval?)
    ) -> [Output] {
        [Output(name, help, unit: unit, parts: parts) { read($0).mean }] + ends("\(name).") { read($0).interval }
    }
}
