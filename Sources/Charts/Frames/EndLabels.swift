/// Names of lines beside their last points, moved apart where they would touch.
struct EndLabels {
    /// One label: where its line ends, and where the label stands.
    struct Placed: Equatable {
        let index: Int
        let lineEnd: (x: Double, y: Double)
        var y: Double

        static func == (left: Self, right: Self) -> Bool {
            left.index == right.index && left.y == right.y && left.lineEnd == right.lineEnd
        }
    }

    /// Room from the plot's edge to a label's text: a leader, then a swatch.
    static let lead = 14 + Legend.swatchWidth + 6

    /// The labels from top to bottom; `nil` where they do not fit and a legend reads better.
    /// - Parameters:
    ///   - ends: last point of each line in pixels; `nil` for a line without points.
    ///   - farthest: how far in pixels a label may stand from its line's end.
    static func place(
        _ ends: [(x: Double, y: Double)?], between top: Double, and bottom: Double, height: Double, farthest: Double
    ) -> [Placed]? {
        var labels: [Placed] = []
        for (index, end) in ends.enumerated() {
            if let end { labels.append(Placed(index: index, lineEnd: end, y: end.y)) }
        }
        guard Double(labels.count) * height <= bottom - top else { return nil }
        labels.sort { ($0.lineEnd.y, $0.index) < ($1.lineEnd.y, $1.index) }
        // Least-squares places with a least distance: neighbours that touch become one cluster about their mean.
        var clusters: [(members: Range<Int>, middle: Double)] = []
        for index in labels.indices {
            var cluster = (members: index..<(index + 1), middle: labels[index].y)
            cluster.middle = bounded(cluster, top, bottom, height)
            while let above = clusters.last,
                above.middle + half(above, height) > cluster.middle - half(cluster, height) + 1e-9
            {
                clusters.removeLast()
                let members = above.members.lowerBound..<cluster.members.upperBound
                let sum = members.reduce(0) { $0 + labels[$1].lineEnd.y }
                cluster = (members, sum / Double(members.count))
                cluster.middle = bounded(cluster, top, bottom, height)
            }
            clusters.append(cluster)
        }
        for cluster in clusters {
            for (place, index) in cluster.members.enumerated() {
                labels[index].y = cluster.middle - half(cluster, height) + (Double(place) + 0.5) * height
            }
        }
        return labels.allSatisfy { abs($0.y - $0.lineEnd.y) <= farthest } ? labels : nil
    }

    private static func half(_ cluster: (members: Range<Int>, middle: Double), _ height: Double) -> Double {
        Double(cluster.members.count) * height / 2
    }

    private static func bounded(
        _ cluster: (members: Range<Int>, middle: Double), _ top: Double, _ bottom: Double, _ height: Double
    ) -> Double {
        let half = half(cluster, height)
        return min(max(cluster.middle, top + half), bottom - half)
    }
}
