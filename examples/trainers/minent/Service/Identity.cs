using System.Security.Cryptography;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Trainer.V1;
using MinEntTrainer.Networks;

namespace MinEntTrainer.Service;

/// <summary>What this trainer says of itself.</summary>
internal static class Identity
{
    /// <summary>Form of its checkpoints; another form gets another name.</summary>
    public const string CheckpointFormat = "minent.training/1";

    private const int ReferenceClasses = 19;

    /// <summary>What it can do.</summary>
    public static IReadOnlyList<AdaptationMethod> Methods { get; } = [AdaptationMethod.SourceOnly, AdaptationMethod.Minent];

    /// <summary>Name, version and build.</summary>
    public static ServiceInfo Self { get; } = new()
    {
        Name = "minent-trainer",
        Version = typeof(Identity).Assembly.GetName().Version!.ToString(3),
        Build = Build(),
    };

    /// <summary>The answer to GetServiceInfo.</summary>
    /// <returns>A new message.</returns>
    public static GetServiceInfoResponse Describe()
    {
        using var network = new CompactNetwork(ReferenceClasses);
        var info = new GetServiceInfoResponse { Service = Self, CheckpointFormat = CheckpointFormat, Device = "cpu" };
        info.Architectures.Add(new Architecture { Name = CompactNetwork.Architecture, Parameters = network.Parameters.Sum(p => p.Value.NumberOfElements) });
        info.Methods.AddRange(Methods);
        return info;
    }

    // What the weights depend on: this code, and the library that computes.
    private static string Build()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var assembly in new[] { typeof(Identity).Assembly, typeof(TorchSharp.torch).Assembly })
        {
            digest.AppendData(assembly.ManifestModule.ModuleVersionId.ToByteArray());
        }

        return Convert.ToHexStringLower(digest.GetHashAndReset())[..16];
    }
}
