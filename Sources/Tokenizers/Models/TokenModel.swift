/// What makes tokens of one piece of text (`model` of `tokenizer.json`).
enum TokenModel: Sendable {
    case bytePairs(BytePairModel)
    case joins(JoinModel)

    func encode(_ text: [UInt8], _ range: Range<Int>, with merger: inout Merger, into out: inout [Symbol]) {
        switch self {
        case .bytePairs(let model): model.encode(text, range, with: &merger, into: &out)
        case .joins(let model): model.encode(text, range, with: &merger, into: &out)
        }
    }
}
