import Commands
import Foundation
import Markdown
import Notebooks
import Synchronization
import TestSupport
import Testing

/// What a run asks before it computes a block.
@Suite struct ForecastTests {
    @Test("a block is asked about once, with all the work that a plan finds, however many walks it takes")
    func whole() throws {
        let folder = Fixtures.repository + "/docs"
        var session = Session(catalogue: .standard, project: Project(notebookFolder: folder))
        let text = try Data(contentsOf: URL(fileURLWithPath: folder + "/every-command.md"))
        session.update(try SourceText(name: "every-command.md", bytes: Array(text)))
        let asked = Mutex<[String: [Forecast]]>([:])
        _ = session.run(
            allowing: Session.Permission { request in
                guard let forecast = request.forecast else { return true }
                asked.withLock { $0[request.id, default: []].append(forecast) }
                return false
            })
        let planned = session.run(shard: Shard()).blocks.compactMap { block -> (String, Double)? in
            guard case .postponed(let work)? = block.failure?.reason, let operations = work.operations else {
                return nil
            }
            return (block.head.id, operations.reduce(0) { $0 + Double($1) })
        }
        #expect(planned.count > 5)
        #expect(
            asked.withLock { $0.mapValues { $0.map(\.operations) } }
                == Dictionary(planned.map { ($0, [$1]) }, uniquingKeysWith: +))
    }
}
