using Grpc.Core;
using IntraDA.Artifacts.Formats.Tables;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Ranker.V1;
using IntraDA.Gateway.Tests.Ensemble;
using IntraDA.Hosting.Errors;
using RankRequest = IntraDA.Contracts.Gateway.V1.RankRequest;

namespace IntraDA.Gateway.Tests.Predictions;

public sealed class RankTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rare_classes_are_those_of_the_request_or_those_of_its_data_set()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        var table = await TableAsync(ensemble);

        // By entropy "common" comes first; with class 1 rare (as the classes of "target" say) the image that shows it does.
        Assert.Equal("common\n", await EasiestAsync(ensemble, new RankRequest { ScoreTable = table, Options = Options(RankingMethod.Entropy) }));
        var asked = new RankRequest { ScoreTable = table, Options = Options(RankingMethod.RareClass), Dataset = "target" };
        Assert.Equal("rare\n", await EasiestAsync(ensemble, asked));
        asked = new RankRequest { ScoreTable = table, Options = Options(RankingMethod.RareClass, 1) };
        Assert.Equal("rare\n", await EasiestAsync(ensemble, asked));
        asked.Dataset = "target";
        asked.Options.RareTrainIds[0] = 0;
        Assert.Equal("common\n", await EasiestAsync(ensemble, asked));
    }

    [Fact]
    public async Task Without_rare_classes_the_request_is_refused_with_the_ways_to_name_them()
    {
        await using var ensemble = await TestEnsemble.StartAsync();
        await ensemble.RegisterAsync("plain", images: 1, labelled: false, rare: "");
        var table = await TableAsync(ensemble);

        await RefusedAsync("", "`dataset`");
        await RefusedAsync("plain", "name no rare ones");
        await RefusedAsync("target", "0..2", 7);

        async Task RefusedAsync(string dataset, string part, params int[] rare)
        {
            var request = new RankRequest { ScoreTable = table, Options = Options(RankingMethod.RareClass, rare), Dataset = dataset };
            var error = await Assert.ThrowsAsync<RpcException>(() => ensemble.Client.RankAsync(request, cancellationToken: Token).ResponseAsync.Within());
            Assert.Equal(StatusCode.InvalidArgument, error.StatusCode);
            var violation = Assert.Single(RpcErrors.ReadViolations(RpcErrors.Read(error)));
            Assert.Equal("options.rare_train_ids", violation.Field);
            Assert.Contains(part, violation.Description, StringComparison.Ordinal);
        }
    }

    private static RankingOptions Options(RankingMethod method, params int[] rare) => new() { Method = method, Lambda = 0.5, RareTrainIds = { rare } };

    private static async Task<Artifact> TableAsync(TestEnsemble ensemble)
    {
        ScoreRow[] rows = [new("common", 0.2, 0.2, new byte[] { 0b1 }), new("rare", 0.3, 0.3, new byte[] { 0b11 })];
        return await ensemble.Store.PutWrittenAsync(
            "scores/table.parquet", ScoreTable.MediaType, (stream, token) => ScoreTable.WriteAsync(stream, rows, token), Token);
    }

    private static async Task<string> EasiestAsync(TestEnsemble ensemble, RankRequest request)
    {
        var result = (await ensemble.Client.RankAsync(request, cancellationToken: Token).ResponseAsync.Within()).Result;
        return System.Text.Encoding.UTF8.GetString(await ensemble.Store.ReadBytesAsync(result.EasySplit, 1 << 10, Token));
    }
}
