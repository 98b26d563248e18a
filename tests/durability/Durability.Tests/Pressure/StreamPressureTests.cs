using System.Diagnostics;
using Google.Protobuf;
using Grpc.Core;
using IntraDA.Artifacts.Store;
using IntraDA.Contracts.Artifacts.V1;
using IntraDA.Contracts.Gateway.V1;
using IntraDA.Contracts.Segmenter.V1;
using IntraDA.Data.Images;
using IntraDA.Durability.Tests.Processes;
using IntraDA.Durability.Tests.World;
using IntraDA.Ensemble.Tests.World;
using GatewayStream = IntraDA.Contracts.Gateway.V1.StreamPredictRequest;
using GatewayOptions = IntraDA.Contracts.Gateway.V1.PredictionOptions;
using SegmenterOptions = IntraDA.Contracts.Segmenter.V1.PredictionOptions;

namespace IntraDA.Durability.Tests.Pressure;

/// <summary>Writers faster than readers, and many of them: memory stays within the bound that the documentation states.</summary>
public sealed class StreamPressureTests : IAsyncLifetime
{
    private const int Side = 32;
    private const int Streams = 64;

    // Answers that nobody has read yet: the flow-control windows and write buffers of two hops.
    private const long UnreadBound = 4L << 20;

    // Growth of each service over what it was after its first predictions: 64 streams of windows of 768 KiB on either side, a few
    // images each, and what the collector has not collected yet.
    private const long MemoryBound = 192L << 20;

    // Room for two large images; what the other tests send is far below it.
    private const int LargeSide = 2048;
    private const long DecodedPixels = 2L * LargeSide * LargeSide;

    // 8 bytes a pixel of that room, and what many streams may take in any case.
    private const long LargeImagesBound = (8 * DecodedPixels) + MemoryBound;
    private const int LargeStreams = 24;

    private static readonly TimeSpan Blocked = TimeSpan.FromSeconds(3);

    private readonly StoreFolder _store = new();
    private SeparateServices _services = null!;
    private Artifact _network = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Images { get; } = Matrix.Choose(1_500, 10_000);

    private static int LargeImages { get; } = Matrix.Choose(2, 10);

    public async ValueTask InitializeAsync()
    {
        _services = await SeparateServices.StartAsync(_store.Options, "--Segmenter:DecodedPixels", $"{DecodedPixels}");
        _network = await SmallNetwork.SaveAsync(new LocalArtifactStore(_store.Path, TimeProvider.System), Side);
        await StreamAsync(Enumerable.Repeat(Noise(Side, Side, 0), 50), _ => Task.CompletedTask);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _store.Dispose();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_reader_that_does_not_read_stops_a_producer_of_ten_thousand_images()
    {
        var image = Noise(256, 192, 1);
        var (gateway, segmenter) = (Resident(Service.Gateway), Resident(Service.Segmenter));
        using var call = _services.Gateway.Stub.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(Options(), Token);
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                for (; written < 10_000; written++)
                {
                    await call.RequestStream.WriteAsync(Image(image, written), Token);
                }
            },
            Token);

        // Nothing is read until nothing has been taken for a while.
        for (var (last, since) = (-1, Stopwatch.StartNew()); since.Elapsed < Blocked; await Task.Delay(50, Token))
        {
            if (written != last)
            {
                (last, since) = (written, Stopwatch.StartNew());
            }
        }

        var accepted = written;
        Assert.False(writing.IsCompleted);
        var grown = Math.Max(Resident(Service.Gateway) - gateway, Resident(Service.Segmenter) - segmenter);
        Assert.True(grown < MemoryBound, $"A service grew by {grown >> 20} MiB.");

        // Nothing was lost meanwhile; the last images taken were not answered before this.
        var unread = 0L;
        for (var i = 0; i < accepted; i++)
        {
            Assert.True(await call.ResponseStream.MoveNext(Token).Within());
            Assert.Equal(((ulong)i, $"{i}"), (call.ResponseStream.Current.Result.Sequence, call.ResponseStream.Current.Result.Id));
            unread += call.ResponseStream.Current.CalculateSize();
        }

        Assert.True(unread < UnreadBound, $"{accepted} answers, {unread >> 10} KiB, lay unread.");

