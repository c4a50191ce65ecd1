import ArgumentParser
import Comparison
import Foundation
import Markdown
import Notebooks

/// Which points of a notebook's parameters are rendered.
struct SweepOptions: ParsableArguments {
    @ArgumentParser.Option(
        name: .customLong("sweep"),
        help: ArgumentHelp(
            "Renders a page for each of these values of a parameter, such as adapter=a,b or seed=1..3, and one that compares them; with several, for every combination.",
            valueName: "name=values"))
    var written: [String] = []

    @ArgumentParser.Option(
        name: .customLong("sweep-file"),
        help: ArgumentHelp("A YAML file of such parameters, each with a list of values.", valueName: "file"))
    var file: String?

    /// The sweep over one notebook; nil where none is asked for.
    /// - Throws: `Diagnostics` for a file, `SweepError` for all else.
    func sweep() throws -> Sweep? {
        guard !written.isEmpty || file != nil else { return nil }
        var axes = try written.map { try Sweep.Axis($0) }
        if let file { axes += try Sweep.Axis.all(in: SourceText(name: file, bytes: NotebookOptions.bytes(of: file))) }
        if axes.isEmpty, let file { throw Diagnostics([.ofFile(file, "the file names no parameters to sweep over")]) }
        return try Sweep(axes)
    }

    /// - Parameter parameters: what the notebook lets be set.
    /// - Throws: `SweepError` for the first parameter that it does not have.
    static func check(_ sweep: Sweep, against parameters: [Parameter]) throws(SweepError) {
        let known = parameters.map(\.name)
        for axis in sweep.axes where !known.contains(axis.name) {
            throw SweepError(
                name: axis.name,
                problem: "the notebook has no such parameter; " + Suggestion.help(for: axis.name, among: known))
        }
    }
}
