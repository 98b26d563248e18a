using IntraDA.Learning.Networks;
using static TorchSharp.torch;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Training logits at the size of the images.</summary>
internal static class Upsampling
{
    public static NetworkOutput Forward(SegmentationNetwork network, Tensor images, bool aux)
    {
        var output = network.Forward(MemoryOrder.Best(network, images), NormMode.Train, aux);
        // Losses and discriminators go plane by plane; the logits are turned while they are small.
        Tensor To(Tensor logits) => LogitUpsampling.To(logits.contiguous(), images.shape[3], images.shape[2]);
        return new NetworkOutput(output.Aux is null ? null : To(output.Aux), To(output.Main));
    }
}
