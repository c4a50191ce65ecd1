/// Reads the pickle of a state dict: which tensors there are, and where in which storage each lies.
///
/// A pickle is a program for a stack machine, and Python's own machine can call anything. This one knows only the opcodes and the
/// names that a state dict of tensors needs, and builds nothing but the values below; everything else is an error by name.
/// Values lie in flat arrays and name each other by number, so that no nesting in a file makes a call recurse.
struct StateDict {
    /// A tensor as a view of a storage.
    struct Tensor {
        let storage: Storage
        /// In elements.
        let offset: Int
        let shape: [Int]
        /// In elements, one for each dimension.
        let strides: [Int]
    }

    /// A run of numbers in the archive.
    struct Storage {
        /// torch's name for the type: `FloatStorage`.
        let type: String
        /// The name of its entry after `data/`.
        let key: String
        let count: Int
    }

    /// Names and tensors, in the file's order.
    private(set) var tensors: [(name: String, tensor: Tensor)] = []

    private enum Value {
        case none
        case bool(Bool)
        case int(Int)
        case text(String)
        case callable(Callable)
        case storageType(String)
        case tuple(Int)
        case dict(Int)
        case storage(Int)
        case tensor(Int)

        var inWords: String {
            switch self {
            case .none: "None"
            case .bool: "a truth value"
            case .int: "a number"
            case .text: "a text"
            case .callable, .storageType: "a name"
            case .tuple: "a tuple"
            case .dict: "a dict"
            case .storage: "a storage"
            case .tensor: "a tensor"
            }
        }
    }

    private enum Callable: String {
        case orderedDict = "collections.OrderedDict"
        case rebuildTensor = "torch._utils._rebuild_tensor_v2"
        case rebuildParameter = "torch._utils._rebuild_parameter"
    }

    /// The types of storage, by torch's name, and what safetensors calls their elements.
    static let elementNames: [String: String] = [
        "FloatStorage": "F32", "HalfStorage": "F16", "BFloat16Storage": "BF16", "DoubleStorage": "F64",
        "LongStorage": "I64", "IntStorage": "I32", "ShortStorage": "I16", "CharStorage": "I8", "ByteStorage": "U8",
        "BoolStorage": "BOOL",
    ]

    /// Values that may lie on the stack, and that a file may describe in all; a state dict of 70 billion parameters has some 10,000.
    private static let (stackLimit, valueLimit) = (1 << 16, 1 << 20)

    private let bytes: [UInt8]
    /// What messages name.
    private let file: String
    private var position = 0
    private var stack: [Value] = []
    private var marks: [Int] = []
    private var memo: [UInt32: Value] = [:]
    private var tuples: [[Value]] = []
    private var dicts: [[(key: String, value: Value)]] = []
    private var storages: [Storage] = []
    private var views: [Tensor] = []
    private var described = 0

    /// Runs the program.
    /// - Throws: ``CheckpointError`` at the first byte that is not part of a state dict.
    init(_ bytes: [UInt8], file: String) throws(CheckpointError) {
        self.bytes = bytes
        self.file = file
        while try step() {}
        guard stack.count == 1, marks.isEmpty, case .dict(let top) = stack[0] else {
            throw fault("does not end with one dict of tensors")
        }
        guard position == bytes.count else { throw fault("goes on after its end") }
        for (name, value) in dicts[top] {
            guard case .tensor(let index) = value else {
                throw CheckpointError(
                    file: file, place: "'\(name)'", problem: "is \(value.inWords), expected a tensor")
            }
            tensors.append((name, views[index]))
        }
    }

    private func fault(_ problem: String) -> CheckpointError {
        CheckpointError(file: file, place: "data.pkl, byte \(position)", problem: problem)
    }
}

// MARK: - Opcodes

