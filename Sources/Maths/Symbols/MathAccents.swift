/// Marks above and below.
enum MathAccents {
    struct Accent {
        let sign: String
        var isBelow = false
        var stretches = false
        var isBrace = false
    }

    static let byCommand: [String: Accent] = [
        "hat": Accent(sign: "^"), "widehat": Accent(sign: "^", stretches: true), "check": Accent(sign: "ˇ"),
        "tilde": Accent(sign: "~"), "widetilde": Accent(sign: "~", stretches: true), "acute": Accent(sign: "´"),
        "grave": Accent(sign: "`"), "dot": Accent(sign: "˙"), "ddot": Accent(sign: "¨"), "dddot": Accent(sign: "⃛"),
        "breve": Accent(sign: "˘"), "bar": Accent(sign: "¯"), "vec": Accent(sign: "→"), "mathring": Accent(sign: "˚"),
        "overline": Accent(sign: "‾", stretches: true), "underline": Accent(sign: "_", isBelow: true, stretches: true),
        "overrightarrow": Accent(sign: "→", stretches: true), "overleftarrow": Accent(sign: "←", stretches: true),
        "overleftrightarrow": Accent(sign: "↔", stretches: true),
        "overbrace": Accent(sign: "⏞", stretches: true, isBrace: true),
        "underbrace": Accent(sign: "⏟", isBelow: true, stretches: true, isBrace: true),
        "overbracket": Accent(sign: "⎴", stretches: true, isBrace: true),
        "underbracket": Accent(sign: "⎵", isBelow: true, stretches: true, isBrace: true),
    ]

    /// Arrows that are as long as what stands on them.
    static let arrows: [String: String] = [
        "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒", "xLeftarrow": "⇐",
        "xmapsto": "↦", "xlongequal": "=",
    ]
}
