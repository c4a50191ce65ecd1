import JSON
import Notebooks
import Values

/// Results of a small study, with one thing or another changed.
enum SampleRun {
    static let text = """
        {"schema": \(Version.schema), "notebook": "x.md", "blocks": {
          "held-out": {"command": "pairs", "options": {"path": "p.jsonl", "limit": 3}, "key": "k1",
            "values": {"count": 3},
            "tables": {"tokens": {"columns": ["pair", "row", "prompt_number"], "rows": [[0, 1, 0], [1, 2, 1], [2, 5, 2]]}}},
          "scores": {"command": "score", "options": {"pairs": "held-out", "normalize": "sum"}, "key": "k2",
            "values": {"gain.mean": 1.5, "gain.mean.lower": 1.0, "gain.mean.upper": 2.0, "accuracy": 0.5},
            "tables": {
              "pairs": {"columns": ["pair", "gain"], "rows": [[0, 1.25], [1, 1.5], [2, 1.75]]},
              "layers": {"columns": ["layer", "direction", "control", "effect", "lower", "upper"],
                "rows": [[0, "up", "none", 0.1, 0.0, 0.2], [1, "up", "none", 0.4, 0.3, 0.5],
                         [0, "up", "random", 0.0, -0.1, 0.1], [1, "up", "random", 0.01, -0.1, 0.1]]}},
            "checks": [{"name": "Self-patch changes nothing", "found": 0.0, "tolerance": 1e-05, "unit": "nats", "held": true}]},
          "expect-1": {"command": "expect", "options": {"claims": [{"claim": "scores.gain.mean > 1"}]}, "key": "k3",
            "values": {}, "tables": {"claims": {"columns": ["claim", "held"], "rows": [["scores.gain.mean > 1", true]]}},
            "claims": [{"claim": "scores.gain.mean > 1", "kind": "prediction", "because": "it learned", "found": 1.5, "held": true}]}},
        "provenance": {"patchbook": "0.1.0", "engine": 2, "seed": 7, "parameters": {"limit": 3},
          "inputs": [{"block": "held-out", "name": "pairs file", "sha256": "aa"}]}}
        """

    /// The results with texts in them replaced; each must be there.
    static func results(_ changes: (String, String)...) throws -> Results {
        var text = text
        for (old, new) in changes {
            precondition(text.contains(old), "the sample has no '\(old)'")
            text = text.replacing(old, with: new)
        }
        return try Results(try JSON.parse(text))
    }
}
