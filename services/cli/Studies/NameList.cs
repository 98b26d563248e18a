using System.CommandLine;

namespace IntraDA.Cli.Studies;

/// <summary>Options whose value is a list of known names with commas between them.</summary>
internal static class NameList
{
    /// <summary>An option that takes such a list.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="description">For the help; the names are appended.</param>
    /// <param name="names">The names.</param>
    /// <returns>The option; null where it is not given.</returns>
    public static Option<string?> Option(string name, string description, IReadOnlyCollection<string> names)
    {
        var option = new Option<string?>(name) { Description = $"{description}: {string.Join(", ", names)}.", HelpName = "A,B,..." };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && Read(token.Value).FirstOrDefault(part => !names.Contains(part)) is { } unknown)
            {
                result.AddError($"{name} takes names of {string.Join(", ", names)} with commas between them, but has \"{unknown}\".");
            }
        });
        return option;
    }

    /// <summary>The names of a list that an option has let pass.</summary>
    /// <param name="text">The list.</param>
    /// <returns>The names.</returns>
    public static IReadOnlyCollection<string> Read(string text) => [.. text.Split(',', StringSplitOptions.TrimEntries)];
}