extension StateDict {
    /// Runs one opcode; false at the end of the program.
    private mutating func step() throws(CheckpointError) -> Bool {
        let opcode = try byte()
        switch opcode {
        case 0x80:  // PROTO
            let version = try byte()
            guard version == 2 else { throw fault("is of pickle protocol \(version), expected 2") }
        case UInt8(ascii: "."): return false
        case UInt8(ascii: "("):
            guard marks.count < Self.stackLimit else { throw fault("piles up more than \(Self.stackLimit) marks") }
            marks.append(stack.count)
        case UInt8(ascii: "N"): try push(.none)
        case 0x88, 0x89: try push(.bool(opcode == 0x88))
        case UInt8(ascii: "K"): try push(.int(Int(try byte())))
        case UInt8(ascii: "M"): try push(.int(Int(try integer(UInt16.self))))
        case UInt8(ascii: "J"): try push(.int(Int(try integer(Int32.self))))
        case 0x8A: try push(.int(try long()))  // LONG1
        case UInt8(ascii: "X"): try push(.text(try text(count: Int(try integer(UInt32.self)))))
        case UInt8(ascii: "q"): try remember(UInt32(try byte()))
        case UInt8(ascii: "r"): try remember(try integer(UInt32.self))
        case UInt8(ascii: "h"): try recall(UInt32(try byte()))
        case UInt8(ascii: "j"): try recall(try integer(UInt32.self))
        case UInt8(ascii: ")"): try pushTuple([])
        case 0x85...0x87: try pushTuple(try pop(Int(opcode - 0x84)))
        case UInt8(ascii: "t"): try pushTuple(try popToMark())
        case UInt8(ascii: "}"): try pushDict()
        case UInt8(ascii: "s"): try setItems(try pop(2))
        case UInt8(ascii: "u"): try setItems(try popToMark())
        case UInt8(ascii: "c"): try push(try named(try line(), try line()))
        case UInt8(ascii: "Q"): try pushStorage()
        case UInt8(ascii: "R"): try call()
        case UInt8(ascii: "b"): try build()
        default:
            position -= 1
            throw fault(
                "uses the pickle opcode \(Self.otherOpcodes[opcode] ?? "\(opcode)"), "
                    + "which no state dict of tensors needs; nothing was run")
        }
        return true
    }

    /// Python's names for the opcodes that this reader refuses.
    private static let otherOpcodes: [UInt8: String] = [
        0x30: "POP", 0x31: "POP_MARK", 0x32: "DUP", 0x46: "FLOAT", 0x47: "BINFLOAT", 0x49: "INT", 0x4C: "LONG",
        0x8B: "LONG4", 0x50: "PERSID", 0x53: "STRING", 0x54: "BINSTRING", 0x55: "SHORT_BINSTRING", 0x56: "UNICODE",
        0x61: "APPEND", 0x65: "APPENDS", 0x5D: "EMPTY_LIST", 0x6C: "LIST", 0x64: "DICT", 0x67: "GET", 0x70: "PUT",
        0x69: "INST", 0x6F: "OBJ", 0x81: "NEWOBJ", 0x92: "NEWOBJ_EX", 0x82: "EXT1", 0x83: "EXT2", 0x84: "EXT4",
        0x42: "BINBYTES", 0x43: "SHORT_BINBYTES", 0x8C: "SHORT_BINUNICODE", 0x8D: "BINUNICODE8", 0x8E: "BINBYTES8",
        0x8F: "EMPTY_SET", 0x90: "ADDITEMS", 0x91: "FROZENSET", 0x93: "STACK_GLOBAL", 0x94: "MEMOIZE", 0x95: "FRAME",
        0x96: "BYTEARRAY8", 0x97: "NEXT_BUFFER", 0x98: "READONLY_BUFFER",
    ]

    private mutating func byte() throws(CheckpointError) -> UInt8 { try integer(UInt8.self) }

    private mutating func integer<T: FixedWidthInteger>(_ type: T.Type) throws(CheckpointError) -> T {
        let field = try field(MemoryLayout<T>.size)
        return field.reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
    }

    private mutating func field(_ count: Int) throws(CheckpointError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw fault("was cut short") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// A little-endian number of up to 8 bytes, in two's complement.
    private mutating func long() throws(CheckpointError) -> Int {
        let count = Int(try byte())
        guard count <= 8 else { throw fault("has a number of \(count) bytes, expected at most 8") }
        let field = try field(count)
        let start = field.last.map { $0 >= 0x80 ? -1 : 0 } ?? 0
        return field.reversed().reduce(start) { $0 << 8 | Int($1) }
    }

    private mutating func text(count: Int) throws(CheckpointError) -> String {
        let field = try field(count)
        guard let text = String(validating: field, as: UTF8.self) else { throw fault("has a text that is not UTF-8") }
        return text
    }

    private mutating func line() throws(CheckpointError) -> String {
        guard let end = bytes[position...].prefix(256).firstIndex(of: UInt8(ascii: "\n")) else {
            throw fault("has a name without an end")
        }
        let name = try text(count: end - position)
        position += 1
        return name
    }
}

// MARK: - Values

extension StateDict {
    private mutating func push(_ value: Value) throws(CheckpointError) {
        guard stack.count < Self.stackLimit else { throw fault("piles up more than \(Self.stackLimit) values") }
        stack.append(value)
    }

    private mutating func describe(_ count: Int) throws(CheckpointError) {
        described += count
        guard described <= Self.valueLimit else { throw fault("describes more than \(Self.valueLimit) values") }
    }

