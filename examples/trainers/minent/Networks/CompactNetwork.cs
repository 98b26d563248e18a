using MinEntTrainer.Data;
using static TorchSharp.torch;

namespace MinEntTrainer.Networks;

/// <summary>The ensemble's network <c>compact</c> as docs/formats.md lays it out, so that its segmenters load what is trained here.</summary>
internal sealed class CompactNetwork : IDisposable
{
    /// <summary>The ensemble's name of it.</summary>
    public const string Architecture = "compact";

    private const double HeadDeviation = 0.01;

    private readonly ParameterList _parameters = new();
    private readonly Func<Tensor, Tensor> _stem;
    private readonly Func<Tensor, Tensor> _middle;
    private readonly Func<Tensor, Tensor> _last;
    private readonly Func<Tensor, Tensor> _auxHead;
    private readonly Func<Tensor, Tensor> _decoder;
    private readonly Func<Tensor, Tensor> _mainHead;

    /// <summary>Makes a network without weights.</summary>
    /// <param name="classes">Number of classes.</param>
    public CompactNetwork(int classes)
    {
        var p = _parameters;
        var (conv, norm) = (p.Convolution("conv1", 3, 32, kernel: 5, stride: 2, padding: 2), p.Normalisation("norm1", 32));
        var first = p.Block("layer1.0", 32, 32, stride: 2, dilation: 1);
        _stem = x => first(nn.functional.relu(norm(conv(x))));
        Func<Tensor, Tensor>[] blocks =
        [
            p.Block("layer2.0", 32, 64, stride: 2, dilation: 1),
            p.Block("layer2.1", 64, 64, stride: 1, dilation: 1),
            p.Block("layer3.0", 64, 80, stride: 1, dilation: 2),
            p.Block("layer3.1", 80, 80, stride: 1, dilation: 2),
        ];
        _middle = x => blocks.Aggregate(x, (y, block) => block(y));
        _last = p.Block("layer4.0", 80, 96, stride: 1, dilation: 4);
        _auxHead = p.Classifier("layer5", 80, classes);
        var (decoderConv, decoderNorm) = (p.Convolution("decoder.conv", 32 + 96, 48, kernel: 3, padding: 1), p.Normalisation("decoder.norm", 48));
        _decoder = x => nn.functional.relu(decoderNorm(decoderConv(x)));
        _mainHead = p.Classifier("layer6", 48, classes);
    }

    /// <summary>All that is learned.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters.All;

    /// <summary>Draws initial weights.</summary>
    /// <param name="seed">The job's seed.</param>
    public void Initialise(ulong seed)
    {
        using var noGradient = no_grad();
        foreach (var parameter in Parameters.Where(p => p.FanIn > 0))
        {
            var deviation = parameter.IsHead ? HeadDeviation : Math.Sqrt(2.0 / parameter.FanIn);
            var random = Chance.Of(seed, $"weights/{parameter.Name}");
            var values = new float[parameter.Value.NumberOfElements];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(deviation * random.Gaussian());
            }

            using var drawn = tensor(values, parameter.Value.shape);
            parameter.Value.copy_(drawn);
        }
    }

    /// <summary>Logits at the size of the images.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>.</param>
    /// <param name="aux">Whether those of the auxiliary classifier are wanted.</param>
    /// <returns><c>[N, C, H, W]</c> each.</returns>
    public (Tensor Main, Tensor? Aux) Forward(Tensor images, bool aux)
    {
        var fine = _stem(images);
        var middle = _middle(fine);
        var coarse = Resize(_last(middle), fine.shape[2], fine.shape[3]);
        var main = _mainHead(_decoder(cat([coarse, fine], 1)));
        return (Resize(main, images.shape[2], images.shape[3]), aux ? Resize(_auxHead(middle), images.shape[2], images.shape[3]) : null);
    }

    /// <inheritdoc />
    public void Dispose() => _parameters.Dispose();

    private static Tensor Resize(Tensor x, long height, long width) =>
        nn.functional.interpolate(x, [height, width], mode: InterpolationMode.Bilinear, align_corners: true);
}
