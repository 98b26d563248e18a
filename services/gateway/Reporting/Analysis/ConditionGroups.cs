using IntraDA.Gateway.Reporting.Svg;

namespace IntraDA.Gateway.Reporting.Analysis;

/// <summary>Groups of images that charts tell apart: by hidden condition, else by hidden difficulty, else none.</summary>
public sealed class ConditionGroups
{
    private const string Other = "other";

    private readonly Dictionary<string, int> _positions;

    private ConditionGroups(string[] names)
    {
        Names = names;
        _positions = names.Select((name, i) => (name, i)).ToDictionary(n => n.name, n => n.i, StringComparer.Ordinal);
    }

    /// <summary>Names of the groups, at most as many as there are styles.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Forms the groups of a target; easy conditions come first.</summary>
    /// <param name="ranking">The target and its conditions.</param>
    /// <param name="conditions">Conditions of further images that share the charts' colours.</param>
    /// <returns>The groups.</returns>
    public static ConditionGroups Of(RankingResults ranking, IEnumerable<string> conditions)
    {
        string[] names =
        [
            .. ranking.Conditions.Select(c => c.Condition)
                .Concat(conditions.Order(StringComparer.Ordinal))
                .Concat(ranking.Target.Where(i => i.Condition is null).Select(i => Unnamed(i.Hard)).Order(StringComparer.Ordinal))
                .Distinct(StringComparer.Ordinal),
        ];
        return new ConditionGroups(names.Length <= Series.Count ? names : [.. names.Take(Series.Count - 1), Other]);
    }

    /// <summary>A target image's group.</summary>
    /// <param name="image">The image.</param>
    /// <returns>Its name.</returns>
    public string NameOf(TargetImage image) => Names[IndexOf(image.Condition ?? Unnamed(image.Hard))];

    /// <summary>Position of a condition's group.</summary>
    /// <param name="condition">The condition; one without a group of its own is in the last.</param>
    /// <returns>The position in <see cref="Names"/>.</returns>
    public int IndexOf(string condition) => _positions.TryGetValue(condition, out var index) ? index : Names.Count - 1;

    private static string Unnamed(bool? hard) => hard switch
    {
        true => "hard in truth",
        false => "easy in truth",
        null => "target images",
    };
}
