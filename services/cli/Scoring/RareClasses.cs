using System.CommandLine;
using System.CommandLine.Parsing;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Studies;
using IntraDA.Contracts.Ranker.V1;

namespace IntraDA.Cli.Scoring;

/// <summary>The option <c>--rare</c>: which classes the rare-class ranking counts.</summary>
internal static class RareClasses
{
    private const int Last = 253;

    /// <summary>Defines the option.</summary>
    /// <returns>A new option; null where it is not given.</returns>
    public static Option<string?> Option() => NumberList.Option(
        "--rare", "Train ids that --ranking rare-class calls rare (default: those that the data set's classes name).", 0, Last);

    /// <summary>The classes.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option.</param>
    /// <returns>Train ids; empty where none are given.</returns>
    public static IReadOnlyList<int> Read(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } list ? NumberList.Read<int>(list) : [];

    /// <summary>Whether the ranking looks at rare classes.</summary>
    /// <param name="result">The command.</param>
    /// <param name="ranking">The option of the ranking.</param>
    /// <returns>True for <c>rare-class</c>.</returns>
    public static bool AreUsed(CommandResult result, Option<string?> ranking) =>
        result.GetResult(ranking) is { Tokens: [var token] }
        && Choices.Rankings.TryGetValue(token.Value, out var method) && method == RankingMethod.RareClass;

    /// <summary>Refuses rare classes for a ranking that does not look at them.</summary>
    /// <param name="result">Receives the error.</param>
    /// <param name="ranking">The option of the ranking.</param>
    /// <param name="rare">The option of the classes.</param>
    public static void RefuseNeedless(CommandResult result, Option<string?> ranking, Option<string?> rare)
    {
        if (result.GetResult(rare) is not null && !AreUsed(result, ranking))
        {
            result.AddError("--rare is about --ranking rare-class: give both, or neither.");
        }
    }
}
