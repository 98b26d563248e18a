using System.CommandLine;
using IntraDA.Cli.Checkpoints;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Workflows;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Predict;

/// <summary>The options that name a network: a workflow and one of its stages, or a checkpoint in the store or in a file.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _workflow = new("--workflow") { Description = "Workflow that made the network.", HelpName = "ID" };
    private readonly Option<string?> _stage = OptionRules.Choice(
        "--stage", "Which of the workflow's networks (default: the last step's)", StageNames.Networks);

    private readonly Option<string?> _checkpoint = new("--checkpoint")
    {
        Description = "Checkpoint in place of --workflow: a file (.pth or .safetensors), or the key of one in the store.",
        HelpName = "FILE|KEY",
    };

    /// <summary>Adds the options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Add(_workflow);
        command.Add(_stage);
        command.Add(_checkpoint);
        command.Validators.Add(result =>
        {
            if (result.GetResult(_workflow) is null == result.GetResult(_checkpoint) is null)
            {
                result.AddError("Name the network: either --workflow ID or --checkpoint FILE|KEY.");
            }
            else if (result.GetResult(_checkpoint) is not null && result.GetResult(_stage) is not null)
            {
                result.AddError("--stage chooses a network of a workflow: leave it out with --checkpoint, or name the workflow with --workflow.");
            }
        });
    }

    /// <summary>Whether the network lies in a file of this machine, which only a gateway can store.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>True where the name is that of a file; a key of the store may look the same.</returns>
    public bool IsFile(ParseResult parsed) => File.Exists(parsed.GetValue(_checkpoint));

    /// <summary>The network as the gateway wants it named.</summary>
    /// <param name="parsed">The command line.</param>
    /// <returns>The message.</returns>
    public WorkflowModel Read(ParseResult parsed) => parsed.GetValue(_checkpoint) is { } key
        ? new WorkflowModel { Checkpoint = new Artifact { Key = key } }
        : new WorkflowModel
        {
            WorkflowId = parsed.GetValue(_workflow),
            Stage = parsed.GetValue(_stage) is { } stage ? StageNames.Networks[stage] : StageKind.Unspecified,
        };

    /// <summary>The network as the gateway wants it named; one that lies in a file is sent to the store first.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="client">The gateway.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The message.</returns>
    public async Task<WorkflowModel> ReadAsync(
        ParseResult parsed, GatewayService.GatewayServiceClient client, CancellationToken cancellationToken) => IsFile(parsed)
        ? new WorkflowModel
        {
            Checkpoint = await new CheckpointUploader(client).UploadNetworkAsync(parsed.GetValue(_checkpoint)!, cancellationToken),
        }
        : Read(parsed);
}
