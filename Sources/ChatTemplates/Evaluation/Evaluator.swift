/// One rendering of a template: its output so far, and what work it may still do.
final class Evaluator {
    /// The most characters of a text that a template writes or builds.
    static let lengthLimit = 8_000_000
    /// How deep calls, statements and values may nest.
    static let depthLimit = 400
    private static let workLimit = 30_000_000

    /// The date that `strftime_now` writes.
    let date: TemplateDate
    private(set) var output: [Unicode.Scalar] = []
    /// What is left: one for each character or value that is touched, some more for each step.
    private(set) var work = workLimit
    private var depth = 0

    init(date: TemplateDate) { self.date = date }

    // MARK: Work

    /// Counts work before it is done.
    /// - Throws: `tooMuchWork`, once it is used up.
    func charge(_ amount: Int) throws(TemplateError.Problem) {
        work -= amount
        if work < 0 { throw .tooMuchWork }
    }

    /// Counts the characters of a text that is about to be built.
    /// - Throws: `tooLong` and `tooMuchWork`.
    func charge(length: Int) throws(TemplateError.Problem) {
        if length > Self.lengthLimit { throw .tooLong(limit: Self.lengthLimit) }
        try charge(length)
    }

    func areEqual(_ left: Value, _ right: Value) throws(TemplateError.Problem) -> Bool {
        try left.equals(right, work: &work)
    }

    /// Runs a step, and gives its problem the step's place.
    func at<Result>(_ place: Place, _ body: () throws(TemplateError.Problem) -> Result) throws(TemplateError) -> Result
    {
        do { return try body() } catch { throw TemplateError(place, error) }
    }

    /// Runs one level deeper.
    func nested<Result>(_ place: Place, _ body: () throws(TemplateError) -> Result) throws(TemplateError) -> Result {
        work -= 10
        if work < 0 { throw TemplateError(place, .tooMuchWork) }
        if depth >= Self.depthLimit { throw TemplateError(place, .tooDeep(limit: Self.depthLimit)) }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    // MARK: Output

    func write(_ text: Text, at place: Place) throws(TemplateError) {
        try at(place) { () throws(TemplateError.Problem) in try charge(length: text.scalars.count) }
        if output.count + text.scalars.count > Self.lengthLimit {
            throw TemplateError(place, .tooLong(limit: Self.lengthLimit))
        }
        output += text.scalars
    }

    /// What `body` writes, as a text.
    func captured(_ body: () throws(TemplateError) -> Void) throws(TemplateError) -> Text {
        let outside = output
        output = []
        defer { output = outside }
        try body()
        return Text(output)
    }
}
