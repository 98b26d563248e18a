using IntraDA.Artifacts.Formats;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Data.Manifests;
using IntraDA.Gateway.Reporting.Analysis;

namespace IntraDA.Gateway.Reporting;

/// <summary>Reads the tables and curves that a request names.</summary>
/// <param name="store">Holds them.</param>
internal sealed class ReportInputReader(IArtifactStore store)
{
    private const string Condition = "condition";
    private const string Hard = "hard";

    /// <summary>Reads all of them.</summary>
    /// <param name="request">Names them.</param>
    /// <param name="cancellationToken">Stops the transfer.</param>
    /// <returns>What they hold; what is there but damaged in form is a problem, not an exception.</returns>
    /// <exception cref="ArtifactStoreException">The store failed, or lacks one.</exception>
    public async Task<ReportInputs> ReadAsync(ReportRequest request, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var target = await GuardAsync(() => ReadTargetAsync(request, cancellationToken), [], problems);
        var validation = await GuardAsync(() => ReadValidationAsync(request, cancellationToken), [], problems);
        var curves = new List<TrainingCurve>();
        foreach (var (stage, artifact) in request.Curves.OrderBy(c => Position(request.Workflow, c.Key)))
        {
            curves.AddRange(await GuardAsync(() => ReadCurvesAsync(stage, artifact, cancellationToken), [], problems));
        }

        return new ReportInputs(target, validation, curves, problems);
    }

    private static async Task<IReadOnlyList<T>> GuardAsync<T>(
        Func<Task<IReadOnlyList<T>>> read, IReadOnlyList<T> otherwise, List<string> problems)
    {
        try
        {
            return await read();
        }
        catch (ArtifactFormatException exception)
        {
            // A report without one of its charts is worth more than none.
            problems.Add(exception.Message);
            return otherwise;
        }
    }

    private async Task<IReadOnlyList<TargetImage>> ReadTargetAsync(ReportRequest request, CancellationToken cancellationToken)
    {
        var items = Items(request.Target);
        if (request.Ranking is { } ranking)
        {
            using var stream = await store.OpenReadAsync(ranking, cancellationToken);
            var rows = await RankingTable.ReadAsync(stream, cancellationToken);
            return [.. rows.Select(r => Image(items, r.Id, r.Score, r.Easy))];
        }

        if (request.ScoreTable is { } scores)
        {
            using var stream = await store.OpenReadAsync(scores, cancellationToken);
            var table = await ScoreTable.ReadAsync(stream, cancellationToken);
            return [.. Enumerable.Range(0, table.Count).Select(i => Image(items, table.Ids[i], table.Scores[i], easy: null))];
        }

        return [];
    }

    private async Task<IReadOnlyList<ValidationImage>> ReadValidationAsync(ReportRequest request, CancellationToken cancellationToken)
    {
        if (request.Validation is not { } validation
            || !request.Evaluations.TryGetValue(StageKind.Inter, out var evaluation)
            || evaluation.PerImage is not { } artifact)
        {
            return [];
        }

        var items = Items(validation);
        using var stream = await store.OpenReadAsync(artifact, cancellationToken);
        var rows = await ImageErrorTable.ReadAsync(stream, cancellationToken);
        return [.. rows.Select(r => new ValidationImage(r.Id, r.Score, r.Error, r.Miou, Attribute(items, r.Id, Condition)))];
    }

    private async Task<IReadOnlyList<TrainingCurve>> ReadCurvesAsync(
        StageKind stage, Artifact artifact, CancellationToken cancellationToken)
    {
        using var stream = await store.OpenReadAsync(artifact, cancellationToken);
        return await CurveReader.ReadAsync(stage, artifact.Key, stream, cancellationToken);
    }

    private static Dictionary<string, DatasetItem> Items(DatasetManifest manifest) =>
        manifest.Items.ToDictionary(i => i.Id, StringComparer.Ordinal);

    private static TargetImage Image(Dictionary<string, DatasetItem> items, string id, double score, bool? easy) => new(
        id, score, easy, Attribute(items, id, Condition),
        bool.TryParse(Attribute(items, id, Hard), out var hard) ? hard : null);

    private static string? Attribute(Dictionary<string, DatasetItem> items, string id, string name) =>
        items.TryGetValue(id, out var item) && item.Attributes.TryGetValue(name, out var value) && value.Length > 0 ? value : null;

    private static int Position(Workflow workflow, StageKind kind)
    {
        for (var i = 0; i < workflow.Stages.Count; i++)
        {
            if (workflow.Stages[i].Kind == kind)
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
