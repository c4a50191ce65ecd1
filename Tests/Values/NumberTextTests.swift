import Testing
import Values

/// What holds for the text of every number.
@Suite struct NumberTextTests {
    /// Numbers of every size and both signs, the same on every machine.
    static let numbers: [Double] = {
        var state: UInt64 = 1
        func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 31)
        }
        let wild = (0..<2_000).map { _ in Double(bitPattern: next()) }.filter(\.isFinite)
        let usual = (0..<2_000).map { _ in
            let size = Int(next() % 16) - 6
            let share = Double(next() % 2_000_001) / 1_000_000 - 1
            return (0..<abs(size)).reduce(share) { value, _ in size < 0 ? value / 10 : value * 10 }
        }
        return wild + usual + [0, -0.0, 0.5, 21.025, 999.95, 9999.5, 999_999.7, 0.000_099_995, .leastNonzeroMagnitude]
    }()

    /// The number that a text shows, in the text's own digits.
    static func read(_ text: String) -> Double? {
        var plain = text.replacing("\u{2212}", with: "-").filter { $0 != "\u{202F}" }
        let raised: [Character: Character] = [
            "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
            "⁻": "-",
        ]
        plain = String(plain.replacing("×10", with: "e").map { raised[$0] ?? $0 })
        return Double(plain)
    }

    @Test("a text shows its number to four significant digits or better")
    func precision() throws {
        for number in Self.numbers {
            let text = Scalar.number(number).text
            let shown = try #require(Self.read(text), "\(number): \(text)")
            // Half a unit of the fourth digit; a denormal number has fewer bits than that.
            #expect(
                abs(shown - number) <= max(abs(number) * 5.000_001e-4, .leastNonzeroMagnitude), "\(number): \(text)")
        }
    }

    @Test(
        "a text has at most four digits after the first that counts, or none after the point, and no superfluous zero"
    )
    func shortness() {
        for number in Self.numbers {
            let text = Scalar.number(number).text
            let mantissa = text.prefix { $0 != "×" }
            if mantissa.contains(".") {
                #expect(!mantissa.hasSuffix("0"), "\(number): \(text)")
                #expect(mantissa.filter(\.isWholeNumber).drop { $0 == "0" }.count <= 4, "\(number): \(text)")
            }
            #expect(text.count <= 20 && !text.contains("-") && !text.contains("e"), "\(number): \(text)")
        }
    }

    @Test("an integer and the equal number have the same text", arguments: [1, 3, 7, 12, 14])
    func kinds(power: Int) {
        let size = (0..<power).reduce(1) { size, _ in size * 10 }
        for integer in [size, size - 1, size + 1, 7 * size, -size] {
            #expect(Scalar.int(integer).text == Scalar.number(Double(integer)).text)
        }
    }

    @Test("a greater number never reads as a smaller one")
    func order() throws {
        let sorted = Self.numbers.sorted()
        for (low, high) in zip(sorted, sorted.dropFirst()) {
            let (left, right) = (Self.read(Scalar.number(low).text), Self.read(Scalar.number(high).text))
            #expect(try #require(left) <= #require(right), "\(low), \(high)")
        }
    }

    @Test("thousands stand apart from 10 000 on, by spaces that no line breaks at")
    func thousands() {
        #expect(Scalar.int(9999).text == "9999")
        #expect(Scalar.number(12_345.6).text == "12\u{202F}346")
        #expect(Scalar.number(5_701_824).text == "5\u{202F}701\u{202F}824")
        #expect(Scalar.number(5_701_824.3).text == "5.702×10⁶")
    }
}
