/// Numbers distinct items in the order they come.
struct Interner<Item: Hashable> {
    private(set) var items: [Item] = []
    private var numbers: [Item: Int] = [:]

    mutating func number(_ item: Item) -> Int {
        if let number = numbers[item] { return number }
        numbers[item] = items.count
        items.append(item)
        return items.count - 1
    }

    /// The number of an item that has one.
    func existing(_ item: Item) -> Int? { numbers[item] }
}
