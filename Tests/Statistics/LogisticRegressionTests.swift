import Statistics
import Numerics
import Testing

@Suite struct LogisticRegressionTests {
    @Test func `log-odds rise with the column that tells the classes apart`() throws {
        let x = DoubleMatrix(columns: [[1, 2, 3, 4], [0, 1, 0, 1]])
        let model = try LogisticRegression(penalty: 0.1).fit(x, to: [false, false, true, true])
        #expect(model.coefficients[0] > 1)
        #expect(model.predict(x).map { $0 > 0 } == [false, false, true, true])
    }

    @Test func `coefficients agree with scikit-learn, wide data included`() throws {
        let fixture = try RegressionFixture.load()
        for expected in fixture.diabetes.logistic {
            let model = try LogisticRegression(penalty: expected.penalty).fit(
                fixture.diabetes.matrix.standardized, to: fixture.diabetes.classes)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-9)
            #expect(abs(model.intercept - expected.intercept) < 1e-9)
        }
        for expected in fixture.wide.logistic {
            let model = try LogisticRegression(penalty: expected.penalty).fit(
                DoubleMatrix(rows: fixture.wide.x), to: fixture.wide.classes)
            #expect(scaledError(model.coefficients, expected.coefficients) < 1e-9)
            #expect(abs(model.intercept - expected.intercept) < 1e-9)
        }
    }

    @Test func `classes that a plane parts still have finite odds`() throws {
        let x = DoubleMatrix(columns: [(0..<30).map { Double($0) * 1000 }])
        let model = try LogisticRegression(penalty: 1e-6).fit(x, to: (0..<30).map { $0 >= 15 })
        #expect(model.coefficients[0].isFinite && model.coefficients[0] > 0)
    }

    @Test func `rows of one class are an error`() {
        let error = #expect(throws: RegressionError.self) {
            try LogisticRegression().fit(DoubleMatrix(columns: [[1, 2]]), to: [true, true])
        }
        #expect(error?.description == "all rows are of one class, so there is nothing to tell apart")
    }

    @Test func `inflation factors agree with statsmodels`() throws {
        let data = try RegressionFixture.load().diabetes
        let found = try VarianceInflation().factors(data.matrix).map { try #require($0) }
        #expect(relativeError(found, data.inflation) < 1e-9)
        let twins = DoubleMatrix(columns: [[1, 2, 4, 3], [1, 2, 4, 3], [1, 0, 0, 1], [5, 5, 5, 5]])
        let factors = try VarianceInflation().factors(twins)
        #expect(factors[0] == .infinity && factors[1] == .infinity)
        #expect(factors[2].map { $0 < 2 } == true)
        #expect(factors[3] == nil)
    }
}
