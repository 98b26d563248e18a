using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace IntraDA.Cli.Composition;

/// <summary>Ranges and choices of options, refused before any work begins.</summary>
internal static class OptionRules
{
    /// <summary>Refuses numbers below a limit.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    public static void AtLeast<T>(this Option<T> option, T least)
        where T : struct, INumber<T> =>
        Check<T, T>(option, value => value >= least, string.Create(CultureInfo.InvariantCulture, $"be at least {least}"));

    /// <summary>Refuses numbers outside a closed range.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The greatest allowed.</param>
    public static void Between<T>(this Option<T?> option, T least, T most)
        where T : struct, INumber<T> =>
        Check<T?, T>(option, value => value >= least && value <= most, string.Create(CultureInfo.InvariantCulture, $"lie in {least}..{most}"));

    /// <summary>Refuses numbers outside a closed range.</summary>
    /// <typeparam name="T">Type of the number.</typeparam>
    /// <param name="option">The option.</param>
    /// <param name="least">The least allowed.</param>
    /// <param name="most">The greatest allowed.</param>
    public static void Between<T>(this Option<T> option, T least, T most)
        where T : struct, INumber<T> =>
        Check<T, T>(option, value => value >= least && value <= most, string.Create(CultureInfo.InvariantCulture, $"lie in {least}..{most}"));

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

    private static void Check<T, TNumber>(Option<T> option, Func<TNumber, bool> holds, string rule)
        where TNumber : struct, INumber<TNumber> =>
        option.Validators.Add(result =>
        {
            // What is no number at all is reported by the parser itself.
            if (result.Tokens is [var token]
                && TNumber.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
                && !holds(value))
            {
                result.AddError($"{option.Name} must {rule}, but is {token.Value}.");
            }
        });
}
