using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Entropy;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Inference;

/// <summary>Runs a network on images: resize, logits of the main classifier, bilinear upsampling with aligned corners, softmax, entropy, argmax.</summary>
/// <remarks>Calls may run side by side; they share the processor's threads.</remarks>
public sealed class SegmentationEngine : IDisposable
{
    private readonly SegmentationNetwork _network;
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly bool _ownsNetwork;

    /// <summary>Creates an engine.</summary>
    /// <param name="network">The network.</param>
    /// <param name="description">Its input size and label space.</param>
    /// <param name="ownsNetwork">Whether the engine disposes the network.</param>
    public SegmentationEngine(SegmentationNetwork network, NetworkDescription description, bool ownsNetwork = true)
    {
        _network = network;
        _ownsNetwork = ownsNetwork;
        (_inputWidth, _inputHeight) = (description.InputWidth, description.InputHeight);
        Description = description;
    }

    /// <summary>Architecture, label space and input size.</summary>
    public NetworkDescription Description { get; }

    /// <summary>Segments an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="outputs">What to compute beyond the score.</param>
    /// <returns>The prediction.</returns>
    public EnginePrediction Predict(RgbImage image, EngineOutputs outputs)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = Logits(image);
        var atInput = Probabilities(logits, _inputWidth, _inputHeight);
        var entropy = SelfInformation.Map(atInput).sum(1);
        var score = entropy.mean().ToDouble() / _network.Classes;
        var labels = atInput.argmax(1);
        var counts = labels.flatten().bincount(null, _network.Classes).cpu().data<long>().ToArray();
        if (!outputs.AnyMap)
        {
            return new EnginePrediction(_inputWidth, _inputHeight, null, null, null, score, counts);
        }

        var (width, height) = outputs.NetworkResolution ? (_inputWidth, _inputHeight) : (image.Width, image.Height);
        var probabilities = atInput;
        if (width != _inputWidth || height != _inputHeight)
        {
            probabilities = Probabilities(logits, width, height);
            labels = probabilities.argmax(1);
            entropy = outputs.EntropyMap ? SelfInformation.Map(probabilities).sum(1) : entropy;
        }

        return new EnginePrediction(
            width,
            height,
            outputs.LabelMap ? new LabelMap(width, height, Bytes(labels)) : null,
            outputs.EntropyMap ? Bytes((entropy * 255).round().clamp(0, 255)) : null,
            outputs.ConfidenceMap ? Confidence(probabilities, width, height) : null,
            score,
            counts);
    }

    /// <summary>Segments an image at a given size, for evaluation at full label resolution.</summary>
    /// <param name="image">The image.</param>
    /// <param name="width">Width of the label map.</param>
    /// <param name="height">Height of the label map.</param>
    /// <returns>The argmax, and the ranking score.</returns>
    public (LabelMap Labels, double Score) PredictLabels(RgbImage image, int width, int height)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = Logits(image);
        var score = SelfInformation.Map(Probabilities(logits, _inputWidth, _inputHeight)).mean().ToDouble();
        return (new LabelMap(width, height, Bytes(LogitUpsampling.To(logits, width, height).argmax(1))), score);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_ownsNetwork)
        {
            _network.Dispose();
        }
    }

    private static Tensor Probabilities(Tensor logits, int width, int height) =>
        functional.softmax(LogitUpsampling.To(logits, width, height), 1);

    private static byte[] Bytes(Tensor values) => values.to(ScalarType.Byte).cpu().contiguous().bytes.ToArray();

    private static ConfidenceMap Confidence(Tensor probabilities, int width, int height)
    {
        var values = probabilities.amax([1]).to(ScalarType.Float32).cpu().contiguous().data<float>();
        var quantized = new ushort[width * height];
        var i = 0;
        foreach (var value in values)
        {
            quantized[i++] = ConfidenceMap.Quantize(value);
        }

        return new ConfidenceMap(width, height, quantized);
    }

    private Tensor Logits(RgbImage image)
    {
        var resized = ImagePreprocessor.Resize(image.Pixels, image.Width, image.Height, _inputWidth, _inputHeight);
        var input = ImagePreprocessor.Normalize(resized.unsqueeze(0), _network.Placement.Type, _network.Placement.Device);
        return _network.Forward(input, NormMode.Evaluate, aux: false).Main;
    }
}
