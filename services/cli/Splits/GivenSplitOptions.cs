using System.CommandLine;
using IntraDA.Cli.Errors;

namespace IntraDA.Cli.Splits;

/// <summary>The options that name a split and pseudo-labels that were made elsewhere.</summary>
internal sealed class GivenSplitOptions
{
    private readonly Option<string?> _easy = new("--easy-split")
    {
        Description = "List of the easy target images, one a line as easy_split.txt has them; takes the place of the ranking.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _hard = new("--hard-split") { Description = "List of the hard target images.", HelpName = "FILE" };
    private readonly Option<string?> _labels = new("--pseudo-labels-from")
    {
        Description = "Folder with the pseudo-labels of the easy images: PNG files of train ids, named as the images.",
        HelpName = "DIR",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_easy);
        command.Add(_hard);
        command.Add(_labels);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_easy) is null != result.GetResult(_hard) is null)
            {
                result.AddError("--easy-split and --hard-split belong together: give both, or neither.");
            }

            if (result.GetResult(_labels) is not null && result.GetResult(_easy) is null)
            {
                result.AddError("--pseudo-labels-from needs the split that they are for: give --easy-split and --hard-split.");
            }
        });
    }

    /// <summary>The files, checked.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>Their paths; null where no split was given.</returns>
    /// <exception cref="CliException">One of them is not there.</exception>
    public GivenSplit? Read(ParseResult parsed)
    {
        if (parsed.GetValue(_easy) is not { } easy || parsed.GetValue(_hard) is not { } hard)
        {
            return null;
        }

        foreach (var (option, path) in new[] { (_easy, easy), (_hard, hard) })
        {
            if (!File.Exists(path))
            {
                throw new CliException($"{option.Name} {path} is not there; check the path of the list");
            }
        }

        var labels = parsed.GetValue(_labels);
        return labels is null || Directory.Exists(labels)
            ? new GivenSplit(easy, hard, labels)
            : throw new CliException($"{_labels.Name} {labels} is not there; check the path of the folder");
    }
}
