using Google.Protobuf;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Learning.Inference;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Between engine and wire.</summary>
internal static class PredictionMessages
{
    public static EngineOutputs ToOutputs(PredictionOptions options) =>
        new(options.LabelMap, options.EntropyMap, options.ConfidenceMap, options.NetworkResolution);

    public static Prediction ToMessage(EnginePrediction prediction)
    {
        var message = new Prediction
        {
            Score = prediction.Score,
            Entropy = prediction.NormalizedEntropy,
            Size = new ImageSize { Width = prediction.Width, Height = prediction.Height },
        };
        message.ClassPixels.AddRange(prediction.ClassPixels);
        if (prediction.Labels is not null)
        {
            message.LabelMap = Wrap(LabelMapWriter.EncodePng(prediction.Labels));
        }

        if (prediction.Entropy is not null)
        {
            message.EntropyMap = Wrap(ImageEncoder.EncodeGrayPng(prediction.Width, prediction.Height, prediction.Entropy));
        }

        if (prediction.Confidence is not null)
        {
            message.ConfidenceMap = Wrap(prediction.Confidence.EncodePng());
        }

        return message;
    }

    // The bytes were made for this message and have no other owner.
    private static ByteString Wrap(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
