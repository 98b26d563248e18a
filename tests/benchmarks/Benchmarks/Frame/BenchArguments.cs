using System.Globalization;

namespace IntraDA.Benchmarks.Frame;

/// <summary>Options of a bench, <c>--name value</c>; each is read once with its default and its range.</summary>
internal sealed class BenchArguments
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Reads the words after the bench's name.</summary>
    /// <param name="words">Pairs of <c>--name</c> and value.</param>
    /// <exception cref="BenchException">A value is missing, or something is no option.</exception>
    public BenchArguments(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i += 2)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal))
            {
                throw new BenchException($"'{words[i]}' is no option; options are --name value.");
            }

            _values[words[i][2..]] = i + 1 < words.Count ? words[i + 1] : throw new BenchException($"{words[i]} needs a value.");
        }
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">Without the dashes.</param>
    /// <param name="fallback">Value where it is not given.</param>
    /// <param name="least">Least allowed.</param>
    /// <param name="most">Greatest allowed.</param>
    /// <returns>The value.</returns>
    public int Integer(string name, int fallback, int least, int most)
    {
        if (!_values.Remove(name, out var text))
        {
            return fallback;
        }

        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most
            ? value
            : throw new BenchException($"--{name} must be a whole number in {least}..{most}, but is '{text}'.");
    }

    /// <summary>One of a few names.</summary>
    /// <param name="name">Without the dashes.</param>
    /// <param name="choices">The names; the first is the default.</param>
    /// <returns>The value.</returns>
    public string Choice(string name, params string[] choices)
    {
        var text = Text(name, choices[0]);
        return choices.Contains(text)
            ? text
            : throw new BenchException($"--{name} must be one of {string.Join(", ", choices)}, but is '{text}'.");
    }

    /// <summary>Any text.</summary>
    /// <param name="name">Without the dashes.</param>
    /// <param name="fallback">Value where it is not given.</param>
    /// <returns>The value.</returns>
    public string Text(string name, string fallback) => _values.Remove(name, out var text) ? text : fallback;

    /// <summary>Refuses what nobody has read.</summary>
    /// <exception cref="BenchException">An option is left.</exception>
    public void RefuseRest()
    {
        if (_values.Count > 0)
        {
            throw new BenchException($"This bench has no option {string.Join(", ", _values.Keys.Select(k => "--" + k))}.");
        }
    }
}
