using System.Text.Json.Nodes;

namespace IntraDA.Benchmarks.Frame;

/// <summary>Whether the two ways gave the same answers.</summary>
/// <param name="Holds">Whether they are close enough; a bench whose answers disagree has failed, however fast.</param>
/// <param name="Facts">What was compared: shares, differences, bounds.</param>
internal sealed record BenchAgreement(bool Holds, JsonObject Facts);
