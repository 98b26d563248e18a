namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A tuple, or a <c>torch.Size</c>.</summary>
internal sealed class PickleTuple : PickleContainer
{
    public PickleTuple(object?[] items)
    {
        Items = items;
        foreach (var item in items)
        {
            Hold(item);
        }
    }

    public object?[] Items { get; }
}
