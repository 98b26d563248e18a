using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Scoring;
using IntraDA.Gateway.Services;
using IntraDA.Gateway.Workflows.State;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Gateway.Workflows.Stages;

/// <summary>Every network on the validation set. Each is kept under a key of its own: a sweep evaluates what it shares once.</summary>
internal sealed class EvaluateStage(SegmenterSteps segmenter, StageFiles files, StageCache cache) : IStage
{
    public StageKind Kind => StageKind.Evaluate;

    /// <summary>Name of the output that holds a network's <see cref="EvaluationReport"/>.</summary>
    public static string OutputOf(StageKind network) => $"evaluation.{StageOrder.NameOf(network)}";

    public async Task<StagePlan> PlanAsync(StageContext context, CancellationToken cancellationToken)
    {
        if (context.Record.Validation is not { } validation)
        {
            return StagePlan.Skip("The spec names no validation set.");
        }

        var networks = StageOrder.Networks
            .Select(network => (Kind: network, Weights: context.Network(network)))
            .Where(network => network.Weights is not null)
            .ToDictionary(network => network.Kind, network => network.Weights!);
        var scorer = await segmenter.DescribeAsync(cancellationToken).ConfigureAwait(false);
        var inputs = networks.ToDictionary(network => $"weights.{StageOrder.NameOf(network.Key)}", network => network.Value);
        inputs["validation"] = validation.Manifest;
        return new StageWork
        {
            Key = StageKey.Compute(Kind, scorer.Service, [new("precision", scorer.Precision)], inputs, context.Salt),
            Service = scorer.Service,
            Inputs = inputs,
            RunAsync = async (monitor, token) =>
            {
                var outputs = new Dictionary<string, Artifact>();
                foreach (var (network, weights) in networks)
                {
                    outputs[OutputOf(network)] = await EvaluateAsync(
                            StageOrder.NameOf(network), weights, validation.Manifest, scorer, context.Salt, monitor, token)
                        .ConfigureAwait(false);
                }

                return outputs;
            },
        };
    }

    private async Task<Artifact> EvaluateAsync(
        string name,
        Artifact weights,
        Artifact validation,
        ScorerIdentity scorer,
        string salt,
        StageMonitor monitor,
        CancellationToken cancellationToken)
    {
        const string Output = "evaluation";
        var inputs = new Dictionary<string, Artifact> { ["weights"] = weights, ["validation"] = validation };
        var key = StageKey.Compute(Kind, scorer.Service, [new("networks", "one"), new("precision", scorer.Precision)], inputs, salt);
        using var one = await cache.LockAsync(key, cancellationToken).ConfigureAwait(false);
        if (await cache.FindAsync(Kind, key, cancellationToken).ConfigureAwait(false) is { } finished)
        {
            return finished.Outputs[Output];
        }

        var by = scorer.Service;
        var prefix = StageKey.PrefixOf(Kind, key);
        var report = await segmenter
            .EvaluateAsync(
                scorer,
                new SegmenterV1.EvaluateRequest
                {
                    Model = new SegmenterV1.ModelSelector { Checkpoint = weights },
                    Dataset = validation,
                    OutputPrefix = prefix,
                },
                progress => monitor.OnProgress(new Progress(progress) { Activity = $"evaluating {name}" }),
                async (service, token) =>
                {
                    by = service;
                    await monitor.OnService(service, token).ConfigureAwait(false);
                },
                cancellationToken)
            .ConfigureAwait(false);
        var artifact = await files.PutAsync(prefix, Output, report, cancellationToken).ConfigureAwait(false);
        var stage = new Stage { Kind = Kind, Key = key, State = WorkflowState.Succeeded, Service = by };
        stage.Inputs.Add(inputs);
        stage.Outputs[Output] = artifact;
        await cache.SaveAsync(stage, cancellationToken).ConfigureAwait(false);
        return artifact;
    }
}
