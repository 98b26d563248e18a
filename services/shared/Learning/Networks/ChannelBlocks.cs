using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace IntraDA.Learning.Networks;

/// <summary>
/// Zero channels that fill a convolution's last block of channels. oneDNN works on blocks of 16; where the last one is not full, the kernels that
/// libtorch 2.10 takes on AVX-512 multiply zeros by memory that nobody has written. While that holds numbers the result is right, but what an
/// earlier tensor left there may be NaN, and then gradients are NaN in one run and right in the next. Padding also lets faster kernels run: the
/// published classifier of 19 classes learns several times as fast.
/// </summary>
internal readonly struct ChannelBlocks
{
    private const long Block = 16;

    private readonly long _outputs;
    private readonly long _extraInputs;
    private readonly long _extraOutputs;

    private ChannelBlocks(long outputs, long extraInputs, long extraOutputs) =>
        (_outputs, _extraInputs, _extraOutputs) = (outputs, extraInputs, extraOutputs);

    /// <summary>Whether nothing has to be added.</summary>
    public bool AreWhole => _extraInputs == 0 && _extraOutputs == 0;

    /// <summary>Whether oneDNN, which works on blocks, convolves: in float32 and bfloat16 on processors.</summary>
    /// <param name="input">What is convolved.</param>
    /// <returns>True where it does.</returns>
    public static bool AreUsedFor(Tensor input) =>
        input.device_type == DeviceType.CPU && input.dtype is (ScalarType.Float32 or ScalarType.BFloat16);

    /// <summary>What a convolution needs.</summary>
    /// <param name="input"><c>[N, in, H, W]</c>.</param>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <returns>The channels to add.</returns>
    public static ChannelBlocks Of(Tensor input, Tensor weight)
    {
        var (outputs, inputs) = (weight.shape[0], weight.shape[1]);
        if (!AreUsedFor(input))
        {
            return new ChannelBlocks(outputs, 0, 0);
        }

        // A first block that is not full has kernels of its own, which are sound; images have three channels.
        var extraInputs = inputs < Block ? 0 : Missing(inputs);
        // Output channels are only summed over in the backward pass.
        return new ChannelBlocks(outputs, extraInputs, is_grad_enabled() ? Missing(outputs) : 0);
    }

    /// <summary>Adds input channels.</summary>
    /// <param name="input"><c>[N, in, H, W]</c>.</param>
    /// <returns>The input with zero channels behind its own.</returns>
    public Tensor PadInput(Tensor input) => _extraInputs == 0 ? input : functional.pad(input, [0, 0, 0, 0, 0, _extraInputs]);

    /// <summary>Adds input and output channels to a kernel.</summary>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <returns>The kernel with zeros behind its own channels.</returns>
    public Tensor PadWeight(Tensor weight) => functional.pad(weight, [0, 0, 0, 0, 0, _extraInputs, 0, _extraOutputs]);

    /// <summary>Adds output channels to a bias.</summary>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <returns>The bias with zeros behind its own channels.</returns>
    public Tensor PadBias(Tensor bias) => _extraOutputs == 0 ? bias : functional.pad(bias, [0, _extraOutputs]);

    /// <summary>Takes added output channels off.</summary>
    /// <param name="output"><c>[N, out, H, W]</c> with the added ones.</param>
    /// <returns>A view of the first channels.</returns>
    public Tensor CutOutput(Tensor output) => _extraOutputs == 0 ? output : output.narrow(1, 0, _outputs);

    private static long Missing(long channels) => ((channels + Block - 1) / Block * Block) - channels;
}
