import Statistics
import Testing

@Suite struct BenjaminiHochbergTests {
    @Test func fourValuesAreSteppedUp() {
        #expect(BenjaminiHochberg().adjust([0.5, 0.01, 0.03, 0.02]) == [0.5, 0.04, 0.04, 0.04])
    }

    @Test func valuesAgreeWithSciPy() throws {
        for family in try Fixture.load().benjaminiHochberg {
            #expect(relativeError(BenjaminiHochberg().adjust(family.p), family.q) < 1e-14)
        }
    }

    @Test func noValuesGiveNone() {
        #expect(BenjaminiHochberg().adjust([]) == [])
    }
}
