using static TorchSharp.torch;

namespace MinEntTrainer.Networks;

/// <summary>Makes the layers of a network, and keeps their parameters under their names.</summary>
internal sealed class ParameterList : IDisposable
{
    private const int GroupSize = 8;
    private const double Epsilon = 1e-5;

    private readonly List<Parameter> _all = [];

    /// <summary>The parameters, in the order in which they were made.</summary>
    public IReadOnlyList<Parameter> All => _all;

    /// <summary>A convolution.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Side of the kernel.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="padding">Padding.</param>
    /// <param name="dilation">Dilation.</param>
    /// <param name="bias">Whether there is a bias.</param>
    /// <returns>Its forward pass.</returns>
    public Func<Tensor, Tensor> Convolution(
        string name, int inputs, int outputs, int kernel, int stride = 1, int padding = 0, int dilation = 1, bool bias = false)
    {
        var weight = Add($"{name}.weight", inputs * kernel * kernel, zeros(outputs, inputs, kernel, kernel));
        return new Convolution(weight, bias ? Add($"{name}.bias", 0, zeros(outputs)) : null, stride, padding, dilation).Forward;
    }

    /// <summary>Group normalisation in groups of 8 channels.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="channels">Channels.</param>
    /// <returns>Its forward pass.</returns>
    public Func<Tensor, Tensor> Normalisation(string name, int channels)
    {
        var (gain, bias) = (Add($"{name}.weight", 0, ones(channels)), Add($"{name}.bias", 0, zeros(channels)));
        return x => nn.functional.group_norm(x, channels / GroupSize, gain, bias, Epsilon);
    }

    /// <summary>A residual block of two 3x3 convolutions.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="stride">Stride of the first convolution.</param>
    /// <param name="dilation">Dilation of both.</param>
    /// <returns>Its forward pass.</returns>
    public Func<Tensor, Tensor> Block(string name, int inputs, int outputs, int stride, int dilation)
    {
        var conv1 = Convolution($"{name}.conv1", inputs, outputs, 3, stride, dilation, dilation);
        var norm1 = Normalisation($"{name}.norm1", outputs);
        var conv2 = Convolution($"{name}.conv2", outputs, outputs, 3, 1, dilation, dilation);
        var norm2 = Normalisation($"{name}.norm2", outputs);
        Func<Tensor, Tensor> shortcut = x => x;
        if (stride != 1 || inputs != outputs)
        {
            var project = Convolution($"{name}.downsample.0", inputs, outputs, 1, stride);
            var norm = Normalisation($"{name}.downsample.1", outputs);
            shortcut = x => norm(project(x));
        }

        return x => nn.functional.relu(norm2(conv2(nn.functional.relu(norm1(conv1(x))))).Plus(shortcut(x)));
    }

    /// <summary>A classifier: the sum of 3x3 convolutions at dilations 1, 2, 4 and 6.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="classes">Classes.</param>
    /// <returns>Its forward pass.</returns>
    public Func<Tensor, Tensor> Classifier(string name, int inputs, int classes)
    {
        int[] rates = [1, 2, 4, 6];
        Func<Tensor, Tensor>[] branches =
            [.. rates.Select((rate, i) => Convolution($"{name}.conv2d_list.{i}", inputs, classes, 3, 1, rate, rate, bias: true))];
        return x => branches.Skip(1).Aggregate(branches[0](x), (sum, branch) => sum.Plus(branch(x)));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var parameter in _all)
        {
            parameter.Value.Dispose();
        }
    }

    private Tensor Add(string name, int fanIn, Tensor value)
    {
        value = value.DetachFromDisposeScope();
        value.requires_grad = true;
        _all.Add(new Parameter(name, fanIn, value));
        return value;
    }
}
