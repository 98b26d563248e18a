using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Gateway.Datasets;
using IntraDA.Hosting.Errors;
using IntraDA.Hosting.Options;

namespace IntraDA.Gateway.Workflows.Specs;

/// <summary>Checks a split and pseudo-labels that were made elsewhere, before anything is trained.</summary>
internal sealed class GivenSteps(DatasetRegistry datasets, IArtifactStore store, LimitOptions limits)
{
    private const string Easy = "spec.easy_split";
    private const string Hard = "spec.hard_split";
    private const string Labels = "spec.predictions";
    private const int Named = 5;

    /// <summary>Notes everything that is wrong with them.</summary>
    /// <param name="validator">Hears of it.</param>
    /// <param name="spec">The spec, its options filled in.</param>
    /// <param name="target">The target; null where it is not known.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async Task CheckAsync(RequestValidator validator, WorkflowSpec spec, Dataset? target, CancellationToken cancellationToken)
    {
        validator.Require(
            spec.EasySplit is null == spec.HardSplit is null,
            spec.EasySplit is null ? Easy : Hard,
            "easy_split and hard_split belong together; give both, or neither.");
        validator.Require(
            spec.Predictions is null || spec.EasySplit is not null, Labels, "Pseudo-labels that are given need the split that they are for.");
        validator.Require(
            spec.Predictions is null || spec.PseudoLabels.Policy == PseudoLabelPolicy.Argmax,
            "spec.pseudo_labels.policy",
            $"Pseudo-labels that are given come without confidences, which {spec.PseudoLabels.Policy} needs; use ARGMAX.");
        var easy = await ReadAsync(validator, Easy, spec.EasySplit, SplitList.ReadAsync, cancellationToken).ConfigureAwait(false);
        var hard = await ReadAsync(validator, Hard, spec.HardSplit, SplitList.ReadAsync, cancellationToken).ConfigureAwait(false);
        var labels = await ReadAsync(validator, Labels, spec.Predictions, PredictionsManifest.ReadAsync, cancellationToken).ConfigureAwait(false);
        if (easy is not null && hard is not null)
        {
            validator.Require(easy.Count + hard.Count > 0, Easy, "Neither list names an image.");
            RequireNone(validator, Hard, easy.Intersect(hard, StringComparer.Ordinal), "On both lists");
        }

        if (easy is not null && labels is not null)
        {
            RequireNone(
                validator, Labels, easy.Except(labels.Items.Select(item => item.Id), StringComparer.Ordinal), "Easy without a label map");
        }

        if (target is not null && (easy ?? hard) is not null)
        {
            var manifest = await datasets.ReadManifestAsync(target.Manifest, cancellationToken).ConfigureAwait(false);
            var ids = manifest.Items.Select(item => item.Id).ToHashSet(StringComparer.Ordinal);
            RequireNone(validator, Easy, (easy ?? []).Where(id => !ids.Contains(id)), $"No images of '{target.Name}'");
            RequireNone(validator, Hard, (hard ?? []).Where(id => !ids.Contains(id)), $"No images of '{target.Name}'");
        }
    }

    private static void RequireNone(RequestValidator validator, string field, IEnumerable<string> ids, string what)
    {
        var all = ids.ToList();
        var more = all.Count > Named ? $" and {all.Count - Named} more" : "";
        validator.Require(all.Count == 0, field, $"{what}: {string.Join(", ", all.Take(Named).Select(id => $"'{id}'"))}{more}.");
    }

    private async Task<T?> ReadAsync<T>(
        RequestValidator validator,
        string field,
        Artifact? artifact,
        Func<Stream, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
        where T : class
    {
        if (artifact is null || !validator.RequireArtifact(artifact, field))
        {
            return null;
        }

        if (limits.ProblemOfList(artifact) is { } problem)
        {
            validator.Require(false, field, problem);
            return null;
        }

        try
        {
            var stream = await store.OpenReadAsync(artifact, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                return await read(stream, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ArtifactNotFoundException)
        {
            validator.Require(false, field, $"The store holds nothing under '{artifact.Key}'; upload it first.");
        }
        catch (Exception e) when (InputFields.IsBadInput(e))
        {
            validator.Require(false, field, e.Message);
        }

        return null;
    }
}
