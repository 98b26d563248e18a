using System.Text;
using Grpc.Net.Client;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Ensemble.Tests.Processes;
using IntraDA.Ensemble.Tests.World;

namespace IntraDA.Ensemble.Tests.Stores;

/// <summary>The services on an S3 store.</summary>
public sealed class S3WorkflowTests(RunningEnsemble ensemble, S3Server server) : IClassFixture<S3Server>
{
    private const string Bucket = "ensemble";

    [Fact]
    public async Task A_workflow_keeps_all_of_its_artefacts_in_the_bucket_and_ends_with_the_same_weights()
    {
        Assert.SkipWhen(server.Unavailable is not null, server.Unavailable ?? "");
        using var folder = new TempFolder();
        await using var services = await ServicesProcess.StartAsync(folder["home"], server.ServiceArguments(Bucket));
        using var channel = GrpcChannel.ForAddress(services.Gateway);
        var gateway = new GatewayClient(new GatewayService.GatewayServiceClient(channel));
        await gateway.RegisterStreetsAsync(Path.GetDirectoryName(ensemble.Folder("source"))!);
        var spec = TinyStreets.Spec();
        spec.SkipControls = true;

        var (workflow, _) = await gateway.RunAsync(spec);

        var store = ArtifactStoreFactory.Create(server.Options(Bucket), TimeProvider.System);
        var artifacts = workflow.Stages.SelectMany(stage => stage.Outputs.Values).Append(workflow.ReportHtml).Append(workflow.ReportJson).ToList();
        Assert.True(artifacts.Count > 12);
        foreach (var artifact in artifacts)
        {
            Assert.Equal(artifact.SizeBytes, await store.GetSizeAsync(artifact.Key, TestContext.Current.CancellationToken));
        }

        Assert.False(Directory.Exists(folder["home", "store"]), "The services kept artefacts on the disk.");
        Assert.Equal((await ensemble.PlainAsync()).Weights(StageKind.Intra), workflow.Weights(StageKind.Intra));
        Assert.Equal(WorkflowState.Succeeded, (await gateway.GetAsync(workflow.Id)).State);

        var cli = new Cli(folder["home"], services.Gateway);
        var predict = (await cli.RunAsync("predict", "--workflow", workflow.Id, ensemble.Images[0], "--out", folder["out"], "--json")).Succeeded();
        Assert.Equal(1, predict.Result["images"]!.GetValue<int>());

        // Specification, events, manifests, curves, reports: no object of the bucket, no word of a service and none of the client tells it.
        Assert.DoesNotContain(S3Server.SecretKey, services.Messages + predict.Out + predict.Error, StringComparison.Ordinal);
        var objects = 0;
        await foreach (var key in store.ListAsync("", TestContext.Current.CancellationToken))
        {
            var content = await store.ReadBytesAsync(new Artifact { Key = key }, 1 << 30, TestContext.Current.CancellationToken);
            Assert.True(content.AsSpan().IndexOf(Encoding.UTF8.GetBytes(S3Server.SecretKey)) < 0, $"'{key}' contains the secret of the store.");
            objects++;
        }

        Assert.True(objects > artifacts.Count);
    }
}
