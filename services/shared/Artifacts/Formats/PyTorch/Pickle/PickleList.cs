namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A list, or a set, whose members nobody asks for.</summary>
internal sealed class PickleList : PickleContainer
{
    private readonly List<object?> _items = [];

    public PickleList(bool isSet) => IsSet = isSet;

    public bool IsSet { get; }

    public IReadOnlyList<object?> Items => _items;

    public void Add(object? item)
    {
        Hold(item);
        _items.Add(item);
    }
}
