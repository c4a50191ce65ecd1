import Interventions
import Testing

@Suite struct PositionsTests {
    @Test(arguments: [
        ("all", Positions.all), ("response", .response), ("prompt", .prompt), ("last_prompt", .lastPrompt),
        ("first_divergent", .firstDivergent), ("response[:3]", .response(to: 3)), ("response[3:]", .response(from: 3)),
        ("response[1:4]", .response(from: 1, to: 4)), ("0,5,7", .explicit([0, 5, 7])), ("4", .explicit([4])),
    ])
    func `positions are read as they are written`(_ text: String, _ positions: Positions) throws {
        #expect(try Positions(text) == positions)
        #expect(positions.name == text)
    }

    @Test func `spaces and order are no matter, and the whole slice is the response`() throws {
        #expect(try Positions("7, 0, 5").name == "0,5,7")
        #expect(try Positions("response[ :3]") == .response(to: 3))
        #expect(try Positions("response[:]") == .response)
    }

    @Test(arguments: [
        "", "respnse", "response[3]", "response[3:3]", "response[4:2]", "response[-1:]", "1,,2", "1;2", "-1", "a",
    ])
    func `a text that names none is an error that says what would`(_ text: String) {
        let error = #expect(throws: PositionsError.self) { try Positions(text) }
        #expect(
            error?.description
                == "'\(text)' names no positions: expected all, response, prompt, last_prompt, first_divergent, "
                + "a slice such as response[:3] or response[3:], or positions such as 0,5,7")
    }
}