        call.Dispose();
        await Task.WhenAny(writing);
        Tally.Say(
            $"a reader that does not read: the producer of 10,000 was stopped after {accepted} images, whose answers are {unread >> 10} KiB (bound {UnreadBound >> 20} MiB); "
            + $"the services grew by at most {grown >> 20} MiB (bound {MemoryBound >> 20} MiB)");
    }

    [Fact(Timeout = 600_000)]
    public async Task Sixty_four_streams_at_once_are_answered_in_order_within_bounded_memory()
    {
        var image = Noise(96, 64, 2);
        await using var watch = new MemoryWatch(_services, Service.Gateway, Service.Segmenter);
        var begin = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Streams).Select(stream => StreamAsync(
            Enumerable.Repeat(image, (Images / Streams) + 1),
            // Every second reader dawdles.
            sequence => stream % 2 == 0 && sequence % 8 == 0 ? Task.Delay(10, Token) : Task.CompletedTask)));
        var seconds = TimeProvider.System.GetElapsedTime(begin).TotalSeconds;
        var grown = await watch.EndAsync();

        Assert.True(grown < MemoryBound, $"A service grew by {grown >> 20} MiB.");
        Tally.Say(
            $"{Streams} streams at once, {Streams * ((Images / Streams) + 1)} images in {seconds:0.0} s: all in order, the services grew by at most {grown >> 20} MiB (bound {MemoryBound >> 20} MiB)");
    }

    [Fact(Timeout = 600_000)]
    public async Task Large_images_in_many_streams_wait_for_room()
    {
        // One colour: little to send, and as much to hold as any other image of the size.
        var image = ImageEncoder.EncodePng(new RgbImage(LargeSide, LargeSide, new byte[3 * LargeSide * LargeSide]));
        await StreamAsync([image, image], _ => Task.CompletedTask);
        await using var watch = new MemoryWatch(_services, Service.Gateway, Service.Segmenter);

        await Task.WhenAll(Enumerable.Range(0, LargeStreams).Select(_ => StreamAsync(Enumerable.Repeat(image, LargeImages), _ => Task.CompletedTask)));

        var grown = await watch.EndAsync();
        Assert.True(grown < LargeImagesBound, $"A service grew by {grown >> 20} MiB.");
        Tally.Say(
            $"{LargeStreams} streams of images of {LargeSide}x{LargeSide}, {LargeStreams * LargeImages} in all: the services grew by at most {grown >> 20} MiB (bound {LargeImagesBound >> 20} MiB)");
    }

    private static byte[] Noise(int width, int height, int seed)
    {
        var pixels = new byte[3 * width * height];
        for (var (i, state) = (0, 2_463_534_242u + (uint)seed); i < pixels.Length; i++)
        {
            // xorshift32: noise that no codec makes smaller.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            pixels[i] = (byte)state;
        }

        return ImageEncoder.EncodePng(new RgbImage(width, height, pixels));
    }

    private static GatewayStream Image(byte[] content, int index) =>
        new() { Image = new ImageInput { Id = $"{index}", Content = UnsafeByteOperations.UnsafeWrap(content) } };

    private GatewayStream Options() => new()
    {
        Options = new GatewayOptions { Model = new WorkflowModel { Checkpoint = _network }, Outputs = new SegmenterOptions { LabelMap = true } },
    };

    private long Resident(Service service) => _services[service].ResidentBytes();

    private async Task StreamAsync(IEnumerable<byte[]> images, Func<ulong, Task> onAnswer)
    {
        using var call = _services.Gateway.Stub.StreamPredict(cancellationToken: Token);
        await call.RequestStream.WriteAsync(Options(), Token).Within();
        var sent = 0;
        var sending = Task.Run(
            async () =>
            {
                foreach (var image in images)
                {
                    await call.RequestStream.WriteAsync(Image(image, sent++), Token);
                }

                await call.RequestStream.CompleteAsync();
            },
            Token);
        ulong sequence = 0;
        await foreach (var answer in call.ResponseStream.ReadAllAsync(Token))
        {
            Assert.Null(answer.Result.Error);
            Assert.Equal((sequence, $"{sequence}"), (answer.Result.Sequence, answer.Result.Id));
            await onAnswer(sequence++);
        }

        await sending.Within();
        Assert.Equal((ulong)sent, sequence);
    }
}
