using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Trainer.V1;
using IntraDA.Data.Tests;
using IntraDA.Hostile.Tests.World;
using RankerV1 = IntraDA.Contracts.Ranker.V1;
using SegmenterV1 = IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Hostile.Tests.Messages;

/// <summary>Messages that are too large, are none, or come in the wrong order.</summary>
public sealed class HostileMessageTests(HostileEnsemble ensemble)
{
    private static readonly Dictionary<string, string> Methods = new()
    {
        ["gateway"] = "intrada.gateway.v1.GatewayService/GetWorkflow",
        ["segmenter"] = "intrada.segmenter.v1.SegmenterService/Predict",
        ["ranker"] = "intrada.ranker.v1.RankerService/Rank",
        ["trainer"] = "intrada.trainer.v1.TrainerService/StartTraining",
    };

    private static readonly Dictionary<string, HostileCase> Cases = Make().ToDictionary(one => one.Name);

    public static TheoryData<string> Names => HostileCase.NamesOf(Cases.Values);

    [Theory]
    [MemberData(nameof(Names))]
    public Task A_hostile_message_is_refused(string name) => ensemble.RefuseAsync(Cases[name]);

    private static IEnumerable<HostileCase> Make() => [.. Oversize(), .. Frames(), .. Orders()];

    private static IEnumerable<HostileCase> Oversize()
    {
        var big = new string('x', HostileEnsemble.MaxMessageBytes);
        var bytes = ByteString.CopyFrom(new byte[HostileEnsemble.MaxMessageBytes + 1]);
        yield return Refused("gateway: unary", StatusCode.ResourceExhausted, null, w => w.Gateway.GetWorkflowAsync(new GetWorkflowRequest { WorkflowId = big }, w.Soon).ResponseAsync);
        yield return Refused("segmenter: unary", StatusCode.ResourceExhausted, null, w => w.Segmenter.UnloadModelAsync(new SegmenterV1.UnloadModelRequest { Name = big }, w.Soon).ResponseAsync);
        yield return Refused("ranker: unary", StatusCode.ResourceExhausted, null, w => w.Ranker.RankAsync(new RankerV1.RankRequest { OutputPrefix = big }, w.Soon).ResponseAsync);
        yield return Refused("trainer: unary", StatusCode.ResourceExhausted, null, w => w.Trainer.GetTrainingAsync(new GetTrainingRequest { TrainingId = big }, w.Soon).ResponseAsync);
        yield return Refused("gateway: server stream", StatusCode.ResourceExhausted, null, w => HostileEnsemble.DrainAsync(w.Gateway.WatchWorkflow(new WatchWorkflowRequest { WorkflowId = big }, w.Soon)));
        yield return Refused("gateway: upload", StatusCode.ResourceExhausted, null, w => UploadAsync(w, new UploadArtifactRequest { Chunk = bytes }));
        yield return Refused("gateway: stream of images", StatusCode.ResourceExhausted, null, w => StreamAsync(w, Options(w), Image(bytes)));
        yield return Refused("segmenter: stream of images", StatusCode.ResourceExhausted, null, async w =>
        {
            using var call = w.Segmenter.StreamPredict(w.Soon);
            _ = SendAsync(call.RequestStream, [new SegmenterV1.StreamPredictRequest { Image = new SegmenterV1.ImageInput { Content = bytes } }]);
            await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken);
        });
    }

    private static IEnumerable<HostileCase> Frames()
    {
        foreach (var (service, method) in Methods)
        {
            yield return Raw($"{service}: noise", service, method, RawCall.Frame(Images.NoImages.Noise(500)));
            yield return Raw($"{service}: a field cut off", service, method, RawCall.Frame([0x0A, 0x7F, 0x61]));
            yield return Raw($"{service}: a field of 2^63 bytes", service, method, RawCall.Frame([0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]));
            yield return Raw($"{service}: a tag of zero", service, method, RawCall.Frame([0x00, 0x01]));
            yield return Raw($"{service}: groups a thousand deep", service, method, RawCall.Frame([.. Enumerable.Repeat((byte)0x7B, 1000)]));
            yield return Raw($"{service}: no frame", service, method, []);
            yield return Raw($"{service}: a frame cut off", service, method, RawCall.Frame([1, 2, 3], length: 1000));
            yield return Raw($"{service}: two frames", service, method, [.. RawCall.Frame([]), .. RawCall.Frame([])]);
            yield return Raw($"{service}: a flag of 9", service, method, RawCall.Frame([], flag: 9));
            yield return Raw($"{service}: a frame of 4 GiB announced", service, method, RawCall.Frame([1], length: uint.MaxValue));
            yield return Raw($"{service}: a frame of 2 GiB announced", service, method, RawCall.Frame([1], length: int.MaxValue), StatusCode.ResourceExhausted);
            yield return Raw($"{service}: compressed without a word of it", service, method, RawCall.Frame(GZip(new byte[10]), flag: 1));
            yield return Raw($"{service}: 64 MiB of zeros, compressed", service, method, RawCall.Frame(GZip(new byte[64 << 20]), flag: 1), StatusCode.ResourceExhausted, ("grpc-encoding", "gzip"));
            yield return Raw($"{service}: an unknown compression", service, method, RawCall.Frame([1, 2, 3], flag: 1), StatusCode.Unimplemented, ("grpc-encoding", "zstd"));
        }

        yield return Raw("gateway: no such method", "gateway", "intrada.gateway.v1.GatewayService/DropEverything", RawCall.Frame([]), StatusCode.Unimplemented);
        yield return Raw("gateway: no such service", "gateway", "intrada.admin.v1.AdminService/Run", RawCall.Frame([]), StatusCode.Unimplemented);
        foreach (var method in new[] { "intrada.gateway.v1.GatewayService/UploadArtifact", "intrada.gateway.v1.GatewayService/StreamPredict" })
        {
            yield return Raw($"gateway: noise to {method}", "gateway", method, RawCall.Frame([0x0A, 0x7F, 0x61]));
            yield return Raw($"gateway: noise after a message to {method}", "gateway", method, [.. RawCall.Frame(First(method).ToByteArray()), .. RawCall.Frame([0x12, 0x7F, 0x61])]);
        }

        yield return Raw("segmenter: noise as a stream", "segmenter", "intrada.segmenter.v1.SegmenterService/StreamPredict", RawCall.Frame([0x0A, 0x7F, 0x61]));
    }

    private static IEnumerable<HostileCase> Orders()
    {
        yield return Refused("upload: nothing", StatusCode.InvalidArgument, "header", w => UploadAsync(w));
        yield return Refused("upload: a chunk first", StatusCode.InvalidArgument, "header", w => UploadAsync(w, Chunk(5)));
        yield return Refused("upload: an empty message first", StatusCode.InvalidArgument, "header", w => UploadAsync(w, new UploadArtifactRequest()));
        yield return Refused("upload: two headers", StatusCode.InvalidArgument, "chunk", w => UploadAsync(w, Header(5), Header(5)));
        yield return Refused("upload: an empty message", StatusCode.InvalidArgument, "chunk", w => UploadAsync(w, Header(5), new UploadArtifactRequest()));
        yield return Refused("upload: a chunk over 1 MiB", StatusCode.InvalidArgument, "chunk", w => UploadAsync(w, Header(2 << 20), Chunk((1 << 20) + 1)));
        yield return Refused("upload: less than announced", StatusCode.DataLoss, null, w => UploadAsync(w, Header(10), Chunk(9)));
        yield return Refused("upload: more than announced", StatusCode.DataLoss, null, w => UploadAsync(w, Header(10), Chunk(11)));
        yield return Refused("upload: other bytes", StatusCode.DataLoss, null, w => UploadAsync(w, Header(10), Chunk(10)));
        yield return Refused("upload: -1 bytes", StatusCode.InvalidArgument, "header.size_bytes", w => UploadAsync(w, Header(-1)));
        yield return Refused("upload: 2^63-1 bytes", StatusCode.InvalidArgument, "header.size_bytes", w => UploadAsync(w, Header(long.MaxValue)));
        foreach (var (name, type) in new[] { ("nothing", ""), ("a letter", "x"), ("two lines", "text/html\r\nX: y"), ("NUL", "a/b\0"), ("a slash", "/"), ("300 letters", new string('t', 300) + "/x") })
        {
            yield return Refused($"upload: a type of {name}", StatusCode.InvalidArgument, "header.media_type", w => UploadAsync(w, Header(5, type)));
        }

        yield return Refused("stream: nothing", StatusCode.InvalidArgument, "options", w => StreamAsync(w));
        yield return Refused("stream: an image first", StatusCode.InvalidArgument, "options", w => StreamAsync(w, Image(ByteString.CopyFrom(Pictures.Png()))));
        yield return Refused("stream: options twice", StatusCode.InvalidArgument, "image", w => StreamAsync(w, Options(w), Options(w)));
        yield return Refused("stream: an empty message", StatusCode.InvalidArgument, "image", w => StreamAsync(w, Options(w), new StreamPredictRequest()));
        yield return Refused("stream: a model inside the outputs", StatusCode.InvalidArgument, "options.outputs.model", w =>
        {
            var options = Options(w);
            options.Options.Outputs = new SegmenterV1.PredictionOptions { Model = new SegmenterV1.ModelSelector { Name = "x" } };
            return StreamAsync(w, options);
        });
    }

    private static HostileCase Refused(string name, StatusCode code, string? field, Func<HostileEnsemble, Task> send) => new(name, code, field, send);

    private static HostileCase Raw(
        string name, string service, string method, byte[] body, StatusCode code = StatusCode.InvalidArgument, params (string Name, string Value)[] headers) =>
        new($"frame, {name}", code, null, world => RawCall.SendAsync(world.Services.Address(service), method, body, headers));

    // A first message that is right, so that the second one is read.
    private static IMessage First(string method) => method.EndsWith("UploadArtifact", StringComparison.Ordinal)
        ? Header(5)
        : new StreamPredictRequest { Options = new PredictionOptions { Model = new WorkflowModel { Checkpoint = new() { Key = "uploads/x", Sha256 = new string('a', 64) } } } };

    private static byte[] GZip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private static UploadArtifactRequest Chunk(int length) => new() { Chunk = ByteString.CopyFrom(new byte[length]) };

    private static UploadArtifactRequest Header(long size, string type = "application/octet-stream") =>
        new() { Header = new UploadHeader { Sha256 = new string('d', 64), SizeBytes = size, MediaType = type } };

    private static StreamPredictRequest Options(HostileEnsemble world) =>
        new() { Options = new PredictionOptions { Model = new WorkflowModel { Checkpoint = world.Checkpoint } } };

    private static StreamPredictRequest Image(ByteString content) => new() { Image = new SegmenterV1.ImageInput { Id = "x", Content = content } };

    private static async Task UploadAsync(HostileEnsemble world, params UploadArtifactRequest[] messages)
    {
        using var call = world.Gateway.UploadArtifact(world.Soon);
        // A large write that the answer overtakes may never end.
        await Task.WhenAny(SendAsync(call.RequestStream, messages), call.ResponseAsync);
        await call.ResponseAsync;
    }

    private static async Task StreamAsync(HostileEnsemble world, params StreamPredictRequest[] messages)
    {
        using var call = world.Gateway.StreamPredict(world.Soon);
        _ = SendAsync(call.RequestStream, messages);
        while (await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken))
        {
        }
    }

    private static async Task SendAsync<T>(IClientStreamWriter<T> stream, T[] messages)
    {
        try
        {
            foreach (var message in messages)
            {
                await stream.WriteAsync(message);
            }

            await stream.CompleteAsync();
        }
        catch (Exception exception) when (exception is InvalidOperationException or RpcException)
        {
            // Refused while it was still being sent: the answer says why.
        }
    }
}
