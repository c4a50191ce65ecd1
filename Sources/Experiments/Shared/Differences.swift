extension [Double] {
    /// The differences from other values, one by one.
    func minus(_ others: [Double]) -> [Double] { zip(self, others).map { $0 - $1 } }
}
