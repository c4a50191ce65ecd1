/// The room that a text takes in a drawing, in pixels.
struct TextBox {
    private let x: ClosedRange<Double>
    private let y: ClosedRange<Double>
    /// How far the text is moved sideways so that it stays inside the drawing.
    let shift: Double

    init(_ text: String, x: Double, y: Double, anchor: Drawing.Anchor, isUpright: Bool, theme: Theme) {
        let length = theme.textWidth(text)
        let share = anchor == .start ? 0 : anchor == .middle ? 0.5 : 1
        let (rise, fall) = (theme.fontSize * 0.75, theme.fontSize * 0.22)
        guard !isUpright else {
            // Turned to the left: the text runs up from its start.
            shift = 0
            self.x = (x - rise)...(x + fall)
            self.y = (y - (1 - share) * length)...(y + share * length)
            return
        }
        let left = x - share * length
        shift = max(0, min(left, theme.width - length)) - left
        self.x = (left + shift)...(left + shift + length)
        self.y = (y - rise)...(y + fall)
    }

    /// Whether two texts would run into one another.
    func touches(_ other: TextBox) -> Bool { x.overlaps(other.x) && y.overlaps(other.y) }
}
