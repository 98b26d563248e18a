using System.CommandLine;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Datasets;

/// <summary>The options that describe one folder of a command: <c>--source</c>, <c>--source-list</c> and so on.</summary>
internal sealed class DatasetOptions
{
    private readonly string _role;
    private readonly string _defaultSplit;

    /// <summary>Defines the options of a role.</summary>
    /// <param name="role">The role, e.g. <c>source</c>.</param>
    /// <param name="description">What the folder holds.</param>
    /// <param name="defaultSplit">Split where the layout has splits and neither split nor list is given.</param>
    /// <param name="required">Whether the folder must be given.</param>
    public DatasetOptions(string role, string description, string defaultSplit, bool required)
    {
        _role = role;
        _defaultSplit = defaultSplit;
        Directory = new Option<string?>("--" + role) { Description = description, Required = required, HelpName = "DIR" };
        List = new Option<string?>($"--{role}-list")
        {
            Description = "List file with one image a line (default: all images of the split).",
            HelpName = "FILE",
        };
        Split = new Option<string?>($"--{role}-split")
        {
            Description = $"Split, for layouts that have splits (default: {defaultSplit}).",
            HelpName = "NAME",
        };
        Layout = OptionRules.Choice($"--{role}-layout", $"Layout of the {role} folder, where it is not --layout", Choices.Layouts);
    }

    /// <summary>The folder.</summary>
    public Option<string?> Directory { get; }

    /// <summary>The list.</summary>
    public Option<string?> List { get; }

    /// <summary>The split.</summary>
    public Option<string?> Split { get; }

    /// <summary>The layout, where it differs from the command's.</summary>
    public Option<string?> Layout { get; }

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(Directory);
        command.Add(List);
        command.Add(Split);
        command.Add(Layout);
    }

    /// <summary>Whether any of the options is given.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>True where one is.</returns>
    public bool IsGiven(ParseResult parsed) =>
        new[] { Directory, List, Split, Layout }.Any(option => parsed.GetResult(option) is { Implicit: false });

    /// <summary>Reads the options and checks that folder and list are there.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="layout">The command's layout, if given.</param>
    /// <param name="protocol">The command's label space; empty: the layout's own.</param>
    /// <param name="ignoreLabels">Leave labels out.</param>
    /// <param name="fallback">Folder and layout to take where none is given.</param>
    /// <returns>The place.</returns>
    /// <exception cref="CliException">Something is missing.</exception>
    public DatasetPlace Read(ParseResult parsed, string? layout, string protocol, bool ignoreLabels, DatasetPlace? fallback = null)
    {
        var directory = parsed.GetValue(Directory) ?? fallback?.Directory
            ?? throw new CliException($"--{_role} is missing: name the folder of the {_role} set");
        var own = parsed.GetValue(Layout) ?? (parsed.GetValue(Directory) is null ? fallback?.Layout : null) ?? layout ?? fallback?.Layout
            ?? throw new CliException($"--layout is missing: name one of {string.Join(", ", Choices.Layouts.Keys)}");
        var split = parsed.GetValue(Split) ?? (own == "cityscapes" ? _defaultSplit : "");
        return new DatasetPlace(directory, own, parsed.GetValue(List), split, protocol, ignoreLabels).Resolve("--" + _role);
    }
}
