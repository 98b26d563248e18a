using System.Globalization;
using IntraDA.Cli.Composition;
using IntraDA.Cli.Datasets;
using IntraDA.Cli.Demo;
using IntraDA.Cli.Output;
using IntraDA.Cli.Synthetic;
using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Studies;

/// <summary>The demonstration's synthetic pair under a data seed of its own.</summary>
/// <param name="Root">Folder that holds pairs, one folder each.</param>
/// <param name="Seed">Seed of the scenes.</param>
/// <param name="Size">Numbers of scenes.</param>
internal sealed record SyntheticPair(string Root, ulong Seed, DemoPlan Size)
{
    /// <summary>Draws what is not there yet. A pair that is there stays untouched: a workflow may be reading it.</summary>
    /// <param name="session">The command.</param>
    /// <param name="cancellationToken">Stops; what was finished stays.</param>
    /// <returns>The folders by role.</returns>
    public async Task<IReadOnlyDictionary<string, DatasetPlace>> DrawAsync(CommandSession session, CancellationToken cancellationToken)
    {
        // All that tells two pairs apart is in the name, and a set's folder appears only when it is whole.
        var name = string.Create(
            CultureInfo.InvariantCulture, $"seed-{Seed}-{Size.SourceImages}-{Size.TargetImages}-{Size.ValidationImages}");
        var sets = Size.Sets(Path.Combine(Root, name));
        var missing = sets.Values.Where(set => !Directory.Exists(set.Directory)).ToList();
        if (missing.Count > 0)
        {
            Directory.CreateDirectory(Path.Combine(Root, name));
            await using var board = session.Output.OpenBoard();
            var meter = new RateMeter(board, session.Clock, "scenes", "drawing", "image", missing.Sum(set => set.Count));
            var writer = new SyntheticDatasetWriter(new StreetOptions { Seed = Seed });
            foreach (var set in missing)
            {
                await writer.WriteAsync(set, () => meter.Add(1), cancellationToken);
            }

            meter.Finish();
        }

        return sets.ToDictionary(
            set => set.Key,
            set => new DatasetPlace(set.Value.Directory, "plain", List: null, Split: "", Protocol: "", IgnoreLabels: set.Key == "target")
                .Resolve("the " + set.Key));
    }
}
