namespace IntraDA.Benchmarks.Frame;

/// <summary>Which processor the figures belong to.</summary>
internal static class Processor
{
    private static readonly string[] VectorFlags = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"];

    /// <summary>Describes this machine's processor: name, cores, and the vector instructions that matter here.</summary>
    /// <returns>One line.</returns>
    public static string Describe()
    {
        var facts = File.Exists("/proc/cpuinfo") ? Facts(File.ReadLines("/proc/cpuinfo")) : [];
        var name = facts.GetValueOrDefault("model name", "unknown processor");
        var family = facts.TryGetValue("cpu family", out var number) ? $" family {number} model {facts.GetValueOrDefault("model")}" : "";
        var flags = facts.GetValueOrDefault("flags", "").Split(' ');
        var vectors = VectorFlags.Where(flags.Contains);
        return $"{name}{family}, {Environment.ProcessorCount} cores, {string.Join(' ', vectors)}";
    }

    private static Dictionary<string, string> Facts(IEnumerable<string> lines) => lines
        .TakeWhile(line => line.Length > 0)
        .Select(line => line.Split(':', 2))
        .Where(pair => pair.Length == 2)
        .ToDictionary(pair => pair[0].Trim(), pair => pair[1].Trim());
}
