import Statistics
import Numerics
import Testing

@Suite struct LassoTests {
    @Test func `one of two columns explains the target, and the other is dropped`() throws {
        let x = DoubleMatrix(columns: [[1, 2, 3, 4, 5, 6], [1, -1, 1, -1, 1, -1]])
        let model = try Lasso(penalty: 0.5).fit(x, to: [2, 4, 6, 8, 10, 12])
        #expect(model.support == [0])
        // w = 2 − α / var(x): the penalty shrinks what it keeps.
        #expect(abs(model.coefficients[0] - (2 - 0.5 / (35.0 / 12))) < 1e-12)
        #expect(abs(model.predict(x).mean - 7) < 1e-12)
    }

    @Test func `the check values of scikit-learn's diabetes data come out to nine digits`() throws {
        let data = try RegressionFixture.load().diabetes
        let x = data.matrix.unit
        let tenth = try Lasso(penalty: 0.1).fit(x, to: data.y)
        let stated = [
            0, -155.3431106, 517.2162412, 275.0872229, -52.5520358, 0, -210.1395090, 0, 483.9171747, 33.6621921,
        ]
        for (found, expected) in zip(tenth.coefficients, stated) { #expect(abs(found - expected) < 1e-6) }
        #expect(abs((tenth.rSquared(x, data.y) ?? 0) - 0.5088394) < 1e-7)
        let one = try Lasso(penalty: 1).fit(x, to: data.y)
        for (found, expected) in zip(one.coefficients, [0, 0, 367.7016258, 6.3097026, 0, 0, 0, 0, 307.6021475, 0]) {
            #expect(abs(found - expected) < 1e-6)
        }
        let largest = try LassoPath(count: 3, isStandardizing: false).penalties(x, to: data.y)[0]
        #expect(abs(largest - 2.1480435755) < 1e-9)
        for expected in data.unitLasso {
            let model = try Lasso(penalty: expected.penalty).fit(x, to: data.y)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-9)
            #expect(model.support == expected.coefficients.indices.filter { expected.coefficients[$0] != 0 })
        }
    }

    @Test func `raw columns, elastic nets and ridge agree with scikit-learn`() throws {
        let data = try RegressionFixture.load().diabetes
        let (x, z) = (data.matrix, data.matrix.standardized)
        for expected in data.lasso {
            let model = try Lasso(penalty: expected.penalty).fit(x, to: data.y)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-8)
            #expect(abs(model.intercept - expected.intercept) < 1e-6 * abs(expected.intercept))
        }
        for expected in data.elasticNet {
            let net = ElasticNet(penalty: expected.penalty, mixing: try #require(expected.mixing))
            #expect(scaledError(try net.fit(z, to: data.y).coefficients, expected.coefficients) < 1e-9)
        }
        for expected in data.ridge {
            let model = try Ridge(penalty: expected.penalty).fit(x, to: data.y)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-9)
            #expect(relativeError([model.rSquared(x, data.y) ?? 0], [try #require(expected.r2)]) < 1e-9)
        }
    }

    @Test func `scaling inside the fit is scaling before it`() throws {
        let data = try RegressionFixture.load().diabetes
        for expected in data.standardRidge {
            let model = try Ridge(penalty: expected.penalty, isStandardizing: true).fit(data.matrix, to: data.y)
            #expect(scaledError(model.standardized, expected.coefficients) < 1e-10)
        }
        let before = try Lasso(penalty: 2).fit(data.matrix.standardized, to: data.y)
        let inside = try Lasso(penalty: 2, isStandardizing: true).fit(data.matrix, to: data.y)
        #expect(scaledError(inside.standardized, before.coefficients) < 1e-12)
        #expect(scaledError(inside.predict(data.matrix), before.predict(data.matrix.standardized)) < 1e-12)
    }

    @Test func `more columns than rows, twins and a constant among them, agree with scikit-learn`() throws {
        let data = try RegressionFixture.load().wide
        let x = DoubleMatrix(rows: data.x)
        for expected in data.lasso {
            let model = try Lasso(penalty: expected.penalty).fit(x, to: data.y)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-6)
            #expect(model.coefficients[9] == 0)
        }
        for expected in data.ridge {
            let model = try Ridge(penalty: expected.penalty).fit(x, to: data.y)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-10)
            #expect(abs(model.intercept - expected.intercept) < 1e-10)
        }
    }

    @Test func `equal columns get one solution, whatever the penalty`() throws {
        let column = [1.0, 3, 2, 5, 4]
        let x = DoubleMatrix(columns: [column, column])
        let alone = try Lasso(penalty: 0.2).fit(DoubleMatrix(columns: [column]), to: [1, 2, 2, 4, 4])
        let both = try Lasso(penalty: 0.2).fit(x, to: [1, 2, 2, 4, 4])
        #expect(abs(both.coefficients.reduce(0, +) - alone.coefficients[0]) < 1e-9)
        #expect(try Lasso(penalty: 1e9).fit(x, to: [1, 2, 2, 4, 4]).support == [])
    }

    @Test func `a constant target leaves no coefficient, and a path of it is an error`() throws {
        let x = DoubleMatrix(columns: [[1, 2, 3, 4]])
        #expect(try Lasso(penalty: 0.1).fit(x, to: [2, 2, 2, 2]).support == [])
        let error = #expect(throws: RegressionError.self) { try LassoPath().penalties(x, to: [2, 2, 2, 2]) }
        #expect(error?.description == "the target is the same on every row, so there is nothing to explain")
    }

    @Test func `values that are not numbers and too few rows are errors that say where`() {
        let damaged = DoubleMatrix(columns: [[1, 2, 3], [1, .nan, 3]])
        let notFinite = #expect(throws: RegressionError.self) { try Lasso(penalty: 1).fit(damaged, to: [1, 2, 3]) }
        #expect(notFinite?.description == "row 1 holds a value that is not a number in column 1")
        let target = #expect(throws: RegressionError.self) {
            try Lasso(penalty: 1).fit(DoubleMatrix(columns: [[1, 2]]), to: [1, .infinity])
        }
        #expect(target?.description == "row 1 holds a value that is not a number in the target")
        let few = #expect(throws: RegressionError.self) {
            try Lasso(penalty: 1).fit(DoubleMatrix(columns: [[1]]), to: [1])
        }
        #expect(few?.description == "a fit takes 2 rows or more, found 1")
        #expect(
            RegressionError.notConverged(method: "coordinate descent", penalty: 0.5).description
                == "coordinate descent did not come to rest at penalty 0.5")
    }
}
