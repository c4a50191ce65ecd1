import Numerics
import Random

extension SeededGenerator {
    /// Streams keep what one seed drives apart.
    static let bootstrapStream: UInt64 = 0x626F_6F74
    static let signFlipStream: UInt64 = 0x666C_6970
    static let foldStream: UInt64 = 0x666F_6C64
    static let stabilityStream: UInt64 = 0x7374_6162
    static let permutationStream: UInt64 = 0x7065_726D
    static let plantingStream: UInt64 = 0x706C_616E
    static let orderStream: UInt64 = 0x6F72_6465
    static let setStream: UInt64 = 0x7365_7473
    static let splitStream: UInt64 = 0x7370_6C69

    /// The items in a random order: Fisher & Yates (1938).
    mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
        var items = items
        for place in items.indices.dropFirst().reversed() { items.swapAt(place, index(below: place + 1)) }
        return items
    }

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
