/// What an estimate is made of by prompt, Σ above / Σ below, so that two estimates can be compared prompt by prompt.
///
/// A mean over pairs has the sum of a prompt's values above and the number of its pairs below.
public struct EstimateParts: Sendable, Equatable {
    /// The number of each prompt in the pairs block, `[prompt]`; each once.
    public let prompts: [Int]
    /// What is divided, `[prompt]`.
    public let above: [Double]
    /// What divides, `[prompt]`.
    public let below: [Double]

    /// An estimate out of its parts, `[prompt]`.
    public init(prompts: [Int], above: [Double], below: [Double]) {
        precondition(prompts.count == above.count && prompts.count == below.count, "parts of different lengths")
        self.prompts = prompts
        self.above = above
        self.below = below
    }

    /// Sums of values over the pairs of each prompt.
    /// - Parameters:
    ///   - values: `[pair]`.
    ///   - divisors: what the sum of the values is divided by, `[pair]`; ones for a mean.
    ///   - prompts: the prompt of each pair, `[pair]`.
    public init(_ values: [Double], over divisors: [Double]? = nil, prompts: [Int]) {
        var places: [Int: Int] = [:]
        var (order, above, below): ([Int], [Double], [Double]) = ([], [], [])
        for (pair, prompt) in prompts.enumerated() {
            let place = places[prompt] ?? order.count
            if place == order.count {
                places[prompt] = place
                order.append(prompt)
                above.append(0)
                below.append(0)
            }
            above[place] += values[pair]
            below[place] += divisors?[pair] ?? 1
        }
        self.init(prompts: order, above: above, below: below)
    }
}
