/// Marks above and below.
enum MathAccents {
    struct Accent {
        let sign: String
        var isBelow = false
        var stretches = false
        var isBrace = false
    }

    static let byCommand: [String: Accent] = [
        "hat": Accent(sign: "^"), "widehat": Accent(sign: "\u{302}", stretches: true), "check": Accent(sign: "ˇ"),
        "tilde": Accent(sign: "~"), "widetilde": Accent(sign: "~", stretches: true), "acute": Accent(sign: "´"),
        "grave": Accent(sign: "`"), "dot": Accent(sign: "˙"), "ddot": Accent(sign: "¨"), "dddot": Accent(sign: "⃛"),
        "breve": Accent(sign: "˘"), "bar": Accent(sign: "¯"), "vec": Accent(sign: "→"), "mathring": Accent(sign: "˚"),
        "overrightarrow": Accent(sign: "→", stretches: true), "overleftarrow": Accent(sign: "←", stretches: true),
        "overleftrightarrow": Accent(sign: "↔", stretches: true),
        "overbrace": Accent(sign: "⏞", stretches: true, isBrace: true),
        "underbrace": Accent(sign: "⏟", isBelow: true, stretches: true, isBrace: true),
        "overbracket": Accent(sign: "⎴", stretches: true, isBrace: true),
        "underbracket": Accent(sign: "⎵", isBelow: true, stretches: true, isBrace: true),
    ]

    /// Lines around and through what follows. Fonts without a line that stretches are common, so a page draws them itself.
    static let rules: [String: MathRule] = [
        "boxed": .around, "overline": .over, "underline": .under, "cancel": .through,
    ]

    /// Arrows that are as long as what stands on them.
    static let arrows: [String: String] = [
        "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒", "xLeftarrow": "⇐",
        "xmapsto": "↦", "xlongequal": "=",
    ]
}
