/// How well scores put some items before the others.
public enum RankAccuracy {
    /// The area under the ROC curve: the share of pairs of one item of each kind in which the wanted one has the greater score,
    /// ties counted half.
    ///
    /// Mann & Whitney, Annals of Mathematical Statistics 18 (1947), by mean ranks.
    /// - Returns: nil where all items are wanted, or none is.
    public static func areaUnderCurve(_ scores: [Double], wanted: [Bool]) -> Double? {
        precondition(scores.count == wanted.count, "\(scores.count) scores for \(wanted.count) items")
        let count = wanted.count { $0 }
        guard count > 0, count < wanted.count else { return nil }
        let order = scores.indices.sorted { scores[$0] < scores[$1] }
        var rankSum = 0.0
        var start = 0
        while start < order.count {
            var end = start + 1
            while end < order.count, scores[order[end]] == scores[order[start]] { end += 1 }
            let meanRank = Double(start + 1 + end) / 2
            rankSum += meanRank * Double(order[start..<end].count { wanted[$0] })
            start = end
        }
        let (wantedCount, others) = (Double(count), Double(wanted.count - count))
        return (rankSum - wantedCount * (wantedCount + 1) / 2) / (wantedCount * others)
    }
}
