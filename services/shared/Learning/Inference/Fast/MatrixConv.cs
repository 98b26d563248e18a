using static TorchSharp.torch;

namespace IntraDA.Learning.Inference.Fast;

/// <summary>A 1x1 convolution in float32: the pixels are the rows of a matrix product.</summary>
/// <param name="weight"><c>[out, in, 1, 1]</c>.</param>
/// <param name="bias"><c>[out]</c>.</param>
/// <param name="stride">Pixels.</param>
internal sealed unsafe class MatrixConv(Tensor weight, Tensor bias, long stride) : IResidualConv
{
    private readonly PackedMatrix _matrix = Pack(weight, bias);

    /// <inheritdoc />
    public Tensor Forward(Tensor input, bool relu)
    {
        using var scope = NewDisposeScope();
        var thinned = PixelRows.Thin(input, stride);
        var (images, height, width) = (thinned.shape[0], thinned.shape[2], thinned.shape[3]);
        var result = empty([images, height, width, _matrix.Outputs], ScalarType.Float32);
        Multiply(thinned, result, relu ? Epilogue.Relu : Epilogue.None);
        return result.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void AddRelu(Tensor sum, Tensor input) => Multiply(input, sum, Epilogue.AddRelu);

    /// <inheritdoc />
    public void Dispose() => _matrix.Dispose();

    private static PackedMatrix Pack(Tensor weight, Tensor bias)
    {
        using var rows = weight.reshape(weight.shape[0], weight.shape[1]);
        return new PackedMatrix(rows, bias);
    }

    private void Multiply(Tensor from, Tensor to, Epilogue after)
    {
        _matrix.MultiplyOnAll(TensorMemory.Pointer(from), (int)(from.NumberOfElements / _matrix.Inputs), TensorMemory.Pointer(to), after);
        GC.KeepAlive(from);
        GC.KeepAlive(to);
    }
}
