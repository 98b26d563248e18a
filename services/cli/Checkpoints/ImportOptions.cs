using System.CommandLine;
using IntraDA.Artifacts.Formats.PyTorch;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Checkpoints;

/// <summary>The options of <c>import</c>.</summary>
internal sealed class ImportOptions
{
    private static readonly Dictionary<string, string> Architectures = PublishedLayout.Architectures.ToDictionary(name => name);

    private readonly Argument<string> _file = new("FILE") { Description = "A .pth or .pt file that torch.save wrote, or safetensors." };
    private readonly Option<bool> _list = new("--list") { Description = "List every tensor with its type and shape (what is done where nothing else is asked for)." };
    private readonly Option<string?> _architecture = OptionRules.Choice(
        "--architecture", "Network that the weights must be those of: every tensor's name and shape is checked", Architectures);

    private readonly Option<string?> _classes = new("--classes")
    {
        Description = "Classes of the network: 19, 16 or 13 (street benchmarks), another number, or a classes.json (default: as many as the weights have).",
        HelpName = "FILE|N",
    };

    private readonly OutOption _out = OutOption.File("Safetensors file to write.");
    private readonly Option<bool> _store = new("--store")
    {
        Description = "Put the weights into the gateway's store and print the key that --checkpoint takes.",
    };

    private readonly Option<bool> _initial = new("--initial")
    {
        Description = "Take a network without its main classifier (layer6) as weights to start from; the auxiliary one is left out.",
    };

    private readonly Option<string?> _prefix = new("--strip-prefix")
    {
        Description = "First dotted part to take off the names; \"\" keeps them (default: module. and Scale. where all names have it).",
        HelpName = "PREFIX",
    };

    private readonly Option<int?> _width = new("--width") { Description = "Width to which the network's images are resized (published: 1024).", HelpName = "PIXELS" };
    private readonly Option<int?> _height = new("--height") { Description = "Height to which the network's images are resized (published: 512).", HelpName = "PIXELS" };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        _width.Between(16, 8192);
        _height.Between(16, 8192);
        command.Add(_file);
        foreach (var option in new Option[] { _list, _architecture, _classes, _out, _store, _initial, _prefix, _width, _height })
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(_architecture) is null
                && new Option[] { _classes, _initial, _width, _height }
                    .FirstOrDefault(option => result.GetResult(option) is { Implicit: false }) is { } alone)
            {
                result.AddError($"{alone.Name} describes a network: name it with --architecture.");
            }

            if (result.GetResult(_width) is null != result.GetResult(_height) is null)
            {
                result.AddError("--width and --height belong together: give both, or neither.");
            }
        });
    }

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>What is to be done.</returns>
    public ImportRequest Read(ParseResult parsed) => new(
        parsed.GetRequiredValue(_file),
        parsed.GetValue(_list) || (parsed.GetValue(_architecture) is null && parsed.GetValue(_out) is null && !parsed.GetValue(_store)),
        parsed.GetValue(_architecture),
        parsed.GetValue(_classes) is { } classes ? NetworkClasses.Parse(classes) : null,
        parsed.GetValue(_out),
        parsed.GetValue(_prefix),
        parsed.GetValue(_width) is { } width && parsed.GetValue(_height) is { } height ? (width, height) : null,
        parsed.GetValue(_store),
        parsed.GetValue(_initial));
}
