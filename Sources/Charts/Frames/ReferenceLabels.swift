/// Names of level lines inside a plot: above their line where there is room, else below, else as near as no other text stands.
enum ReferenceLabels {
    /// Draws the names of lines at these heights in pixels; a name that no place is free for is left out.
    static func draw(
        _ lines: [(label: String, pixel: Double)], theme: Theme, x: (left: Double, right: Double),
        between top: Double, and bottom: Double, into drawing: inout Drawing
    ) {
        for (label, pixel) in lines {
            let label = theme.fitted(label, into: x.right - x.left)
            var bases: [Double] = []
            for step in 0...Int((bottom - top) / theme.lineHeight) + 1 {
                let away = Double(step) * theme.lineHeight
                bases += [pixel - 4 - away, pixel + theme.fontSize + 1 + away]
            }
            for base in bases where base - theme.fontSize >= top - 2 && base <= bottom - 3 {
                if drawing.label(label, x: x.left, y: base, style: "pb-halo pb-tick") { break }
                if drawing.label(label, x: x.right, y: base, style: "pb-halo pb-tick", anchor: .end) { break }
            }
        }
    }

    /// Draws the names of upright lines at these places in pixels, one below the other from `top` on.
    static func drawUpright(
        _ lines: [(label: String, pixel: Double)], theme: Theme, x: (left: Double, right: Double), top: Double,
        bottom: Double, into drawing: inout Drawing
    ) {
        for (index, line) in lines.enumerated() {
            let base = top + Double(index) * theme.lineHeight + theme.fontSize - 4
            drawing.line("pb-reference", from: (line.pixel, base - theme.fontSize), to: (line.pixel, bottom))
            let isLeft = line.pixel > (x.left + x.right) / 2
            let room = (isLeft ? line.pixel - x.left : x.right - line.pixel) - 6
            drawing.text(
                theme.fitted(line.label, into: room), x: line.pixel + (isLeft ? -5 : 5), y: base, style: "pb-halo",
                anchor: isLeft ? .end : .start)
        }
    }
}
