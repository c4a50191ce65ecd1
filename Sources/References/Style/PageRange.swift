/// Pages as the Chicago Manual of Style shortens them: 71–72, 100–104, 101–8, 321–28, and 1496–1500, where three of four digits change.
enum PageRange {
    static func shortened(_ text: String) -> String {
        text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let ends = part.split(separator: "–", omittingEmptySubsequences: false)
            guard ends.count == 2 else { return String(part) }
            let first = ends[0].filter { $0 != " " }
            let last = ends[1].filter { $0 != " " }
            guard let start = Int(first), let end = Int(last), first.count == last.count, start < end else {
                return String(part)
            }
            let lead = part.prefix { $0 == " " }
            return lead + first + "–" + second(first, last, start)
        }.joined(separator: ",")
    }

    private static func second(_ first: String, _ last: String, _ start: Int) -> String {
        guard start >= 100, start % 100 != 0 else { return last }
        let changed = last.count - zip(first, last).prefix { $0 == $1 }.count
        if last.count > 3, changed >= last.count - 1 { return last }
        let kept = start % 100 < 10 ? changed : max(2, changed)
        return String(last.suffix(kept))
    }
}
