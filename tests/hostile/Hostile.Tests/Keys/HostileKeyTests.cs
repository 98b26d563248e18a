using Grpc.Core;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Hostile.Tests.World;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hostile.Tests.Keys;

/// <summary>Keys, prefixes, names and paths that lead elsewhere, in every field that takes one.</summary>
public sealed class HostileKeyTests(HostileEnsemble ensemble)
{
    // Each field takes some of the keys, so that all meet without all pairs being tried.
    private const int KeysPerField = 5;

    private static readonly Dictionary<string, string> BadKeys = new()
    {
        ["up"] = "../x",
        ["up from below"] = "a/../../x",
        ["up at the end"] = "a/..",
        ["absolute"] = "/etc/passwd",
        ["empty part"] = "a//b",
        ["slash at the end"] = "a/",
        ["here"] = "./a",
        ["here in the middle"] = "a/./b",
        ["NUL"] = "a\0b",
        ["513 characters"] = new string('k', 513),
        ["4 KB"] = new string('k', 4096),
        ["upper case"] = "Uploads/x",
        ["space"] = "a b",
        ["line break"] = "a\r\nx-amz-acl: public",
        ["backslash"] = "..\\..\\x",
        ["percent"] = "%2e%2e/x",
        ["full-width dots"] = "．．/x",
        ["drive"] = "c:/x",
        ["query"] = "a?versionId=1",
        ["hash"] = "a#b",
        ["plus"] = "a+b",
        ["home"] = "~/x",
        ["right-to-left mark"] = "a\u202eb",
        ["unpaired surrogate replaced"] = "a\ufffdb",
        ["variable"] = "$HOME/x",
    };

