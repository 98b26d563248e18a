using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Checkpoints;
using IntraDA.Learning.Entropy;
using IntraDA.Learning.Inference.Fast;
using IntraDA.Learning.Inference.Strips;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Numbers;
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
    private readonly IFastNetwork? _fast;
    private readonly int _inputWidth;
    private readonly int _inputHeight;
    private readonly bool _ownsNetwork;
    private readonly bool _strips;

    /// <summary>Creates an engine.</summary>
    /// <param name="network">The network.</param>
    /// <param name="description">Its input size and label space.</param>
    /// <param name="ownsNetwork">Whether the engine disposes the network.</param>
    /// <param name="options">How it computes; by default the fast form in float32 where there is one.</param>
    public SegmentationEngine(SegmentationNetwork network, NetworkDescription description, bool ownsNetwork = true, EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        _network = network;
        _ownsNetwork = ownsNetwork;
        (_inputWidth, _inputHeight) = (description.InputWidth, description.InputHeight);
        Description = description;
        // float64 is there to be compared with published numbers, digit by digit; CUDA has its own ways.
        _strips = !options.Plain && network.Placement is { Type: ScalarType.Float32, Device.type: DeviceType.CPU };
        (_fast, Choice) = options.Plain
            ? (null, new PrecisionChoice(EnginePrecision.Full, null))
            : PrecisionProbe.Choose(network, description, options.Precision);
        if (_fast is not null && ownsNetwork)
        {
            // The folded weights are all that is used from now on.
            network.Dispose();
        }
    }

    /// <summary>Architecture, label space and input size.</summary>
    public NetworkDescription Description { get; }

    /// <summary>The precision that the engine computes with, and why.</summary>
    public PrecisionChoice Choice { get; }

    /// <summary>Segments an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="outputs">What to compute beyond the score.</param>
    /// <returns>The prediction.</returns>
    public EnginePrediction Predict(RgbImage image, EngineOutputs outputs) => Predict(Prepare(image), outputs);

    /// <summary>Resizes an image to the network's input; the one part of a prediction that needs no torch and can be done ahead.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The prepared image.</returns>
    public PreparedImage Prepare(RgbImage image) => new(
        image.Width,
        image.Height,
        ImagePreprocessor.ResizePixels(image.Pixels, image.Width, image.Height, _inputWidth, _inputHeight));

    /// <summary>Segments a prepared image.</summary>
    /// <param name="image">What <see cref="Prepare"/> gave.</param>
    /// <param name="outputs">What to compute beyond the score.</param>
    /// <returns>The prediction.</returns>
    public EnginePrediction Predict(PreparedImage image, EngineOutputs outputs) => PredictBatch([image], [outputs])[0];

    /// <summary>Segments prepared images in one pass of the network.</summary>
    /// <param name="images">Of this engine's input size, at least one.</param>
    /// <param name="outputs">What to compute of each beyond its score.</param>
    /// <returns>The predictions, in the same order: those of one image alone, up to the last bits of float32.</returns>
    public EnginePrediction[] PredictBatch(IReadOnlyList<PreparedImage> images, IReadOnlyList<EngineOutputs> outputs)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var logits = Logits(images);
        var predictions = new EnginePrediction[images.Count];
        for (var i = 0; i < predictions.Length; i++)
        {
            predictions[i] = _strips ? ByStrips(logits, i, images[i], outputs[i]) : ByTensors(logits[i..(i + 1)], images[i], outputs[i]);
        }

        return predictions;
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
        var logits = Logits([Prepare(image)]);
        if (_strips)
        {
            var score = Strips(logits, 0, _inputWidth, _inputHeight, new StripOutputs { Entropy = true }).MeanEntropy / _network.Classes;
            return (new LabelMap(width, height, Strips(logits, 0, width, height, new StripOutputs { Labels = true }).Labels!), score);
        }

        var mean = SelfInformation.Map(Probabilities(logits, _inputWidth, _inputHeight)).mean().ToDouble();
        return (new LabelMap(width, height, Bytes(LogitUpsampling.To(logits, width, height).argmax(1))), mean);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _fast?.Dispose();
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

    private Tensor Logits(IReadOnlyList<PreparedImage> images)
    {
        if (_fast is not null)
        {
            return _fast.Logits(ImagePreprocessor.ChannelsLast(images, _inputWidth, _inputHeight));
        }

        var bytes = stack([.. images.Select(i => ImagePreprocessor.ToTensor(i.Pixels, _inputWidth, _inputHeight))]);
        var input = ImagePreprocessor.Normalize(bytes, _network.Placement.Type, _network.Placement.Device);
        return _network.Forward(input, NormMode.Evaluate, aux: false).Main.contiguous();
    }

    private EnginePrediction ByStrips(Tensor logits, int index, PreparedImage image, EngineOutputs outputs)
    {
        var (width, height) = outputs is { AnyMap: true, NetworkResolution: false } ? (image.Width, image.Height) : (_inputWidth, _inputHeight);
        var maps = new StripOutputs(false, outputs.LabelMap, false, outputs.EntropyMap, outputs.ConfidenceMap);
        var score = new StripOutputs(true, false, true, false, false);
        // One pass where score and maps have the same size; the score always belongs to the network's input.
        var single = (width, height) == (_inputWidth, _inputHeight);
        var scored = Strips(logits, index, _inputWidth, _inputHeight, single ? maps with { Entropy = true, Counts = true } : score);
        var mapped = single ? scored : Strips(logits, index, width, height, maps);
        return new EnginePrediction(
            width,
            height,
            mapped.Labels is null ? null : new LabelMap(width, height, mapped.Labels),
            mapped.Entropy,
            mapped.Confidence is null ? null : new ConfidenceMap(width, height, mapped.Confidence),
            scored.MeanEntropy / _network.Classes,
            scored.ClassPixels);
    }

    private unsafe StripResult Strips(Tensor logits, int index, int width, int height, StripOutputs outputs)
    {
        var (rows, columns) = ((int)logits.shape[2], (int)logits.shape[3]);
        var first = TensorMemory.Pointer(logits) + ((long)index * _network.Classes * rows * columns);
        var result = LogitStrips.Run(first, _network.Classes, columns, rows, width, height, outputs);
        GC.KeepAlive(logits);
        return result;
    }

    private EnginePrediction ByTensors(Tensor logits, PreparedImage image, EngineOutputs outputs)
    {
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
            outputs.EntropyMap ? Bytes(entropy.Times(255).round().ClampInPlace(0, 255)) : null,
            outputs.ConfidenceMap ? Confidence(probabilities, width, height) : null,
            score,
            counts);
    }
}
