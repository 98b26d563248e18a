using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Networks;
using IntraDA.Learning.Preprocessing;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Benchmarks.Inference;

/// <summary>
/// The published code's way from image file to score and label file: one image at a time, both classifiers computed, one full-size softmax and
/// logarithm, probabilities transposed and compared on the host.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="width">Width of its input.</param>
/// <param name="height">Its height.</param>
internal sealed class PlainInference(SegmentationNetwork network, int width, int height)
{
    /// <summary>Predicts an image file.</summary>
    /// <param name="imageFile">The image.</param>
    /// <param name="labelFile">Receives the label map.</param>
    /// <returns>The ranking score and the label map.</returns>
    public (double Score, byte[] Labels) Predict(string imageFile, string labelFile)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var image = ImageDecoder.Decode(File.ReadAllBytes(imageFile), imageFile, new ImageLimits());
        var input = ImagePreprocessor.Normalize(
            ImagePreprocessor.Resize(image.Pixels, image.Width, image.Height, width, height).unsqueeze(0), ScalarType.Float32, CPU);
        var (_, main) = network.Forward(input, NormMode.Evaluate, aux: true);
        var probabilities = functional.softmax(LogitUpsampling.To(main, width, height), 1);
        var entropy = (probabilities * (probabilities + 1e-30).log2()).neg() / Math.Log2(network.Classes);
        var score = entropy.mean().ToDouble();
        var host = probabilities[0].permute(1, 2, 0).contiguous().data<float>().ToArray();
        var labels = Argmax(host, network.Classes);
        File.WriteAllBytes(labelFile, LabelMapWriter.EncodePng(new LabelMap(width, height, labels)));
        return (score, labels);
    }

    private static byte[] Argmax(float[] values, int classes)
    {
        var labels = new byte[values.Length / classes];
        for (var i = 0; i < labels.Length; i++)
        {
            var pixel = values.AsSpan(i * classes, classes);
            var best = 0;
            for (var c = 1; c < pixel.Length; c++)
            {
                best = pixel[c] > pixel[best] ? c : best;
            }

            labels[i] = (byte)best;
        }

        return labels;
    }
}
