using System.CommandLine;
using System.Text.Json.Nodes;
using IntraDA.Access;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Errors;
using Spectre.Console;

namespace IntraDA.Cli.Keys;

/// <summary><c>keys create</c>: makes an API key, shows it once and keeps its hash.</summary>
internal sealed class KeysCreateCommand : CliCommand
{
    private readonly Option<string?> _role = OptionRules.Choice(
        "--role", "What the key may do", CallerRoles.Names.ToDictionary(name => name, name => CallerRoles.Parse(name)!.Value));

    private readonly OutOption _out = OutOption.File("Key file of the services (Auth:KeysFile); the key's hash is added to it.");

    private readonly Option<string> _note = new("--note")
    {
        Description = "Whose key it is, for people who read the file.",
        DefaultValueFactory = _ => "",
        HelpName = "TEXT",
    };

    /// <summary>Defines the command.</summary>
    /// <param name="host">The process.</param>
    /// <param name="options">The options of every command.</param>
    public KeysCreateCommand(CliHost host, GlobalOptions options)
        : base("create", "Makes an API key, prints it once, and adds its hash to the services' key file.")
    {
        (_role.Required, _out.Required) = (true, true);
        Add(_role);
        Add(_out);
        Add(_note);
        Run(host, options, (parsed, session, _) => Task.FromResult(CreateKey(parsed, session)));
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Examples =>
    [
        "./intrada keys create --role operate --out keys.jsonl --note \"the night job\"",
        "./intrada keys create --role predict --out keys.jsonl",
    ];

    private int CreateKey(ParseResult parsed, CommandSession session)
    {
        var path = Path.GetFullPath(parsed.GetRequiredValue(_out));
        var role = CallerRoles.Parse(parsed.GetRequiredValue(_role))!.Value;
        var key = ApiKey.Create();
        var record = new KeyRecord(new Caller(ApiKey.CreateId(), role), ApiKey.Hash(key));
        Append(path, KeyFile.Write(record, parsed.GetRequiredValue(_note), session.Clock.GetUtcNow()));
        session.Output.Result(
            new JsonObject { ["event"] = "key", ["id"] = record.Caller.Id, ["role"] = CallerRoles.NameOf(role), ["file"] = path, ["key"] = key },
            console =>
            {
                console.WriteLine(key);
                session.Output.Warn($"{record.Caller.Id} ({CallerRoles.NameOf(role)}) is in {path}. The key itself is shown this once and kept nowhere.");
            });
        return ExitCodes.Success;
    }

    private static void Append(string path, string line)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read };
            if (!OperatingSystem.IsWindows() && !File.Exists(path))
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            if (File.Exists(path))
            {
                // Added to a file that is something else, the key would never work.
                KeyFile.Read(path);
            }

            using var file = new FileStream(path, options);
            var endsLine = file.Length == 0;
            if (!endsLine)
            {
                file.Seek(-1, SeekOrigin.End);
                endsLine = file.ReadByte() == '\n';
            }

            using var writer = new StreamWriter(file);
            writer.Write(endsLine ? $"{line}\n" : $"\n{line}\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"{path} cannot be written: {exception.Message.TrimEnd('.')}");
        }
    }
}
