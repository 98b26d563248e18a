using System.CommandLine;
using IntraDA.Cli.Adapt;
using IntraDA.Cli.Composition;
using Spectre.Console;

namespace IntraDA.Cli.Datasets;

/// <summary><c>data push</c>.</summary>
internal sealed class DataPushCommand : CliCommand
{
    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public DataPushCommand(CliHost host, GlobalOptions options)
        : base("push", "Sends a folder of images to the gateway's store and registers it under a name.")
    {
        var directory = new Argument<string>("DIR") { Description = "Folder that holds the data set." };
        var name = new Option<string?>("--name") { Description = "Name to register it under (default: the folder's).", HelpName = "NAME" };
        var layout = OptionRules.Choice("--layout", "Layout of the folder", Choices.Layouts);
        layout.Required = true;
        var list = new Option<string?>("--list") { Description = "List file with one image a line.", HelpName = "FILE" };
        var split = new Option<string?>("--split") { Description = "Split, for layouts that have splits.", HelpName = "NAME" };
        var protocol = OptionRules.Choice("--protocol", "Label space", Choices.Protocols);
        var unlabelled = new Option<bool>("--ignore-labels") { Description = "Leave labels out: the set is an unlabelled target." };
        var inPlace = new Option<bool>("--in-place")
        {
            Description = "Do not send the files: the services read the folder (they must run on this machine, or see the same path).",
        };
        Add(directory);
        foreach (var option in new Option[] { name, layout, list, split, protocol, unlabelled, inPlace })
        {
            Add(option);
        }

        Run(host, options, async (parsed, session, cancellationToken) =>
        {
            var place = new DatasetPlace(
                parsed.GetRequiredValue(directory),
                parsed.GetValue(layout)!,
                parsed.GetValue(list),
                parsed.GetValue(split) ?? "",
                parsed.GetValue(protocol) ?? "",
                parsed.GetValue(unlabelled)).Resolve("the folder");
            await using var gateway = await session.Connector.ConnectAsync(cancellationToken);
            var dataset = await new DatasetRegistrar(session, gateway).RegisterAsync(
                parsed.GetValue(name) ?? DatasetNames.Stem(Path.GetFileName(place.Directory)),
                place,
                parsed.GetValue(inPlace),
                cancellationToken);
            session.Output.Result(
                DatasetJson.Of(dataset),
                console => console.WriteLine($"{dataset.Name}: {dataset.Images} images, {dataset.Labelled} with labels"));
            return ExitCodes.Success;
        });
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada data push ~/camvid --layout camvid --list target.txt --name my-streets --ignore-labels",
        "./intrada data push ~/photos --layout plain --in-place",
    ];
}
