using System.Text.RegularExpressions;

namespace IntraDA.Deploy.Tests.Observability;

/// <summary>A query of Prometheus, as far as its metrics go.</summary>
internal static partial class PromQuery
{
    private static readonly HashSet<string> Words = new(StringComparer.Ordinal) { "and", "or", "unless", "offset", "bool", "group_left", "group_right", "inf", "nan" };

    /// <summary>Names of the metrics that a query reads.</summary>
    public static IReadOnlySet<string> MetricsOf(string query)
    {
        var bare = Groupings().Replace(Ranges().Replace(Matchers().Replace(Texts().Replace(query, "\"\""), " "), " "), " ");
        // A name before a parenthesis is a function; a number with a unit is a time.
        return Identifiers().Matches(bare).Select(match => match.Value).Where(name => !Words.Contains(name)).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("\"(?:[^\"\\\\]|\\\\.)*\"")]
    private static partial Regex Texts();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Matchers();

    [GeneratedRegex(@"\[[^\]]*\]")]
    private static partial Regex Ranges();

    [GeneratedRegex(@"\b(?:by|without|on|ignoring)\s*\([^)]*\)")]
    private static partial Regex Groupings();

    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_:][\w:]*\b(?!\s*\()")]
    private static partial Regex Identifiers();
}
