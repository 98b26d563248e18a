using static TorchSharp.torch;

namespace IntraDA.Learning.Networks;

/// <summary>
/// Creates and owns the tensors of a network, in the order in which PyTorch's state dict lists them. Layers ask it for theirs
/// under a prefix, so names are written once, where the layer stands.
/// </summary>
public sealed class ParameterRegistry : IDisposable
{
    private readonly List<NetworkTensor> _tensors;
    private readonly string _prefix;

    /// <summary>Creates an empty registry.</summary>
    /// <param name="placement">Precision and device of every tensor.</param>
    public ParameterRegistry(TensorPlacement placement)
        : this(placement, [], "")
    {
    }

    private ParameterRegistry(TensorPlacement placement, List<NetworkTensor> tensors, string prefix)
    {
        Placement = placement;
        _tensors = tensors;
        _prefix = prefix;
    }

    /// <summary>Precision and device.</summary>
    public TensorPlacement Placement { get; }

    /// <summary>All tensors, in state-dict order.</summary>
    public IReadOnlyList<NetworkTensor> Tensors => _tensors;

    /// <summary>The same registry under a longer prefix.</summary>
    /// <param name="name">Name of the part, e.g. "conv1" or "layer1.0".</param>
    /// <returns>A view that shares this registry's tensors.</returns>
    public ParameterRegistry Under(string name) => new(Placement, _tensors, $"{_prefix}{name}.");

    /// <summary>Creates a kernel, zeroed.</summary>
    /// <param name="name">Name below the prefix.</param>
    /// <param name="shape"><c>[out, in, k, k]</c>.</param>
    /// <returns>The tensor; the registry owns it.</returns>
    public Tensor Weight(string name, params long[] shape) =>
        Add(name, ParameterKind.Weight, (int)(shape[1] * shape[2] * shape[3]), zeros(shape, Placement.Type, Placement.Device), learned: true);

    /// <summary>Creates a bias, zeroed.</summary>
    /// <param name="name">Name below the prefix.</param>
    /// <param name="length">Channels.</param>
    /// <param name="fanIn">Inputs of the layer it belongs to.</param>
    /// <param name="learned">Whether training changes it.</param>
    /// <returns>The tensor; the registry owns it.</returns>
    public Tensor Bias(string name, long length, int fanIn = 1, bool learned = true) =>
        Add(name, ParameterKind.Bias, fanIn, zeros([length], Placement.Type, Placement.Device), learned);

    /// <summary>Creates a gain, all ones.</summary>
    /// <param name="name">Name below the prefix.</param>
    /// <param name="length">Channels.</param>
    /// <param name="learned">Whether training changes it.</param>
    /// <returns>The tensor; the registry owns it.</returns>
    public Tensor Gain(string name, long length, bool learned = true) =>
        Add(name, ParameterKind.Gain, 1, ones([length], Placement.Type, Placement.Device), learned);

    /// <summary>Creates running statistics: mean 0, variance 1, count 0.</summary>
    /// <param name="length">Channels.</param>
    /// <returns>The three tensors; the registry owns them.</returns>
    public (Tensor Mean, Tensor Variance, Tensor Count) RunningStatistics(long length) => (
        Add("running_mean", ParameterKind.RunningMean, 1, zeros([length], Placement.Type, Placement.Device), learned: false),
        Add("running_var", ParameterKind.RunningVariance, 1, ones([length], Placement.Type, Placement.Device), learned: false),
        Add("num_batches_tracked", ParameterKind.BatchCount, 1, zeros([], ScalarType.Int64, Placement.Device), learned: false));

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var tensor in _tensors)
        {
            tensor.Value.Dispose();
        }

        _tensors.Clear();
    }

    private Tensor Add(string name, ParameterKind kind, int fanIn, Tensor value, bool learned)
    {
        value = value.DetachFromDisposeScope();
        value.requires_grad = learned;
        _tensors.Add(new NetworkTensor(_prefix + name, kind, fanIn, value, learned));
        return value;
    }
}
