using IntraDA.Learning.Inference.Fast;
using TorchSharp;
using static TorchSharp.torch;

namespace IntraDA.Learning.Tests.Inference.Fast;

public sealed class PackedMatrixTests
{
    [Theory]
    [InlineData(1, 1, 16)]
    [InlineData(6, 64, 64)]
    [InlineData(7, 100, 80)]
    [InlineData(301, 33, 144)]
    [InlineData(64, 2048, 1152)]
    public unsafe void A_product_is_libtorchs(int rows, int inputs, int outputs)
    {
        using var scope = NewDisposeScope();
        var weight = Samples.Normal(1, outputs, inputs) / Math.Sqrt(inputs);
        var (bias, from, there) = (Samples.Normal(2, outputs), Samples.Normal(3, rows, inputs), Samples.Normal(4, rows, outputs));
        using var matrix = new PackedMatrix(weight, bias);
        var product = from.to(ScalarType.Float64).mm(weight.to(ScalarType.Float64).t()) + bias.to(ScalarType.Float64);

        IsClose(product, Epilogue.None);
        IsClose(product.relu(), Epilogue.Relu);
        IsClose((product + there).relu(), Epilogue.AddRelu);

        void IsClose(Tensor expected, Epilogue after)
        {
            var (alone, together) = (there.clone(), there.clone());
            matrix.Multiply(TensorMemory.Pointer(from), rows, TensorMemory.Pointer(alone), after);
            matrix.MultiplyOnAll(TensorMemory.Pointer(from), rows, TensorMemory.Pointer(together), after);
            // Results of unit variance whose rounding errors walk at random with the number of terms.
            Assert.InRange((alone.to(ScalarType.Float64) - expected).abs().max().ToDouble(), 0, 1e-6 + (4e-7 * Math.Sqrt(inputs)));
            // Whoever computes a row, it becomes the same.
            Assert.True(alone.SameAs(together));
        }
    }

    [Fact]
    public unsafe void What_is_no_number_stays_none()
    {
        using var scope = NewDisposeScope();
        using var matrix = new PackedMatrix(ones(16, 2));
        var from = tensor(new[] { float.NaN, 1f }, [1, 2]);
        var to = zeros(1, 16);
        matrix.Multiply(TensorMemory.Pointer(from), 1, TensorMemory.Pointer(to), Epilogue.Relu);
        Assert.True(to.isnan().all().item<bool>());
    }

    [Fact]
    public void Outputs_that_fill_no_vector_are_refused() =>
        Assert.Throws<ArgumentException>(() => new PackedMatrix(torch.zeros(17, 4)));
}
