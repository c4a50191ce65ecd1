import Notebooks
import Testing

/// What Slurm and control groups allow a process.
@Suite struct MachineLimitsTests {
    private func limits(_ environment: [String: String] = [:], _ files: [String: String] = [:]) -> MachineLimits {
        MachineLimits(environment: environment) { files[$0] }
    }

    @Test func `nothing limits a process on its own machine`() {
        #expect(limits().processors == nil && limits().memory == nil)
        let free = limits(
            [:],
            [
                "/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000\n",
                "/sys/fs/cgroup/memory.max": "max\n",
            ])
        #expect(free.processors == nil && free.memory == nil)
    }

    @Test func `Slurm's variables count in MiB, by node or by processor`() {
        #expect(limits(["SLURM_CPUS_PER_TASK": "3", "SLURM_CPUS_ON_NODE": "8"]).processors == 3)
        #expect(limits(["SLURM_CPUS_ON_NODE": "2"]).processors == 2)
        #expect(limits(["SLURM_MEM_PER_NODE": "2048"]).memory == 2 << 30)
        #expect(limits(["SLURM_CPUS_PER_TASK": "4", "SLURM_MEM_PER_CPU": "512"]).memory == 2 << 30)
        #expect(limits(["SLURM_CPUS_PER_TASK": "no", "SLURM_MEM_PER_NODE": "0"]) == limits())
    }

    @Test func `the tightest of a control group and those around it counts`() {
        let files = [
            "/proc/self/cgroup": "12:cpu:/old\n0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "max 100000",
            "/sys/fs/cgroup/a/cpu.max": "250000 100000\n", "/sys/fs/cgroup/a/b/memory.max": "5000000\n",
            "/sys/fs/cgroup/memory.max": "9000000\n",
        ]
        #expect(limits([:], files).processors == 3)
        #expect(limits([:], files).memory == 5_000_000)
        #expect(limits(["SLURM_CPUS_PER_TASK": "2", "SLURM_MEM_PER_NODE": "1"], files).processors == 2)
        #expect(limits(["SLURM_MEM_PER_NODE": "1"], files).memory == 1 << 20)
    }
}
