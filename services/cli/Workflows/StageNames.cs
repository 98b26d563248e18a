using System.Text;
using IntraDA.Contracts.Gateway.V1;

namespace IntraDA.Cli.Workflows;

/// <summary>Names of stages and states in texts and options.</summary>
internal static class StageNames
{
    /// <summary>Names that may stand after <c>--stage</c>: the stages that make a network.</summary>
    public static IReadOnlyDictionary<string, StageKind> Networks { get; } = new Dictionary<string, StageKind>
    {
        ["source"] = StageKind.Source,
        ["inter"] = StageKind.Inter,
        ["intra"] = StageKind.Intra,
        ["source-continued"] = StageKind.SourceContinued,
        ["source-renormalized"] = StageKind.SourceRenormalized,
        ["inter-continued"] = StageKind.InterContinued,
    };

    /// <summary>Name for machines.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>E.g. <c>pseudo_label</c>.</returns>
    public static string Machine(StageKind stage) => Words(stage.ToString(), '_');

    /// <summary>Name for people.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>E.g. <c>pseudo-label</c>.</returns>
    public static string Human(StageKind stage) => Words(stage.ToString(), '-');

    /// <summary>Name of a state for both.</summary>
    /// <param name="state">The state.</param>
    /// <returns>E.g. <c>succeeded</c>.</returns>
    public static string State(WorkflowState state) => Words(state.ToString(), '_');

    /// <summary>Whether a workflow in this state has ended.</summary>
    /// <param name="state">The state.</param>
    /// <returns>True where nothing more happens by itself.</returns>
    public static bool IsFinal(WorkflowState state) =>
        state is WorkflowState.Succeeded or WorkflowState.Failed or WorkflowState.Cancelled;

    private static string Words(string name, char separator)
    {
        var words = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && words.Length > 0)
            {
                words.Append(separator);
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        return words.ToString();
    }
}
