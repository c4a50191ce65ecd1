import Numerics
import Random
import Statistics
import Testing

@Suite struct LassoPathTests {
    @Test func `the path over a hundred penalties agrees with scikit-learn`() throws {
        let data = try RegressionFixture.load().diabetes
        let penalties = try LassoPath().penalties(data.matrix, to: data.y)
        #expect(relativeError(penalties, data.penalties) < 1e-10)
        let models = try LassoPath().fit(data.matrix, to: data.y, penalties: data.penalties)
        #expect(models[0].support == [])
        for (place, expected) in data.path.enumerated() {
            #expect(scaledError(models[9 * place].standardized, expected) < 1e-9 || place == 0)
        }
        let net = try LassoPath(mixing: 0.4).fit(data.matrix, to: data.y, penalties: data.penalties)
        for (place, expected) in data.enetPath.enumerated() {
            #expect(scaledError(net[33 * place].standardized, expected) < 1e-9)
        }
    }

    @Test func `cross-validation scales inside each fold and chooses as scikit-learn's pipeline`() throws {
        let data = try RegressionFixture.load().diabetes
        let choice = try LassoPath().crossValidate(data.matrix, to: data.y, folds: Folds(assignments: data.folds))
        for (place, expected) in data.errors.enumerated() {
            #expect(relativeError(choice.errors[3 * place], expected) < 1e-9)
        }
        #expect(relativeError([choice.best, choice.sparest], [data.best, data.sparest]) < 1e-10)
        #expect(choice.sparest > choice.best)
    }

    @Test func `without scaling inside, it is LassoCV`() throws {
        let data = try RegressionFixture.load().diabetes
        let choice = try LassoPath(isStandardizing: false).crossValidate(
            data.matrix.standardized, to: data.y, folds: Folds(assignments: data.folds))
        #expect(relativeError([choice.best], [data.plainBest]) < 1e-10)
        for (place, expected) in data.plainErrors.enumerated() {
            #expect(relativeError(choice.errors[9 * place], expected) < 1e-9)
        }
    }

    @Test func `nested predictions are those of a choice made without the row's fold`() throws {
        let data = try RegressionFixture.load().diabetes
        let rows = Array(0..<120)
        let (x, y) = (data.matrix.rows(rows), rows.map { data.y[$0] })
        let folds = try Folds(4, groups: rows, seed: 3)
        let found = try LassoPath().nestedPredictions(x, to: y, folds: folds, groups: rows, inner: 3, seed: 3)
        let (fit, judge) = folds.split(2)
        let inner = try Folds(3, groups: fit, seed: 3 + 2 + 1)
        let choice = try LassoPath().crossValidate(x.rows(fit), to: fit.map { y[$0] }, folds: inner)
        let model = try Lasso(penalty: choice.best, isStandardizing: true).fit(x.rows(fit), to: fit.map { y[$0] })
        #expect(scaledError(judge.map { found[$0] }, model.predict(x.rows(judge))) < 1e-12)
        let shared = try #require(LinearModel.rSquared(found, y))
        #expect(shared > 0.2 && shared < 0.6, "diabetes explains about half, less on rows not seen: \(shared)")
    }

    @Test func `rows of one group stay in one fold, and folds are of like size`() throws {
        let groups = (0..<40).map { $0 / 2 * 7 }
        let folds = try Folds(5, groups: groups, seed: 1)
        for row in stride(from: 0, to: 40, by: 2) { #expect(folds.assignments[row] == folds.assignments[row + 1]) }
        #expect((0..<5).allSatisfy { folds.split($0).judge.count == 8 })
        #expect(try Folds(5, groups: groups, seed: 1) == folds)
        #expect(try Folds(5, groups: groups, seed: 2) != folds)
        let error = #expect(throws: RegressionError.self) { try Folds(5, groups: [1, 1, 2, 3, 4], seed: 1) }
        #expect(error?.description == "5 folds need as many groups of rows that belong together, found 4")
    }

    @Test func `a column that matters is kept always, and one of twins only now and then`() throws {
        var generator = SeededGenerator(seed: 4)
        let columns = (0..<6).map { _ in (0..<80).map { _ in generator.nextNormal() } }
        let twin = columns[0].map { $0 + 0.01 * generator.nextNormal() }
        let y = (0..<80).map { columns[0][$0] + 2 * columns[1][$0] + generator.nextNormal() }
        let x = DoubleMatrix(columns: columns + [twin])
        let selection = StabilitySelection(seed: 5)
        func counts(_ range: Range<Int>, threads: Int = 1) throws -> [Int] {
            try selection.counts(
                of: range, x, to: y, groups: Array(0..<80), penalties: [0.5], workers: Workers(count: threads))[0]
        }
        let whole = try counts(0..<100)
        #expect(try counts(0..<100, threads: 3) == whole, "whoever fits them")
        #expect(try zip(counts(0..<37), counts(37..<100)).map(+) == whole, "in whatever ranges")
        let kept = whole.map { Double($0) / 100 }
        #expect(kept[1] == 1)
        #expect(kept[0] < 1 && kept[6] < 1 && kept[0] + kept[6] > 0.9)
        #expect(kept[2...5].allSatisfy { $0 < 0.5 })
        let draws = selection.draws(groups: (0..<80).map { $0 / 4 }, of: 0..<100)
        #expect(draws.count == 100 && draws.allSatisfy { $0.count == 40 })
        #expect(draws.allSatisfy { rows in Set(rows.map { $0 / 4 }).count == 10 })
    }

    @Test func `a permuted target keeps few columns or none`() throws {
        var generator = SeededGenerator(seed: 4)
        let columns = (0..<8).map { _ in (0..<60).map { _ in generator.nextNormal() } }
        let y = (0..<60).map { 2 * columns[3][$0] + generator.nextNormal() }
        func sizes(_ range: Range<Int>, threads: Int = 1) throws -> [Int] {
            try PermutedSupport(seed: 1).sizes(
                of: range, DoubleMatrix(columns: columns), to: y, groups: Array(0..<60), isSparest: true,
                workers: Workers(count: threads))
        }
        let whole = try sizes(0..<40)
        #expect(whole.count == 40)
        #expect(try sizes(0..<40, threads: 3) == whole, "whoever fits them")
        #expect(try sizes(0..<25) + sizes(25..<40) == whole, "in whatever ranges")
        #expect(whole.map(Double.init).quantile(0.5) == 0)
    }
}
