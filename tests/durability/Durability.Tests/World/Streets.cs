using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Durability.Tests.World;

/// <summary>The tiny sets, drawn once for all tests.</summary>
public sealed class Streets : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    /// <summary>The folder of the three sets.</summary>
    public string Directory => _folder["streets"];

    /// <summary>The encoded images of the validation set.</summary>
    public IReadOnlyList<byte[]> Images =>
        [.. System.IO.Directory.GetFiles(Path.Combine(Directory, "validation", "images")).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    /// <summary>A target of many images: the same few over and over, under names of their own.</summary>
    public string CrowdedTarget(int images)
    {
        var folder = _folder["crowded", $"{images}"];
        if (!System.IO.Directory.Exists(folder))
        {
            var to = System.IO.Directory.CreateDirectory(Path.Combine(folder, "images")).FullName;
            var from = System.IO.Directory.GetFiles(Path.Combine(Directory, "target", "images")).Order(StringComparer.Ordinal).ToList();
            for (var i = 0; i < images; i++)
            {
                var source = from[i % from.Count];
                File.Copy(source, Path.Combine(to, $"crowd-{i:d5}{Path.GetExtension(source)}"));
            }

            File.Copy(Path.Combine(Directory, "target", "classes.json"), Path.Combine(folder, "classes.json"));
        }

        return folder;
    }

    /// <summary>A workflow of few iterations in which every stage has something to do, and saves itself often.</summary>
    internal static WorkflowSpec Spec(ulong seed = 1)
    {
        var spec = TinyStreets.Spec(seed);
        spec.PseudoLabels = new PseudoLabelOptions { Policy = PseudoLabelPolicy.ClassBalanced, ClassShare = 0.5 };
        (spec.SourceOptions.Iterations, spec.InterOptions.Iterations, spec.IntraOptions.Iterations) = (8, 8, 8);
        foreach (var options in new[] { spec.SourceOptions, spec.InterOptions, spec.IntraOptions })
        {
            options.CheckpointEvery = 2;
        }

        return spec;
    }

    /// <inheritdoc/>
    public async ValueTask InitializeAsync() => await TinyStreets.WriteAsync(new Cli(_folder["home"], gateway: null), Directory);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
