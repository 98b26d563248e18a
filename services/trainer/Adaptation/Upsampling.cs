using IntraDA.Learning.Networks;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Trainer.Adaptation;

/// <summary>Logits at the size of the images: bilinear with aligned corners, as published.</summary>
internal static class Upsampling
{
    public static NetworkOutput Forward(SegmentationNetwork network, Tensor images, bool aux)
    {
        var output = network.Forward(images, NormMode.Train, aux);
        return new NetworkOutput(output.Aux is null ? null : To(output.Aux, images), To(output.Main, images));
    }

    private static Tensor To(Tensor logits, Tensor images) => functional.interpolate(
        logits, [images.shape[2], images.shape[3]], mode: InterpolationMode.Bilinear, align_corners: true);
}
