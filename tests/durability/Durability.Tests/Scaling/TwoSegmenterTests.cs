using IntraDA.Durability.Tests.World;

namespace IntraDA.Durability.Tests.Scaling;

/// <summary>Scoring on two segmenters, as processes: the same bytes as on one, and a lost one costs what it had in hand.</summary>
public sealed class TwoSegmenterTests(Streets streets, OneSegmenter one, Tally tally) : IClassFixture<OneSegmenter>
{
    private const int Images = OneSegmenter.Images;
    private const int Pieces = OneSegmenter.Pieces;

    // What the gateway gives a segmenter at a time.
    private const int InHand = 2;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    [Fact(Timeout = 240_000)]
    public async Task Two_segmenters_share_a_scoring_and_make_the_bytes_that_one_makes()
    {
        var expected = await one.GetAsync(streets);
        await using var services = await ScoringServices.StartAsync(2, streets.CrowdedTarget(Images));
        var report = await services.ScoreAsync(await services.NetworkAsync(OneSegmenter.Side));

        Assert.Equal((expected.ScoreTable.Sha256, Images), (report.ScoreTable.Sha256, report.Images));
        var shares = services.Segmenters.Select(ScoringServices.ScoredBy).ToList();
        Assert.All(shares, share => Assert.InRange(share, 1, Pieces - 1));
        Assert.Equal(Pieces, shares.Sum());
        Tally.Say($"two segmenters: {shares[0]} and {shares[1]} of {Pieces} pieces, the table has the bytes of one segmenter's");
    }

    [Fact(Timeout = 240_000)]
    public async Task A_segmenter_killed_amid_scoring_costs_the_pieces_that_it_had_in_hand()
    {
        var expected = await one.GetAsync(streets);
        await using var services = await ScoringServices.StartAsync(2, streets.CrowdedTarget(Images));
        var scoring = services.ScoreAsync(await services.NetworkAsync(OneSegmenter.Side));
        var begin = TimeProvider.System.GetTimestamp();
        while (services.FinishedPieces().Count < Pieces / 4)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begin) < Limit, $"Scoring did not get under way.\n{services.GatewayMessages}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        await services.Segmenters[0].KillAsync();
        var finished = services.FinishedPieces();
        var report = await scoring;

        Assert.Equal((expected.ScoreTable.Sha256, Images), (report.ScoreTable.Sha256, report.Images));
        Assert.InRange(finished.Count, Pieces / 4, Pieces - InHand);
        var all = services.FinishedPieces();
        Assert.Equal(Pieces, all.Count);
        Assert.All(finished, piece => Assert.Equal(piece.Value, all[piece.Key]));
        var again = services.GatewayMessages.Split('\n').Count(line => line.Contains("goes to whoever is free", StringComparison.Ordinal));
        Assert.InRange(again, 1, InHand);
        // A piece whose report was on its way when its segmenter died is scored twice, too, but is among those in hand.
        Assert.InRange(services.Segmenters.Sum(ScoringServices.ScoredBy), Pieces, Pieces + again);
        tally.Kills(1);
        Tally.Say($"one of two segmenters killed with {finished.Count} of {Pieces} pieces finished: {again} done again, the table has the same bytes");
    }
}
