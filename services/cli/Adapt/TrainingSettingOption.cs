using System.CommandLine;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Adapt;

/// <summary>The option <c>--set STAGE.FIELD=VALUE</c>, which reaches every setting of a training stage.</summary>
internal sealed class TrainingSettingOption
{
    /// <summary>Defines the option.</summary>
    public TrainingSettingOption() => Option.Validators.Add(result =>
    {
        foreach (var token in result.Tokens)
        {
            if (!TrainingSetting.TryParse(token.Value, out _, out var error))
            {
                result.AddError($"--set {error}");
            }
        }
    });

    /// <summary>The option, to be added to a command.</summary>
    public Option<string[]> Option { get; } = new("--set")
    {
        Description = "Any setting of a training stage (source, inter, intra or all), e.g. all.optimizer-mode=published. May be repeated.",
        HelpName = "STAGE.FIELD=VALUE",
        DefaultValueFactory = _ => [],
    };

    /// <summary>The settings.</summary>
    /// <param name="parsed">The command line, checked.</param>
    /// <returns>In the order in which they were typed; the last of several about one field holds.</returns>
    public IReadOnlyList<TrainingSetting> Read(ParseResult parsed) => [.. parsed.GetRequiredValue(Option).Select(Setting)];

    // The validator has read it before.
    private static TrainingSetting Setting(string text) =>
        TrainingSetting.TryParse(text, out var setting, out var error) ? setting! : throw new CliException($"--set {error}");
}
