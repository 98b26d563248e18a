using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace IntraDA.Gateway.Trainers;

/// <summary>
/// A range of versions as npm writes them: exact (<c>1.2.3</c>), wildcard (<c>1.x</c>, <c>1.2.*</c>, <c>1</c>, <c>*</c>),
/// caret (<c>^1.2</c>), tilde (<c>~1.2</c>), comparisons joined by blanks (<c>&gt;=1.0 &lt; 2.0</c>), from-to (<c>1.2 - 1.4</c>), alternatives by
/// <c>||</c>.
/// </summary>
internal sealed class VersionRange
{
    private readonly IReadOnlyList<IReadOnlyList<Bound>> _alternatives;
    private readonly string _text;

    private VersionRange(string text, IReadOnlyList<IReadOnlyList<Bound>> alternatives)
    {
        _text = text;
        _alternatives = alternatives;
    }

    private enum Relation
    {
        AtLeast,
        Above,
        AtMost,
        Below,
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out VersionRange? range)
    {
        range = null;
        var alternatives = new List<IReadOnlyList<Bound>>();
        foreach (var alternative in text.Split("||"))
        {
            var bounds = new List<Bound>();
            var words = alternative.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var understood = words is [var first, "-", var last]
                ? TryAddFromTo(first, last, bounds)
                : Terms(words).All(term => TryAddTerm(term, bounds));
            if (!understood || bounds.Count == 0)
            {
                return false;
            }

            alternatives.Add(bounds);
        }

        range = new VersionRange(text, alternatives);
        return true;
    }

    /// <summary>Whether a version lies in the range; a pre-release does only where the range itself names one of its version.</summary>
    public bool Contains(SemanticVersion version) => _alternatives.Any(bounds =>
        bounds.All(bound => bound.Holds(version)) && (version.PreRelease.Length == 0 || bounds.Any(bound => bound.Names(version))));

    public override string ToString() => _text;

    // A blank may stand between a comparison and its version.
    private static IEnumerable<string> Terms(IEnumerable<string> words)
    {
        var symbol = "";
        foreach (var word in words)
        {
            symbol += word;
            if (!word.All(IsSymbol))
            {
                yield return symbol;
                symbol = "";
            }
        }

        if (symbol.Length > 0)
        {
            yield return symbol;
        }
    }

    private static bool IsSymbol(char c) => c is '^' or '~' or '>' or '<' or '=';

    // Both ends belong to it; where the upper one is partial, so does all that begins with it.
    private static bool TryAddFromTo(string first, string last, List<Bound> bounds) =>
        !IsSymbol(first[0]) && !IsSymbol(last[0]) && TryAddTerm($">={first}", bounds) && TryAddTerm($"<={last}", bounds);

    private static bool TryAddTerm(string term, List<Bound> bounds)
    {
        var operatorLength = term.TakeWhile(IsSymbol).Count();
        var (symbol, rest) = (term[..operatorLength], term[operatorLength..]);
        if (!TryParsePartial(rest, out var low, out var given))
        {
            return false;
        }

        switch (symbol)
        {
            case "" or "=":
                bounds.Add(new(Relation.AtLeast, low));
                bounds.Add(given == 3 ? new(Relation.AtMost, low) : new(Relation.Below, After(low, given)));
                return true;
            case "^":
                // The left-most part that is not 0 stays as it is.
                var fixedParts = low.Major > 0 || given == 1 ? 1 : low.Minor > 0 || given == 2 ? 2 : 3;
                bounds.Add(new(Relation.AtLeast, low));
                bounds.Add(new(Relation.Below, After(low, Math.Min(fixedParts, Math.Max(given, 0)))));
                return true;
            case "~":
                bounds.Add(new(Relation.AtLeast, low));
                bounds.Add(new(Relation.Below, After(low, Math.Min(given, 2))));
                return true;
            case ">=":
                bounds.Add(new(Relation.AtLeast, low));
                return true;
            case ">":
                bounds.Add(given == 3 ? new(Relation.Above, low) : new(Relation.AtLeast, After(low, given)));
                return true;
            case "<":
                bounds.Add(new(Relation.Below, low));
                return true;
            case "<=":
                bounds.Add(given == 3 ? new(Relation.AtMost, low) : new(Relation.Below, After(low, given)));
                return true;
            default:
                return false;
        }
    }

    // The first version behind all those that share the given leading parts.
    private static SemanticVersion After(SemanticVersion low, int parts) => parts switch
    {
        0 => new(int.MaxValue, 0, 0),
        1 => new(low.Major + 1, 0, 0),
        2 => new(low.Major, low.Minor + 1, 0),
        _ => new(low.Major, low.Minor, low.Patch + 1),
    };

    private static bool TryParsePartial(string text, out SemanticVersion low, out int given)
    {
        given = 0;
        if (SemanticVersion.TryParse(text, out var whole))
        {
            (low, given) = (whole, 3);
            return true;
        }

        low = new(0, 0, 0);
        var parts = text.Split('.');
        if (parts.Length > 3)
        {
            return false;
        }

        var numbers = new int[3];
        var open = false;
        for (var i = 0; i < parts.Length; i++)
        {
            if (parts[i] is "x" or "X" or "*")
            {
                open = true;
            }
            else if (open
                || !int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])
                || numbers[i] == int.MaxValue)
            {
                return false;
            }
            else
            {
                given = i + 1;
            }
        }

        low = new(numbers[0], numbers[1], numbers[2]);
        return true;
    }

    private sealed record Bound(Relation Relation, SemanticVersion Version)
    {
        public bool Holds(SemanticVersion candidate)
        {
            var order = candidate.CompareTo(Version);
            return Relation switch
            {
                Relation.AtLeast => order >= 0,
                Relation.Above => order > 0,
                Relation.AtMost => order <= 0,
                _ => order < 0,
            };
        }

        public bool Names(SemanticVersion candidate) =>
            Version.PreRelease.Length > 0
            && (Version.Major, Version.Minor, Version.Patch) == (candidate.Major, candidate.Minor, candidate.Patch);
    }
}
