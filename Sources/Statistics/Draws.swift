import Tensors

extension SeededGenerator {
    /// Streams keep what one seed drives apart.
    static let bootstrapStream: UInt64 = 0x626F_6F74
    static let signFlipStream: UInt64 = 0x666C_6970

    /// A uniform index below `count`: Lemire, *Fast Random Integer Generation in an Interval* (2019).
    mutating func index(below count: Int) -> Int {
        precondition(count > 0, "an index below \(count)")
        let bound = UInt64(count)
        var product = next().multipliedFullWidth(by: bound)
        if product.low < bound {
            let threshold = (0 &- bound) % bound
            while product.low < threshold { product = next().multipliedFullWidth(by: bound) }
        }
        return Int(product.high)
    }
}
