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
        var sample = EmbeddedNotebook.standard(text, in: Fixtures.repository + "/notebooks")
        sample.overrides = [("limit", "32"), ("few", "14")]
        let claims = try sample.evaluation().blocks.flatMap(\.result.outcome.claims)
        #expect(claims.count == 18)
        #expect(claims.filter { !$0.held }.map(\.claim) == [])
    }
}
