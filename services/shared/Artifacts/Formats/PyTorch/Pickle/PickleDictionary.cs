namespace IntraDA.Artifacts.Formats.PyTorch.Pickle;

/// <summary>A dictionary in the order of insertion. Only its text keys are looked up.</summary>
internal sealed class PickleDictionary : PickleContainer
{
    private readonly List<KeyValuePair<object?, object?>> _items = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);

    public PickleDictionary(bool isOrdered) => IsOrdered = isOrdered;

    /// <summary>Whether it is a <c>collections.OrderedDict</c>, which alone may have attributes.</summary>
    public bool IsOrdered { get; }

    public IReadOnlyList<KeyValuePair<object?, object?>> Items => _items;

    public object? Find(string key) => _byText.TryGetValue(key, out var index) ? _items[index].Value : null;

    public void Set(object? key, object? value)
    {
        if (key is PickleList or PickleDictionary)
        {
            throw new ArtifactFormatException("The checkpoint is damaged: a dictionary has a list or dictionary as key.");
        }

        Hold(key);
        Hold(value);
        var item = KeyValuePair.Create(key, value);
        if (key is not string text)
        {
            _items.Add(item);
        }
        else if (_byText.TryAdd(text, _items.Count))
        {
            _items.Add(item);
        }
        else
        {
            _items[_byText[text]] = item;
        }
    }
}
