using System.Diagnostics;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Manifests;
using IntraDA.Data.Tests;
using IntraDA.Ensemble.Tests.Processes;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;
using TrainerV1 = IntraDA.Contracts.Trainer.V1;

namespace IntraDA.Hostile.Tests.World;

/// <summary>The services that take every case, with a network and data sets of a few pixels; counts what they refuse.</summary>
public sealed class HostileEnsemble : IAsyncLifetime
{
    public const int MaxMessageBytes = 4 << 20;
    public const int MaxImageBytes = 1 << 20;
    public const int MaxImagePixels = 1 << 20;
    public const int MaxManifestBytes = 1 << 20;

    private readonly TimeSpan _callLimit = TimeSpan.FromSeconds(30);

    private readonly TempFolder _folder = new();
    private readonly List<GrpcChannel> _channels = [];
    private HostileServices? _services;
    private string[] _outside = [];
    private int _refused;
    private int _answered;
    private int _variations;
    private double _slowest;
    private string _slowestName = "";

    internal HostileServices Services => _services!;

    internal GatewayService.GatewayServiceClient Gateway { get; private set; } = null!;

    internal SegmenterV1.SegmenterService.SegmenterServiceClient Segmenter { get; private set; } = null!;

    internal RankerV1.RankerService.RankerServiceClient Ranker { get; private set; } = null!;

    internal TrainerService.TrainerServiceClient Trainer { get; private set; } = null!;

    /// <summary>A network with random weights.</summary>
    internal Artifact Checkpoint { get; private set; } = null!;

    /// <summary>Its bytes.</summary>
    internal byte[] CheckpointBytes { get; private set; } = [];

    /// <summary>An image in the store, 32x24.</summary>
    internal Artifact Image { get; private set; } = null!;

    /// <summary>Its label map.</summary>
    internal Artifact Label { get; private set; } = null!;

    /// <summary>Manifest of a labelled set of one image, registered as "labelled".</summary>
    internal Artifact Manifest { get; private set; } = null!;

    internal CallOptions Soon => new(deadline: TimeProvider.System.GetUtcNow().UtcDateTime + _callLimit, cancellationToken: TestContext.Current.CancellationToken);

    internal string DataRoot => _folder["data"];

    public async ValueTask InitializeAsync()
    {
        try
        {
            Directory.CreateDirectory(DataRoot);
            _services = await HostileServices.StartAsync(
                _folder,
                new Dictionary<string, string?>(),
                "--MaxMessageBytes", $"{MaxMessageBytes}",
                "--Segmenter:MaxImageBytes", $"{MaxImageBytes}",
                "--Segmenter:MaxImagePixels", $"{MaxImagePixels}",
                "--Limits:MaxImageBytes", $"{MaxImageBytes}",
                "--Limits:MaxImagePixels", $"{MaxImagePixels}",
                "--Limits:MaxManifestBytes", $"{MaxManifestBytes}",
                "--Limits:CallSeconds", "20",
                "--Datasets:AllowedRoots:0", DataRoot);
            Gateway = new(Open("gateway"));
            Segmenter = new(Open("segmenter"));
            Ranker = new(Open("ranker"));
            Trainer = new(Open("trainer"));
            Image = await UploadAsync(Pictures.Png(32, 24), "image/png");
            Label = await UploadAsync(Pictures.Labels(32, 24, 0, 1, 255), "image/png");
            Manifest = await UploadAsync(DatasetManifestJson.Serialize(Describe(Image, Label)), DatasetManifest.MediaType);
            await Gateway.RegisterDatasetAsync(new RegisterDatasetRequest { Name = "labelled", Manifest = Manifest }, Soon);
            Checkpoint = await TrainAsync();
            CheckpointBytes = await DownloadAsync(Checkpoint);
            // Computed once before the cases, so that what the library writes lazily is there.
            await Segmenter.PredictAsync(Prediction(Pictures.Png(), Checkpoint), Soon);
            _outside = Outside();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_services is { IsAlive: true } && _refused + _variations > 0)
            {
                Console.WriteLine($"summary: cases refused: {_refused}");
                Console.WriteLine(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"summary: odd but valid inputs answered: {_answered}; variations of files read or refused: {_variations}; slowest refusal {_slowest:0.00} s ({_slowestName}); peak resident set of the four services {_services.PeakMebibytes} MiB"));
            }

