using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Parity.Tests.Fixtures;

/// <summary>Weights in closed form, as the fixtures' README defines them, so that none need be stored.</summary>
internal static class ClosedForm
{
    public static void Fill(IReadOnlyList<NetworkTensor> tensors, IReadOnlyList<ParameterEntry> entries, double seed) =>
        Fill(tensors.ToDictionary(t => t.Name, t => t.Value), entries, seed);

    public static void Fill(IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyList<ParameterEntry> entries, double seed)
    {
        foreach (var entry in entries)
        {
            Fill(tensors[entry.Name], entry, seed);
        }
    }

    public static void ChangeClassifiers(SegmentationNetwork network, IReadOnlyDictionary<string, ClassifierChange> changes)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var byName = network.Tensors.ToDictionary(t => t.Name, t => t.Value);
        foreach (var (head, change) in changes)
        {
            foreach (var weight in network.Tensors.Where(t => t.Name.StartsWith($"{head}.", StringComparison.Ordinal) && t.Kind == ParameterKind.Weight))
            {
                weight.Value.mul_(change.WeightGain);
            }

            var bias = byName[$"{head}.conv2d_list.0.bias"];
            bias.add_(tensor(change.FirstBiasShift).to(bias.dtype));
        }
    }

    private static void Fill(Tensor target, ParameterEntry entry, double seed)
    {
        var (offset, factor) = entry.Kind switch
        {
            "weight" => (0, Math.Sqrt(2.0 / entry.FanIn)),
            "bias" => (0.0, 0.05),
            "gain" => (1, 0.1),
            "mean" => (0, 0.1),
            "var" => (1, 0.2),
            _ => throw new InvalidDataException($"{entry.Name} is of unknown kind '{entry.Kind}'."),
        };
        var values = new float[target.NumberOfElements];
        var phase = 78.233 * (entry.Index + 1);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(offset + (factor * Math.Sin((12.9898 * (i + 1)) + phase + seed)));
        }

        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        target.copy_(tensor(values).reshape(target.shape));
    }
}
