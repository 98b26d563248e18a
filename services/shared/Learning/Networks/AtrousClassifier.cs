using IntraDA.Learning.Numbers;
using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>The classifier of DeepLab-v2: the sum of 3x3 convolutions at several dilations (Chen et al., TPAMI 2018, section 3.2).</summary>
internal sealed class AtrousClassifier
{
    private readonly ConvLayer[] _branches;
    private readonly ScalarType _type;

    public AtrousClassifier(ParameterRegistry registry, int inputs, int classes, IReadOnlyList<int> rates)
    {
        _type = registry.Placement.Type;
        _branches = [.. rates.Select((rate, i) =>
            new ConvLayer(registry.Under($"conv2d_list.{i}"), inputs, classes, kernel: 3, padding: rate, dilation: rate, bias: true))];
    }

    public Tensor Forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        // In mixed precision the branches are added in full precision: logits are differences of sums.
        var sum = _branches[0].Forward(input).to(_type);
        foreach (var branch in _branches.AsSpan(1))
        {
            // Not in place: a branch may be a view, whose graph would copy the whole gradient for each addition.
            sum = sum.Plus(branch.Forward(input).to(_type));
        }

        return sum.MoveToOuterDisposeScope();
    }
}
