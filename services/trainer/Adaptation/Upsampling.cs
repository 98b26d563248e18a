using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Training logits at the size of the images.</summary>
internal static class Upsampling
{
    public static NetworkOutput Forward(SegmentationNetwork network, Tensor images, bool aux)
    {
        var output = network.Forward(MemoryOrder.Best(network, images), NormMode.Train, aux);
        Tensor To(Tensor logits) => LogitUpsampling.To(logits, images.shape[3], images.shape[2]);
        return new NetworkOutput(output.Aux is null ? null : To(output.Aux), To(output.Main));
    }
}
