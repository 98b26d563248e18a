using System.Runtime.CompilerServices;
using Grpc.Core;
using IntraDA.Cli.Errors;
using IntraDA.Cli.Predict;
using IntraDA.Contracts.Segmenter.V1;

namespace IntraDA.Cli.Tests.Predict;

public sealed class PredictionRunTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly TempFolder _folder = new();
    private readonly string[] _images;

    public PredictionRunTests()
    {
        _images = [.. Enumerable.Range(0, 3).Select(i => _folder[$"{i}.png"])];
        foreach (var image in _images)
        {
            File.WriteAllText(image, "bytes");
        }
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sender_that_breaks_ends_the_run_with_its_own_reason()
    {
        var call = new ScriptedCall { OnSend = index => index == 1 ? throw new NotSupportedException("no room for this image") : true };
        var error = await Assert.ThrowsAsync<NotSupportedException>(() => RunAsync(call));
        Assert.Equal("no room for this image", error.Message);
    }

    [Fact]
    public async Task An_early_end_of_the_stream_is_an_error_and_says_how_many_answers_came()
    {
        var call = new ScriptedCall { Answers = 2 };
        var error = await Assert.ThrowsAsync<CliException>(() => RunAsync(call));
        Assert.Contains("after 2 answers, before all 3 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reason_of_the_services_comes_before_the_echo_of_a_broken_write()
    {
        var call = new ScriptedCall
        {
            OnSend = index => index == 1 ? throw new InvalidOperationException("the call is complete") : true,
            Answers = 1,
            End = new RpcException(new Status(StatusCode.NotFound, "there is no such network")),
        };
        var error = await Assert.ThrowsAsync<RpcException>(() => RunAsync(call));
        Assert.Equal(StatusCode.NotFound, error.StatusCode);
    }

    [Fact]
    public async Task A_write_that_hangs_does_not_outlast_the_stream()
    {
        var call = new ScriptedCall
        {
            Hangs = index => index == 1,
            Answers = 1,
            End = new RpcException(new Status(StatusCode.ResourceExhausted, "the message is too large")),
        };
        var error = await Assert.ThrowsAsync<RpcException>(() => RunAsync(call));
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task All_answers_come_with_their_image_and_what_cannot_be_read_is_told()
    {
        File.Delete(_images[1]);
        Directory.CreateDirectory(_images[1]);
        var (answered, unreadable) = (new List<int>(), new List<int>());
        await new PredictionRun(new ScriptedCall()).RunAsync(
            _images,
            (index, _) => unreadable.Add(index),
            (index, _, _) =>
            {
                answered.Add(index);
                return Task.CompletedTask;
            },
            TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        Assert.Equal([0, 2], answered);
        Assert.Equal([1], unreadable);
    }

    private Task RunAsync(ScriptedCall call) => new PredictionRun(call)
        .RunAsync(_images, (_, _) => { }, (_, _, _) => Task.CompletedTask, TestContext.Current.CancellationToken)
        .WaitAsync(Limit, TestContext.Current.CancellationToken);

    // Answers each image once it is sent, as the services do: without images it waits.
    private sealed class ScriptedCall : IPredictionCall
    {
        private readonly System.Threading.Channels.Channel<string> _sent = System.Threading.Channels.Channel.CreateUnbounded<string>();
        private int _count;

        public Func<int, bool> OnSend { get; init; } = _ => true;

        // Whatever becomes of the stream or the token.
        public Func<int, bool> Hangs { get; init; } = _ => false;

        public int Answers { get; init; } = int.MaxValue;

        public Exception? End { get; init; }

        public Task SendAsync(ImageInput image, CancellationToken cancellationToken)
        {
            if (OnSend(_count++))
            {
                _sent.Writer.TryWrite(image.Id);
            }

            return Hangs(_count - 1) ? new TaskCompletionSource().Task : Task.CompletedTask;
        }

        public Task CompleteAsync()
        {
            _sent.Writer.Complete();
            return Task.CompletedTask;
        }

        public async IAsyncEnumerable<StreamPredictResponse> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var i = 0; i < Answers && await _sent.Reader.WaitToReadAsync(cancellationToken); i++)
            {
                yield return new StreamPredictResponse { Id = await _sent.Reader.ReadAsync(cancellationToken) };
            }

            if (End is not null)
            {
                throw End;
            }
        }

        public void Dispose()
        {
        }
    }
}
