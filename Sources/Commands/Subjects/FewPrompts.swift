import Foundation
import Values

/// A warning where intervals and p-values rest on few prompts.
enum FewPrompts {
    /// Fewer prompts than these give rough intervals.
    static let few = 10

    /// Nil where there are enough.
    /// - Parameter prompts: the prompt of each pair that numbers are reported on, `[pair]`.
    static func note(_ prompts: [Int]) -> String? {
        let count = Set(prompts).count
        guard count < few else { return nil }
        guard count > 1 else { return "Only one prompt: no interval over prompts can be computed." }
        let least = Scalar.number(pow(2, Double(1 - count))).text
        return "Only \(count) prompts: intervals over so few are rough, and no p-value can be below \(least)."
    }
}