    private static readonly (string Field, Func<HostileEnsemble, string, Task> Send)[] Fields =
    [
        ("artifact.key", (w, key) => HostileEnsemble.DrainAsync(w.Gateway.DownloadArtifact(new DownloadArtifactRequest { Artifact = Named(key) }, w.Soon))),
        ("artifact.key", (w, key) => w.Gateway.CreateDownloadLinkAsync(new CreateDownloadLinkRequest { Artifact = Named(key) }, w.Soon).ResponseAsync),
        ("score_table.key", (w, key) => w.Gateway.RankAsync(new RankRequest { ScoreTable = Named(key) }, w.Soon).ResponseAsync),
        ("manifest.key", (w, key) => w.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "x", Manifest = Named(key) }, w.Soon).ResponseAsync),
        ("options.model.checkpoint.key", (w, key) => w.Gateway.PredictAsync(
            new PredictRequest { Options = new PredictionOptions { Model = new WorkflowModel { Checkpoint = Named(key) } }, Image = new SegmenterV1.ImageInput() }, w.Soon).ResponseAsync),
        ("spec.initial_weights.key", (w, key) => w.Gateway.CreateWorkflowAsync(
            new CreateWorkflowRequest { Spec = new WorkflowSpec { Source = "labelled", Target = "labelled", Validation = "labelled", InitialWeights = Named(key) } }, w.Soon).ResponseAsync),
        ("dataset.key", (w, key) => HostileEnsemble.DrainAsync(w.Segmenter.ScoreDataset(
            new SegmenterV1.ScoreDatasetRequest { Model = Model(w), Dataset = Named(key), OutputPrefix = "x" }, w.Soon))),
        ("output_prefix", (w, key) => HostileEnsemble.DrainAsync(w.Segmenter.ScoreDataset(
            new SegmenterV1.ScoreDatasetRequest { Model = Model(w), Dataset = w.Manifest, OutputPrefix = key }, w.Soon))),
        ("output_prefix", (w, key) => HostileEnsemble.DrainAsync(w.Segmenter.Evaluate(
            new SegmenterV1.EvaluateRequest { Model = Model(w), Dataset = w.Manifest, OutputPrefix = key }, w.Soon))),
        ("checkpoint.key", (w, key) => w.Segmenter.LoadModelAsync(new SegmenterV1.LoadModelRequest { Name = "x", Checkpoint = Named(key) }, w.Soon).ResponseAsync),
        ("name", (w, key) => w.Segmenter.LoadModelAsync(new SegmenterV1.LoadModelRequest { Name = key, Checkpoint = w.Checkpoint }, w.Soon).ResponseAsync),
        ("output_prefix", (w, key) => w.Ranker.RankAsync(new RankerV1.RankRequest { ScoreTable = w.Manifest, OutputPrefix = key }, w.Soon).ResponseAsync),
        ("easy_split.key", (w, key) => Label(w, request => request.EasySplit = Named(key))),
        ("predictions.key", (w, key) => Label(w, request => request.Predictions = Named(key))),
        ("spec.labelled[0].dataset.key", (w, key) => Train(w, spec => spec.Labelled[0].Dataset = Named(key))),
        ("spec.best_on.key", (w, key) => Train(w, spec => spec.BestOn = Named(key))),
        ("spec.initial_weights.key", (w, key) => Train(w, spec => spec.InitialWeights = Named(key))),
        ("request_id", (w, key) => w.Trainer.StartTrainingAsync(new StartTrainingRequest { RequestId = key, Spec = w.Training(1) }, w.Soon).ResponseAsync),
        ("request_id", (w, key) => w.Gateway.CreateWorkflowAsync(
            new CreateWorkflowRequest { RequestId = key, Spec = new WorkflowSpec { Source = "labelled", Target = "labelled", Validation = "labelled" } }, w.Soon).ResponseAsync),
        ("name", (w, key) => w.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = key, Manifest = w.Manifest }, w.Soon).ResponseAsync),
        ("dataset", (w, key) => HostileEnsemble.DrainAsync(w.Gateway.ScoreDataset(
            new ScoreDatasetRequest { Model = new WorkflowModel { Checkpoint = w.Checkpoint }, Dataset = key }, w.Soon))),
        ("spec.source", (w, key) => w.Gateway.CreateWorkflowAsync(
            new CreateWorkflowRequest { Spec = new WorkflowSpec { Source = key, Target = "labelled", Validation = "labelled" } }, w.Soon).ResponseAsync),
        ("workflow_id", (w, key) => w.Gateway.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = key }, w.Soon).ResponseAsync),
        ("workflow_id", (w, key) => w.Gateway.CancelWorkflowAsync(new CancelWorkflowRequest { WorkflowId = key }, w.Soon).ResponseAsync),
        ("workflow_id", (w, key) => w.Gateway.ResumeWorkflowAsync(new ResumeWorkflowRequest { WorkflowId = key }, w.Soon).ResponseAsync),
        ("workflow_id", (w, key) => HostileEnsemble.DrainAsync(w.Gateway.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = key }, w.Soon))),
    ];

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_key_is_refused_by_field(string name) => ensemble.RefuseAsync(Cases[name]);

    private static IEnumerable<HostileCase> Make()
    {
        var keys = BadKeys.ToList();
        for (var f = 0; f < Fields.Length; f++)
        {
            var (field, send) = Fields[f];
            for (var k = 0; k < KeysPerField; k++)
            {
                var (name, key) = keys[((f * 7) + (k * 5)) % keys.Count];
                yield return new HostileCase($"field {f}, {field}: {name}", StatusCode.InvalidArgument, field, world => send(world, key));
            }
        }

        foreach (var (name, digest) in new[] { ("short", "ab"), ("upper case", new string('A', 64)), ("a path", "../../../etc/passwd"), ("65 digits", new string('a', 65)) })
        {
            yield return new HostileCase(
                $"digest of a download: {name}",
                StatusCode.InvalidArgument,
                "artifact.sha256",
                w => HostileEnsemble.DrainAsync(w.Gateway.DownloadArtifact(new DownloadArtifactRequest { Artifact = new Artifact { Key = "a", Sha256 = digest } }, w.Soon)));
            yield return new HostileCase(
                $"digest of an upload: {name}",
                StatusCode.InvalidArgument,
                "header.sha256",
                w => UploadAsync(w, new UploadHeader { Sha256 = digest, SizeBytes = 1, MediaType = "a/b" }));
        }

        // Ids of jobs are not promised to have a form: an unknown one is not found, whatever it holds.
        foreach (var (name, id) in BadKeys)
        {
            yield return new HostileCase(
                $"training: {name}", StatusCode.NotFound, null, w => w.Trainer.GetTrainingAsync(new GetTrainingRequest { TrainingId = id }, w.Soon).ResponseAsync);
        }

        foreach (var (name, path, code) in new[]
                 {
                     ("relative", "data", StatusCode.InvalidArgument), ("NUL", "/data\0/x", StatusCode.InvalidArgument), ("outside", "/etc", StatusCode.PermissionDenied),
                     ("outside that is not there", "/no/such", StatusCode.PermissionDenied), ("up", "DATA/../home", StatusCode.PermissionDenied),
                     ("4 KB", "DATA/" + new string('d', 4096), StatusCode.InvalidArgument), ("missing", "DATA/none", StatusCode.InvalidArgument),
                 })
        {
            yield return new HostileCase(
                $"folder of a data set: {name}",
                code,
                code == StatusCode.InvalidArgument ? "directory.path" : null,
                w => RegisterAsync(w, new DirectoryDataset { Path = path.Replace("DATA", w.DataRoot, StringComparison.Ordinal), Layout = "plain" }));
        }

        foreach (var (name, list) in new[] { ("up", "../home/lock"), ("absolute", "/etc/passwd"), ("NUL", "a\0b"), ("missing", "none.txt"), ("4 KB", new string('l', 4096)) })
        {
            yield return new HostileCase(
                $"list of a data set: {name}",
                StatusCode.InvalidArgument,
                "directory",
                w => RegisterAsync(w, new DirectoryDataset { Path = w.DataRoot, Layout = "plain", List = list }));
        }
    }

    private static Artifact Named(string key) => new() { Key = key, Sha256 = new string('a', 64), SizeBytes = 1, MediaType = "a/b" };

    private static SegmenterV1.ModelSelector Model(HostileEnsemble world) => new() { Checkpoint = world.Checkpoint };

    private static Task RegisterAsync(HostileEnsemble world, DirectoryDataset directory) =>
        world.Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "hostile", Directory = directory }, world.Soon).ResponseAsync;

    private static Task Label(HostileEnsemble world, Action<RankerV1.GeneratePseudoLabelsRequest> change)
    {
        var request = new RankerV1.GeneratePseudoLabelsRequest
        {
            Dataset = world.Manifest, Predictions = world.Manifest, EasySplit = world.Manifest, HardSplit = world.Manifest, OutputPrefix = "x",
        };
        change(request);
        return HostileEnsemble.DrainAsync(world.Ranker.GeneratePseudoLabels(request, world.Soon));
    }

    private static Task Train(HostileEnsemble world, Action<TrainingSpec> change)
    {
        var spec = world.Training(1);
        change(spec);
        return world.Trainer.StartTrainingAsync(new StartTrainingRequest { RequestId = "hostile", Spec = spec }, world.Soon).ResponseAsync;
    }

    private static async Task UploadAsync(HostileEnsemble world, UploadHeader header)
    {
        using var call = world.Gateway.UploadArtifact(world.Soon);
        await call.RequestStream.WriteAsync(new UploadArtifactRequest { Header = header });
        await call.ResponseAsync;
    }
}