    /// The last `count` values, none of them below the last mark.
    private mutating func pop(_ count: Int) throws(CheckpointError) -> [Value] {
        guard stack.count - (marks.last ?? 0) >= count else { throw fault("takes more values than there are") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointError) -> [Value] {
        guard let mark = marks.popLast() else { throw fault("has no mark where one is needed") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func remember(_ place: UInt32) throws(CheckpointError) {
        guard let value = stack.last, stack.count > marks.last ?? 0 else {
            throw fault("keeps a value that is not there")
        }
        try describe(1)
        memo[place] = value
    }

    private mutating func recall(_ place: UInt32) throws(CheckpointError) {
        guard let value = memo[place] else { throw fault("asks for value \(place), which was not kept") }
        try push(value)
    }

    private mutating func pushTuple(_ values: [Value]) throws(CheckpointError) {
        try describe(1 + values.count)
        tuples.append(values)
        try push(.tuple(tuples.count - 1))
    }

    private mutating func pushDict() throws(CheckpointError) {
        try describe(1)
        dicts.append([])
        try push(.dict(dicts.count - 1))
    }

    /// Sets pairs of key and value in the dict that is now on top.
    private mutating func setItems(_ items: [Value]) throws(CheckpointError) {
        guard items.count % 2 == 0, stack.count > marks.last ?? 0, case .dict(let target) = stack.last else {
            throw fault("sets items of something other than a dict")
        }
        try describe(items.count)
        for index in stride(from: 0, to: items.count, by: 2) {
            guard case .text(let key) = items[index] else { throw fault("has \(items[index].inWords) as a dict's key") }
            dicts[target].append((key, items[index + 1]))
        }
    }

    private func named(_ module: String, _ name: String) throws(CheckpointError) -> Value {
        let path = module + "." + name
        if let callable = Callable(rawValue: path) { return .callable(callable) }
        if module == "torch", Self.elementNames[name] != nil { return .storageType(name) }
        throw fault("names '\(path)', which no state dict of tensors needs; nothing was run")
    }

    private func elements(_ value: Value?) -> [Value]? {
        if case .tuple(let index) = value { tuples[index] } else { nil }
    }

    private func counts(_ value: Value) -> [Int]? {
        guard let values = elements(value) else { return nil }
        let counts = values.compactMap { value in if case .int(let count) = value, count >= 0 { count } else { nil } }
        return counts.count == values.count ? counts : nil
    }

    /// `("storage", type, key, device, count)`
    private mutating func pushStorage() throws(CheckpointError) {
        guard let parts = elements(try pop(1).first), parts.count == 5, case .text("storage") = parts[0],
            case .storageType(let type) = parts[1], case .text(let key) = parts[2], case .text = parts[3],
            case .int(let count) = parts[4], count >= 0
        else { throw fault("refers to something other than a storage of plain numbers") }
        try describe(1)
        storages.append(Storage(type: type, key: key, count: count))
        try push(.storage(storages.count - 1))
    }

    private mutating func call() throws(CheckpointError) {
        let parts = try pop(2)
        guard case .callable(let callable) = parts[0], let arguments = elements(parts[1]) else {
            throw fault("calls \(parts[0].inWords); nothing was run")
        }
        switch callable {
        case .orderedDict:
            guard arguments.isEmpty else { throw fault("makes an OrderedDict out of values, expected an empty one") }
            try pushDict()
        case .rebuildTensor:
            guard (6...7).contains(arguments.count), case .storage(let storage) = arguments[0],
                case .int(let offset) = arguments[1], offset >= 0, let shape = counts(arguments[2]),
                let strides = counts(arguments[3]), shape.count == strides.count, case .bool = arguments[4],
                case .dict(let hooks) = arguments[5], dicts[hooks].isEmpty
            else { throw fault("makes a tensor out of other values than storage, offset, shape and strides") }
            try describe(1 + shape.count)
            views.append(Tensor(storage: storages[storage], offset: offset, shape: shape, strides: strides))
            try push(.tensor(views.count - 1))
        case .rebuildParameter:
            guard arguments.count == 3, case .tensor = arguments[0], case .bool = arguments[1],
                case .dict(let hooks) = arguments[2], dicts[hooks].isEmpty
            else { throw fault("makes a parameter out of other values than a tensor") }
            try push(arguments[0])
        }
    }

    /// torch hangs the versions of its modules on a state dict as `_metadata`; nothing else may be set on anything.
    private mutating func build() throws(CheckpointError) {
        let parts = try pop(2)
        guard case .dict = parts[0], case .dict(let state) = parts[1],
            dicts[state].allSatisfy({ $0.key == "_metadata" })
        else {
            throw fault("sets the state of \(parts[0].inWords), which no state dict of tensors needs; nothing was run")
        }
        try push(parts[0])
    }
}
