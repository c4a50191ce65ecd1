import Markdown
import Notebooks

extension Analysis {
    /// What the text refers to and the page of an evaluation does not have; binding cannot always tell.
    public func danglingMentions(in evaluation: Evaluation) -> [Diagnostic] {
        danglingReferences(in: evaluation) + deadLinks(in: evaluation)
    }

    /// Links to headings that quote a value, whose names binding does not know. They are known when every result is there.
    private func deadLinks(in evaluation: Evaluation) -> [Diagnostic] {
        let links = ProseReferences(of: evaluation).links
        guard !links.isEmpty, !evaluation.isPartial,
            let anchors = try? ProseHTML(values: QuotedValues(evaluation: evaluation)).anchors(of: evaluation)
        else { return [] }
        var log = ProblemLog(source)
        for link in links where !link.target.isEmpty && anchors.id(of: link.target) == nil {
            log.addDeadLink(link, among: anchors.names)
        }
        return log.all
    }
}