            _channels.ForEach(channel => channel.Dispose());
            if (_services is not null)
            {
                await _services.DisposeAsync();
            }
        }
        finally
        {
            _folder.Dispose();
        }
    }

    /// <summary>Sends a case: it must be refused by code and field, quickly, and the services must go on unharmed.</summary>
    internal async Task RefuseAsync(HostileCase one)
    {
        var said = Services.Messages.Length;
        var watch = Stopwatch.StartNew();
        var error = await Record.ExceptionAsync(() => one.Send(this).WaitAsync(_callLimit, TestContext.Current.CancellationToken));
        var seconds = watch.Elapsed.TotalSeconds;
        var rpc = Assert.IsType<RpcException>(error);
        Assert.True(rpc.StatusCode == one.Code, $"It was answered {rpc.StatusCode}, not {one.Code}: {rpc.Status.Detail}");
        var status = rpc.GetRpcStatus();
        Assert.NotNull(status);
        var info = status.GetDetail<ErrorInfo>();
        Assert.Equal("intrada", info.Domain);
        Assert.Matches("^[A-Z][A-Z0-9_]{2,62}$", info.Reason);
        var violations = status.GetDetail<BadRequest>()?.FieldViolations ?? [];
        Assert.True(
            one.Field is null || violations.Any(violation => violation.Field == one.Field),
            $"The answer names {string.Join(", ", violations.Select(violation => violation.Field).DefaultIfEmpty("no field"))}, not {one.Field}: {rpc.Status.Detail}");
        Assert.DoesNotContain("   at ", rpc.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", rpc.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(rpc.Status.Detail, char.IsControl);
        Assert.InRange(status.CalculateSize(), 1, 4600);
        await AliveAsync(Services.Messages[said..]);
        Interlocked.Increment(ref _refused);
        if (seconds > _slowest)
        {
            (_slowest, _slowestName) = (seconds, one.Name);
        }
    }

    /// <summary>The services answer, have met no defect of their own, and have written nothing outside of the store.</summary>
    internal async Task AliveAsync(string messages = "")
    {
        Assert.True(Services.IsAlive, $"The services died: {messages}");
        var defects = messages.Split('\n').Where(line => line.Contains(" fail: ", StringComparison.Ordinal) || line.Contains(" crit: ", StringComparison.Ordinal)).ToList();
        Assert.True(defects.Count == 0, $"The services met a defect of their own: {string.Join('\n', defects)}\n{messages}");
        foreach (var channel in _channels)
        {
            var health = await new Health.HealthClient(channel).CheckAsync(new HealthCheckRequest(), Soon);
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, health.Status);
        }

        Assert.Equal(_outside, Outside());
    }

    internal void CountAnswered() => Interlocked.Increment(ref _answered);

    internal void CountVariations(int count) => Interlocked.Add(ref _variations, count);

    internal static SegmenterV1.PredictRequest Prediction(byte[] image, Artifact checkpoint) => new()
    {
        Options = new SegmenterV1.PredictionOptions { Model = new SegmenterV1.ModelSelector { Checkpoint = checkpoint }, LabelMap = true },
        Image = new SegmenterV1.ImageInput { Id = "case", Content = ByteString.CopyFrom(image) },
    };

    internal async Task PredictAsync(byte[] image, string id = "case")
    {
        var request = new PredictRequest
        {
            Options = new PredictionOptions { Model = new WorkflowModel { Checkpoint = Checkpoint } },
            Image = new SegmenterV1.ImageInput { Id = id, Content = ByteString.CopyFrom(image) },
        };
        await Gateway.PredictAsync(request, Soon);
    }

    internal async Task<Artifact> UploadAsync(byte[] bytes, string mediaType = "application/octet-stream")
    {
        using var call = Gateway.UploadArtifact(Soon);
        var header = new UploadHeader { Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), SizeBytes = bytes.Length, MediaType = mediaType };
        await call.RequestStream.WriteAsync(new UploadArtifactRequest { Header = header });
        foreach (var chunk in bytes.Chunk(1 << 20))
        {
            await call.RequestStream.WriteAsync(new UploadArtifactRequest { Chunk = ByteString.CopyFrom(chunk) });
        }

        await call.RequestStream.CompleteAsync();
        return (await call.ResponseAsync).Artifact;
    }

    internal static DatasetManifest Describe(Artifact image, Artifact? label) => new()
    {
        Name = "small",
        Classes = new ClassList { Names = ["road", "sky"], Palette = [0, 0, 0, 255, 255, 255] },
        Labels = label is null ? null : new LabelEncoding(),
        Items = [new DatasetItem { Id = "one", Image = File(image), Label = label is null ? null : File(label) }],
    };

    internal static async Task DrainAsync<T>(AsyncServerStreamingCall<T> call)
    {
        using (call)
        {
            await foreach (var _ in call.ResponseStream.ReadAllAsync(TestContext.Current.CancellationToken))
            {
            }
        }
    }

    internal TrainingSpec Training(int iterations) => new()
    {
        Architecture = "compact",
        Labelled = { new LabelledSet { Dataset = Manifest } },
        Options = new TrainingOptions
        {
            Method = AdaptationMethod.SourceOnly,
            Iterations = iterations,
            BatchSize = 1,
            LabelledSize = new ImageSize { Width = 32, Height = 32 },
            UnlabelledSize = new ImageSize { Width = 32, Height = 32 },
        },
    };

    private static DatasetFile File(Artifact artifact) => new() { Path = artifact.Key, Sha256 = artifact.Sha256, SizeBytes = artifact.SizeBytes };

    private async Task<Artifact> TrainAsync()
    {
        var started = await Trainer.StartTrainingAsync(new TrainerV1.StartTrainingRequest { RequestId = "untrained", Spec = Training(0) }, Soon);
        using var watch = Trainer.WatchTraining(new WatchTrainingRequest { TrainingId = started.Training.Id }, Soon);
        await foreach (var message in watch.ResponseStream.ReadAllAsync())
        {
            if (message.Finished is { } finished)
            {
                return finished.Result?.Weights ?? throw new InvalidOperationException($"The training ended {finished.State}: {finished.Error?.Message}");
            }
        }

        throw new InvalidOperationException("The training has no end.");
    }

    private async Task<byte[]> DownloadAsync(Artifact artifact)
    {
        using var call = Gateway.DownloadArtifact(new DownloadArtifactRequest { Artifact = artifact }, Soon);
        using var bytes = new MemoryStream();
        await foreach (var piece in call.ResponseStream.ReadAllAsync())
        {
            piece.Chunk.WriteTo(bytes);
        }

        return bytes.ToArray();
    }

    private GrpcChannel Open(string service)
    {
        var channel = GrpcChannel.ForAddress(Services.Address(service), new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        _channels.Add(channel);
        return channel;
    }

    // Spool files come and go in the temporary folder; what is left there is looked at in the end.
    private string[] Outside() =>
    [
        .. Directory.EnumerateFileSystemEntries(_folder.Path, "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder.Path, path))
            .Where(path => !path.StartsWith("home/store/", StringComparison.Ordinal) && !path.StartsWith("tmp/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
