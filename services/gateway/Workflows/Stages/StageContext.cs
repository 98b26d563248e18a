using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Gateway.Workflows.State;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>What a stage knows: the workflow as it was created and what its earlier stages made.</summary>
internal sealed class StageContext(WorkflowRecord record, Workflow current)
{
    public WorkflowRecord Record { get; } = record;

    public Workflow Current { get; } = current;

    public WorkflowSpec Spec => Record.Spec;

    /// <summary>Enters every key; not empty where results of other workflows are not wanted.</summary>
    public string Salt => Spec.SkipCache ? Record.Id : "";

    /// <summary>The source as a set to learn from.</summary>
    public LabelledSet LabelledSource => new() { Dataset = Record.Source.Manifest, Weight = 1 };

    /// <summary>What the inter stage starts from: the source network, else the initial weights; null for neither.</summary>
    public Artifact? Start => Output(StageKind.Source, "weights") ?? Spec.InitialWeights;

    /// <summary>Whether the network of step one is not trained here: it is the one in the initial weights.</summary>
    public bool IsInterGiven => Spec.InterOptions.Iterations == 0;

    /// <summary>The network of step one; null where it is neither trained nor given as a network that predicts.</summary>
    public Artifact? Inter => Network(StageKind.Inter);

    public Stage Stage(StageKind kind) => WorkflowFold.StageOf(Current, kind);

    public Artifact? Output(StageKind kind, string name) =>
        Stage(kind) is { State: WorkflowState.Succeeded } stage && stage.Outputs.TryGetValue(name, out var artifact) ? artifact : null;

    /// <summary>An output without which a stage cannot be reached.</summary>
    public Artifact Need(StageKind kind, string name) =>
        Output(kind, name) ?? throw new InvalidOperationException($"The stage {kind} of {Record.Id} has no output '{name}'.");

    /// <summary>
    /// The network that a stage stands for: its weights, and for a source or inter stage that was left out the initial weights in its
    /// place where they are a network; null where there is none.
    /// </summary>
    public Artifact? Network(StageKind kind) =>
        Output(kind, "weights") ?? (kind == InPlaceOf && Record.InitialPredicts ? Spec.InitialWeights : null);

    /// <summary>The network of step one, without which the target cannot be scored.</summary>
    public Artifact NeedInter() =>
        Inter ?? throw new InvalidOperationException($"The workflow {Record.Id} has no network of step one.");

    // Which network the initial weights are, where they are one.
    private StageKind InPlaceOf => IsInterGiven ? StageKind.Inter : StageKind.Source;
}
