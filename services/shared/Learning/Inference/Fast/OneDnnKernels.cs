using System.IO.Compression;
using System.Text;
using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>
/// Convolutions of oneDNN with bias, residual and ReLU in the same pass and with weights packed beforehand: libtorch has them for its own compiler
/// only, so they are reached through a TorchScript module that is put together here.
/// </summary>
internal sealed class OneDnnKernels
{
    private const string Script =
        """
        class Kernels(Module):
          __parameters__ = []
          __buffers__ = []
          def conv(self: __torch__.Kernels, x: Tensor, w: Tensor, b: Tensor, s: int, p: int, d: int) -> Tensor:
            return ops.mkldnn._convolution_pointwise(x, w, b, [p, p], [s, s], [d, d], 1, "none", [], None)
          def conv_relu(self: __torch__.Kernels, x: Tensor, w: Tensor, b: Tensor, s: int, p: int, d: int) -> Tensor:
            return ops.mkldnn._convolution_pointwise(x, w, b, [p, p], [s, s], [d, d], 1, "relu", [], None)
          def conv_add_relu(self: __torch__.Kernels, x: Tensor, w: Tensor, b: Tensor, o: Tensor) -> Tensor:
            return ops.mkldnn._convolution_pointwise_(o, x, w, b, [0, 0], [1, 1], [1, 1], 1, "add", 1.0, "relu", [], None)
          def pack_conv(self: __torch__.Kernels, x: Tensor, w: Tensor, s: int, p: int, d: int) -> Tensor:
            return ops.mkldnn._reorder_convolution_weight(w, [p, p], [s, s], [d, d], 1, torch.size(x))

        """;

    private readonly jit.ScriptModule _module;

    private OneDnnKernels(jit.ScriptModule module) => _module = module;

    /// <summary>
    /// The kernels of this process; null where its libtorch was built without oneDNN, or where oneDNN cannot be trusted on this processor.
    /// </summary>
    public static OneDnnKernels? Shared => SharedKernels.Value;

    // Loaded once: a script module holds no tensors and no state, so all engines may use the same one.
    private static Lazy<OneDnnKernels?> SharedKernels { get; } = new(TryLoad);

    /// <summary>Convolves.</summary>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>.</param>
    /// <param name="weight">Packed.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <param name="geometry">Stride, padding, dilation.</param>
    /// <param name="relu">Whether negative results become 0.</param>
    /// <returns>Channels-last <c>[N, out, H', W']</c>.</returns>
    public Tensor Conv(Tensor input, Tensor weight, Tensor bias, ConvGeometry geometry, bool relu) =>
        (Tensor)_module.invoke(
            relu ? "conv_relu" : "conv", input, weight, bias, geometry.Stride, geometry.Padding, geometry.Dilation);

    /// <summary>Adds a 1x1 convolution to a tensor and applies ReLU, in place.</summary>
    /// <param name="sum">Channels-last <c>[N, out, H, W]</c>; receives the result.</param>
    /// <param name="input">Channels-last <c>[N, in, H, W]</c>.</param>
    /// <param name="weight">Packed.</param>
    /// <param name="bias"><c>[out]</c>.</param>
    /// <returns><paramref name="sum"/>.</returns>
    public Tensor AddConvRelu(Tensor sum, Tensor input, Tensor weight, Tensor bias) =>
        (Tensor)_module.invoke("conv_add_relu", input, weight, bias, sum);

    /// <summary>Packs a kernel for <see cref="Conv"/>.</summary>
    /// <param name="input">An input of the size that is to be fast; others are correct too.</param>
    /// <param name="weight"><c>[out, in, k, k]</c>.</param>
    /// <param name="geometry">Stride, padding, dilation.</param>
    /// <returns>An opaque tensor.</returns>
    public Tensor PackConv(Tensor input, Tensor weight, ConvGeometry geometry) =>
        (Tensor)_module.invoke("pack_conv", input, weight, geometry.Stride, geometry.Padding, geometry.Dilation);

    private static OneDnnKernels? TryLoad()
    {
        // Seen on such a machine: packing 512 to 1,024 channels ends the process, which nobody can catch.
        if (!ProcessorCaches.AreReported)
        {
            return null;
        }

        try
        {
            return new OneDnnKernels(jit.load(Archive(), CPU));
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    // A TorchScript archive: the code, a pickled module without attributes, and an empty table of constants.
    private static byte[] Archive()
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write("data.pkl", [0x80, 2, .. "c__torch__\nKernels\n)"u8, 0x81, .. "}b."u8]);
            Write("code/__torch__.py", Encoding.ASCII.GetBytes(Script.ReplaceLineEndings("\n")));
            Write("constants.pkl", [0x80, 2, .. ")."u8]);
            Write("version", "3\n"u8);

            void Write(string name, ReadOnlySpan<byte> content)
            {
                using var entry = zip.CreateEntry("kernels/" + name, CompressionLevel.NoCompression).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }
}
