using System.CommandLine;
using IntraDA.Cli.Composition;

namespace IntraDA.Cli.Bench;

/// <summary>The group <c>bench</c>: each bench compares a plain way with this project's way.</summary>
internal static class BenchCommand
{
    /// <summary>Puts the group together.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    /// <returns>The group.</returns>
    public static Command Create(CliHost host, GlobalOptions options) =>
        new CommandGroup(
            "bench",
            "Measures this project's way against the plain way, in turn, and checks that the answers agree.",
            "./intrada bench ranking --rows 1000000",
            "./intrada bench inference --json")
        {
            new OneBenchCommand(
                host,
                options,
                "inference",
                "Image file to score and label map, against the published code's way.",
                "--precision auto",
                Precision("auto", "float32", "bfloat16"),
                OneBenchCommand.Number("--images", "Images of a run; 2 by default.", 1, 100),
                OneBenchCommand.Number("--width", "Width of the images; 1024 by default.", 64, 4096),
                OneBenchCommand.Number("--height", "Height of the images; 512 by default.", 64, 4096)),
            new OneBenchCommand(
                host,
                options,
                "training",
                "An iteration of AdvEnt on ResNet-101, against the published code's way.",
                "--precision bfloat16",
                Precision("float32", "bfloat16"),
                OneBenchCommand.Number("--width", "Width of the images; 512 by default.", 64, 2048),
                OneBenchCommand.Number("--height", "Height of the images; 256 by default.", 64, 1024)),
            new OneBenchCommand(
                host,
                options,
                "stream",
                "Images through gateway and segmenter, against the engine called in process.",
                "--model compact",
                Choice("--model", "Network, both by default", "both", "resnet101", "compact")),
            new OneBenchCommand(
                host,
                options,
                "ranking",
                "A table of ten million scores to its ranking and split, against reading, sorting and writing all rows plainly.",
                "--rows 1000000",
                OneBenchCommand.Number("--rows", "Rows of the table; 10,000,000 by default.", 1, 100_000_000)),
            new OneBenchCommand(
                host,
                options,
                "store",
                "A checkpoint to the S3 store and back, against boto3 on the same server.",
                "--size-mb 1000",
                OneBenchCommand.Number("--size-mb", "Size of the checkpoint in megabytes; 200 by default.", 1, 10_000),
                new Option<string?>("--endpoint")
                {
                    Description = "URL of an S3 server, its keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; by default one is started.",
                    HelpName = "URL",
                }),
            new OneBenchCommand(
                host,
                options,
                "scaling",
                "A workflow's scoring on two segmenters of one thread each, against one of them.",
                "--model compact",
                Choice("--model", "Network, both by default", "both", "resnet101", "compact"),
                Choice("--cores", "Whether each segmenter has a core to itself, own by default", "own", "shared")),
        };

    private static Option<string?> Precision(params string[] names) =>
        Choice("--precision", "Precision of the convolutions, float32 by default", names);

    private static Option<string?> Choice(string option, string description, params string[] names) =>
        OptionRules.Choice(option, description, names.ToDictionary(name => name));
}
