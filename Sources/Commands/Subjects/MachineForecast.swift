import Numerics
import Values

/// How long operations take here.
public enum MachineForecast {
    /// Of the speed of this machine's matrix products, what a walk reaches: 0.93 for SmolLM2-135M, 0.82 for Llama-3.2-1B's shape, and
    /// less for models of a few hundred numbers in width (`docs/performance.md`).
    private static let share = 0.88

    /// Floating-point operations per second of this machine's matrix products, measured in a fifth of a second.
    public static func speed(threads: Int) -> Double { MachineSpeed.measure(Workers(count: threads)) }

    /// Floating-point operations of walks per second.
    public static func sustainedSpeed(threads: Int) -> Double { speed(threads: threads) * share }

    /// Seconds that a walk's operations take.
    public static func seconds(operations: Int, speed: Double) -> Double { Double(operations) / speed / share }

    /// `about 40 s`, `about 3.5 hours`: no more digits than a forecast deserves.
    public static func words(_ seconds: Double) -> String {
        switch seconds {
        case ..<1: "under a second"
        case ..<120: "about \(rough(seconds)) s"
        case ..<7200: "about \(rough(seconds / 60)) minutes"
        default: "about \(rough(seconds / 3600)) hours"
        }
    }

    /// One digit after the point below 10, none above.
    static func rough(_ value: Double) -> String {
        Scalar.number(value < 10 ? (value * 10).rounded() / 10 : value.rounded()).text
    }
}
