namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A tensor over a storage; all its elements lie within.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Element of the storage that is the tensor's first.</param>
/// <param name="Shape">Dimensions.</param>
/// <param name="Strides">Distance of neighbours along each dimension, elements.</param>
/// <param name="Count">Elements, the product of the dimensions.</param>
internal sealed record PickledTensor(PickledStorage Storage, long Offset, long[] Shape, long[] Strides, long Count)
{
    /// <summary>Elements of the storage from the first that is used to the last.</summary>
    public long Extent => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (size, stride) => (size - 1) * stride).Sum();

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var i = Shape.Length - 1; i >= 0; i--)
            {
                if (Shape[i] != 1 && Strides[i] != expected)
                {
                    return Count == 0;
                }

                expected *= Shape[i];
            }

            return true;
        }
    }
}
