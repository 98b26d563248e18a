using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Durability.Tests.World;

namespace IntraDA.Durability.Tests.Scaling;

/// <summary>The scoring on one segmenter, run once: what two must end with.</summary>
public sealed class OneSegmenter
{
    /// <summary>Images of the set.</summary>
    public const int Images = 128;

    /// <summary>Pieces of it: a 32nd of the set each.</summary>
    public const int Pieces = 32;

    /// <summary>Width and height of the network's input, pixels: large enough for a kill to hit a piece that is being scored.</summary>
    public const int Side = 192;

    private ScoreReport? _report;

    /// <summary>The scoring's result.</summary>
    internal async Task<ScoreReport> GetAsync(Streets streets)
    {
        if (_report is null)
        {
            await using var services = await ScoringServices.StartAsync(1, streets.CrowdedTarget(Images));
            _report = await services.ScoreAsync(await services.NetworkAsync(Side));
            Assert.Equal(Pieces, ScoringServices.ScoredBy(services.Segmenters[0]));
        }

        return _report;
    }
}
