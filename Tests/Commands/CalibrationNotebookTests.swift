import Commands
import Markdown
import Notebooks
import Testing
import TestSupport

/// The shipped calibration notebook is a test of the whole instrument.
@Suite struct CalibrationNotebookTests {
    @Test func `every claim of the calibration notebook holds`() throws {
        let text = try String(
            decoding: Fixtures.bytes(Fixtures.repository + "/notebooks/calibration.md"), as: UTF8.self)
        let bound = try Binder(catalogue: .standard).bind(
            Notebook.parse(SourceText(name: "calibration.md", text: text)),
            overrides: [("limit", "32"), ("few", "14")],
            project: Project(notebookFolder: Fixtures.repository + "/notebooks"))
        let claims = try Evaluator().evaluate(bound).blocks.flatMap(\.result.outcome.claims)
        #expect(claims.count == 15)
        #expect(claims.filter { !$0.held }.map(\.claim) == [])
    }
}
