using Grpc.Core;
using IntraDA.Hosting.Errors;

namespace IntraDA.Hosting.Tests.Errors;

public sealed class RequestStreamsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_that_resets_its_stream_has_cancelled_even_where_the_token_does_not_say_so_yet()
    {
        var reset = new IOException("The client reset the request stream.");

        var told = await Assert.ThrowsAsync<OperationCanceledException>(() => new BrokenStream(reset).NextAsync(Token));

        Assert.Same(reset, told.InnerException);
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Internal, StatusCode.InvalidArgument)]
    public async Task A_message_that_is_too_large_or_none_is_the_callers_fault(StatusCode read, StatusCode told)
    {
        var broken = new BrokenStream(new RpcException(new Status(read, "")));

        var refused = await Assert.ThrowsAsync<ServiceException>(() => broken.NextAsync(Token));

        Assert.Equal(told, refused.StatusCode);
    }

    private sealed class BrokenStream(Exception exception) : IAsyncStreamReader<string>
    {
        public string Current => "";

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromException<bool>(exception);
    }
}
