namespace IntraDA.Cli.Predict;

/// <summary>A prediction stream with the connection it runs over.</summary>
/// <param name="call">The stream.</param>
/// <param name="connection">Closed after it; <see cref="IAsyncDisposable"/> or <see cref="IDisposable"/>.</param>
internal sealed class PredictionConnection(IPredictionCall call, object connection) : IAsyncDisposable
{
    /// <summary>The stream.</summary>
    public IPredictionCall Call => call;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        call.Dispose();
        switch (connection)
        {
            case IAsyncDisposable asynchronous:
                await asynchronous.DisposeAsync();
                break;
            case IDisposable synchronous:
                synchronous.Dispose();
                break;
            default:
                break;
        }
    }
}
