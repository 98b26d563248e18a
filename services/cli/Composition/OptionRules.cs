using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace IntraDA.Cli.Composition;

/// <summary>Ranges and choices of options, refused before any work begins in one line that names the option, the value and what is allowed.</summary>
internal static class OptionRules
{
    /// <summary>Takes numbers from a limit on.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    public static void AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T>
    {
        var rule = string.Create(CultureInfo.InvariantCulture, $"be at least {least}");
        option.CustomParser = result => Read<T>(result, option, value => value >= least, rule, rule["be ".Length..]) ?? default;
    }

    /// <summary>Takes numbers of a closed range.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The greatest allowed.</param>
    public static void Between<T>(this Option<T?> option, T least, T most)
        where T : struct, INumber<T> =>
        option.CustomParser = result => Within(result, option, least, most);

    /// <summary>Takes numbers of a closed range.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The greatest allowed.</param>
    public static void Between<T>(this Option<T> option, T least, T most)
        where T : struct, INumber<T> =>
        option.CustomParser = result => Within(result, option, least, most) ?? default;

    /// <summary>An option whose value is one of a few names.</summary>
    /// <typeparam name="T">What a name means.</typeparam>
    /// <param name="name">The option's name.</param>
    /// <param name="description">For the help; the names are appended.</param>
    /// <param name="choices">Meaning by name.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<string?> Choice<T>(string name, string description, IReadOnlyDictionary<string, T> choices)
    {
        var option = new Option<string?>(name) { Description = $"{description}: {string.Join(", ", choices.Keys)}.", HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !choices.ContainsKey(token.Value))
            {
                result.AddError($"{name} must be one of {string.Join(", ", choices.Keys)}, but is \"{token.Value}\".");
            }
        });
        return option;
    }

    private static T? Within<T>(ArgumentResult result, Option option, T least, T most)
        where T : struct, INumber<T>
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"in {least}..{most}");
        return Read<T>(result, option, value => value >= least && value <= most, "lie " + range, range);
    }

    // Read here and not by the library, whose numbers may have thousands separators: to it, 0,1 is 1.
    private static T? Read<T>(ArgumentResult result, Option option, Func<T, bool> holds, string rule, string range)
        where T : struct, INumber<T>
    {
        var isWhole = typeof(T) != typeof(double);
        var text = Text(result);
        if (!T.TryParse(text, isWhole ? NumberStyles.AllowLeadingSign : NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            result.AddError($"{option.Name} must be a {(isWhole ? "whole " : "")}number {range}, but is \"{text}\".");
            return null;
        }

        if (!holds(value))
        {
            result.AddError($"{option.Name} must {rule}, but is {text}.");
            return null;
        }

        return value;
    }

    private static string Text(ArgumentResult result) => result.Tokens is [var token] ? token.Value : "";
}
