using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace IntraDA.Cli.Studies;

/// <summary>Options whose value is a list of numbers with commas between them.</summary>
internal static class NumberList
{
    /// <summary>An option that takes such a list.</summary>
    /// <typeparam name="T">Type of the numbers.</typeparam>
    /// <param name="name">The option's name.</param>
    /// <param name="description">For the help.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The greatest allowed.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<string?> Option<T>(string name, string description, T least, T most)
        where T : struct, INumber<T>
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "A,B,..." };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Problem(token.Value, least, most) is { } problem)
            {
                result.AddError($"{name} {problem}");
            }
        });
        return option;
    }

    /// <summary>The numbers of a list that an option has let pass.</summary>
    /// <typeparam name="T">Type of the numbers.</typeparam>
    /// <param name="text">The list.</param>
    /// <returns>The numbers in the order in which they stand.</returns>
    public static IReadOnlyList<T> Read<T>(string text)
        where T : struct, INumber<T> =>
        [.. text.Split(',').Select(part => T.Parse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture))];

    private static string? Problem<T>(string text, T least, T most)
        where T : struct, INumber<T>
    {
        var seen = new HashSet<T>();
        foreach (var part in text.Split(','))
        {
            if (!T.TryParse(part.Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !(number >= least && number <= most))
            {
                return string.Create(CultureInfo.InvariantCulture, $"takes numbers of {least}..{most} with commas between them, but has \"{part}\".");
            }

            if (!seen.Add(number))
            {
                return $"names {part.Trim()} twice.";
            }
        }

        return null;
    }
}
