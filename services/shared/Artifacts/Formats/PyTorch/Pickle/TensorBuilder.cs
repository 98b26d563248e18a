namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>Makes tensors and storages of what a pickle says of them, and believes only what fits together.</summary>
internal sealed class TensorBuilder
{
    private readonly Dictionary<string, PickledStorage> _storages = new(StringComparer.Ordinal);

    /// <summary>All storages that were spoken of, by key.</summary>
    public IReadOnlyDictionary<string, PickledStorage> Storages => _storages;

    /// <summary>Resolves a persistent id: <c>('storage', class, key, location, elements[, view])</c>.</summary>
    public PickledStorageView Storage(object? persistentId)
    {
        Require(
            persistentId is PickleTuple { Items: ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage }, string, string or null, long, ..] },
            "a persistent id is no storage");
        var items = ((PickleTuple)persistentId!).Items;
        var (type, key, count) = ((PickleGlobal)items[1]!, (string)items[2]!, (long)items[4]!);
        if (type.Element is not { } element)
        {
            throw Damaged($"storage '{Shown(key)}' does not say the type of its elements");
        }

        Require(count >= 0 && count <= long.MaxValue / element.Size, $"storage '{Shown(key)}' has {count} elements");
        if (!_storages.TryGetValue(key, out var storage))
        {
            storage = new PickledStorage(key, element, count);
            _storages.Add(key, storage);
        }

        Require(
            storage.Element.Name == element.Name && storage.Count == count,
            $"storage '{Shown(key)}' is said to be both {storage.Count} {storage.Element.Name} and {count} {element.Name}");
        if (items.Length == 5 || (items.Length == 6 && items[5] is null))
        {
            return new PickledStorageView(storage, 0, count);
        }

        Require(
            items is [_, _, _, _, _, PickleTuple { Items: [string or long, long, long] }], $"the view of storage '{Shown(key)}' is none");
        var view = ((PickleTuple)items[5]!).Items;
        var (offset, length) = ((long)view[1]!, (long)view[2]!);
        Require(
            offset >= 0 && length >= 0 && offset <= count && length <= count - offset,
            $"a view of {length} elements at {offset} leaves storage '{Shown(key)}' of {count}");
        return new PickledStorageView(storage, offset, length);
    }

    /// <summary><c>_rebuild_tensor(storage, offset, size, stride)</c>, and the same with <c>requires_grad, hooks[, metadata]</c>.</summary>
    public static PickledTensor Tensor(PickleTuple arguments, bool second)
    {
        var items = arguments.Items;
        Require(second ? items.Length is 6 or 7 : items.Length == 4, $"a tensor is made of {items.Length} arguments");
        Require(
            items is [PickledStorageView, long, PickleTuple, PickleTuple, ..] && (!second || items[4] is bool),
            "a tensor is not made of a storage, an offset, a shape and strides");
        RefuseViews(items.Length == 7 ? items[6] : null);
        var storage = (PickledStorageView)items[0]!;
        var offset = (long)items[1]!;
        var shape = Numbers((PickleTuple)items[2]!, "shape");
        var strides = Numbers((PickleTuple)items[3]!, "strides");
        Require(shape.Length == strides.Length, $"a tensor has {shape.Length} dimensions and {strides.Length} strides");
        Require(shape.Length <= PickleLimits.Dimensions, $"a tensor has {shape.Length} dimensions");
        Require(offset >= 0, $"a tensor begins at element {offset}");
        return new PickledTensor(storage.Storage, Placed(storage, offset, shape, strides, out var count), shape, strides, count);
    }

    /// <summary>
    /// <c>_rebuild_tensor_v3(storage, offset, size, stride, requires_grad, hooks, dtype[, metadata])</c>: the type is the tensor's, its
    /// storage is untyped.
    /// </summary>
    public static PickledTensor TypedTensor(PickleTuple arguments)
    {
        var items = arguments.Items;
        Require(
            items is [PickledStorageView, _, _, _, _, _, PickleGlobal { Kind: PickleGlobalKind.DataType }, ..] && items.Length is 7 or 8,
            "a tensor is not made of a storage, an offset, a shape, strides and a type");
        RefuseViews(items.Length == 8 ? items[7] : null);
        var (storage, element) = ((PickledStorageView)items[0]!, ((PickleGlobal)items[6]!).Element!);
        var size = storage.Storage.Element.Size;
        Require(storage.Offset == 0 && storage.Count == storage.Storage.Count, "a typed tensor has a part of a storage");
        var typed = new PickledStorage(storage.Storage.Key, element, storage.Count * size / element.Size);
        return Tensor(new PickleTuple([new PickledStorageView(typed, 0, typed.Count), .. items[1..6]]), second: true);
    }

    // PyTorch keeps a lazily negated or conjugated tensor as its storage and a mark; the storage alone would be other numbers.
    private static void RefuseViews(object? metadata)
    {
        foreach (var (mark, resolve) in new[] { ("neg", "resolve_neg()"), ("conj", "resolve_conj()") })
        {
            if (metadata is PickleDictionary marks && marks.Find(mark) is not (null or false))
            {
                throw new ArtifactFormatException($"The checkpoint is refused: a tensor is a view that only PyTorch resolves ({mark}); save tensor.{resolve} instead.");
            }
        }
    }

    private static long Placed(PickledStorageView storage, long offset, long[] shape, long[] strides, out long count)
    {
        try
        {
            checked
            {
                count = shape.Aggregate(1L, (product, size) => checked(product * size));
                _ = count * storage.Storage.Element.Size;
                var last = offset;
                for (var i = 0; i < shape.Length; i++)
                {
                    last += shape[i] == 0 ? 0 : (shape[i] - 1) * strides[i];
                }

                Require(
                    count == 0 || last < storage.Count,
                    $"a tensor of shape [{string.Join(", ", shape)}] reaches element {last} of storage '{Shown(storage.Storage.Key)}' of {storage.Count}");
                return storage.Offset + offset;
            }
        }
        catch (OverflowException e)
        {
            throw new ArtifactFormatException($"The checkpoint is damaged: a tensor of shape [{string.Join(", ", shape)}] is too large to exist.", e);
        }
    }

    private static long[] Numbers(PickleTuple tuple, string what)
    {
        Require(
            tuple.Items.All(item => item is >= 0L),
            $"the {what} of a tensor are not whole numbers of 0 to 2^63-1");
        return [.. tuple.Items.Select(item => (long)item!)];
    }

    private static string Shown(string key) => key.Length <= 40 && key.All(char.IsAsciiLetterOrDigit) ? key : "...";

    private static void Require(bool ok, string problem)
    {
        if (!ok)
        {
            throw Damaged(problem);
        }
    }

    private static ArtifactFormatException Damaged(string problem) => new($"The checkpoint is damaged: {problem}.");
}
