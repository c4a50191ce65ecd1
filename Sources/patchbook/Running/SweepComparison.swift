import Comparison
import Digests
import Foundation
import Notebooks
import Reports

/// A point of a sweep whose page is written.
struct ComparedPoint {
    let page: OutputPlan.Page
    let file: OutputFile

    init(_ page: OutputPlan.Page, _ files: [OutputFile]) {
        self.page = page
        file = files[0]
    }
}

extension NotebookRun {
    /// Writes the page that compares the points of a sweep, from the results that their pages carry.
    /// - Parameter first: the first point, rendered or not.
    func compare(_ points: [ComparedPoint], of sweep: Sweep, _ first: OutputPlan.Page) {
        guard !points.isEmpty, let templates else { return }
        let analysis = first.session.analysis
        let place = first.place.dropLast(analysis.point.count) + sweep.name
        do {
            var compared: [SweepPage.Point] = []
            for point in sweep.points {
                guard let found = points.first(where: { $0.page.session.analysis.point == point.name }) else {
                    continue
                }
                let bytes = found.file.bytes
                let name = (found.file.path as NSString).lastPathComponent
                compared.append(
                    SweepPage.Point(
                        point, address: name.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? name,
                        results: try EmbeddedResults.results(in: bytes),
                        input: Input(name: name, digest: SHA256.digest(of: bytes).hex)))
            }
            let evaluation = SweepPage(
                sweep, compared, notebook: analysis.document.name, title: analysis.document.title,
                headline: analysis.document.publication.headline
            ).evaluation
            let html = try ReportRenderer(templates: templates).html(
                for: evaluation, results: ResultsJSON.json(of: evaluation))
            let file = OutputFile(path: HTMLReport.mainFile(String(place)), text: html)
            try write([file], of: first)
            print(ReportSite.shown(first.site.output + "/" + file.path))
        } catch {
            fail(error, first.path)
        }
    }
}
