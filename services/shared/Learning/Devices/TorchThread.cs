using System.Threading.Channels;

namespace IntraDA.Learning.Devices;

/// <summary>
/// A thread that all of a job's arithmetic runs on. libtorch's operations fork to a team of workers that belongs to the thread they are called from:
/// a job that wanders over the thread pool leaves a team behind on every thread, and with more workers than processors they no longer wait for
/// their next piece but sleep and have to be woken, hundreds of times an iteration.
/// </summary>
public sealed class TorchThread : IDisposable
{
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name, for debuggers.</param>
    public TorchThread(string name) => new Thread(Run) { IsBackground = true, Name = name }.Start();

    /// <summary>Runs a function on the thread, after what was handed in before.</summary>
    /// <typeparam name="T">What it gives.</typeparam>
    /// <param name="function">The function.</param>
    /// <returns>Its result, or the exception that it threw.</returns>
    /// <exception cref="InvalidOperationException">The thread has been disposed of.</exception>
    public Task<T> RunAsync<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var taken = _work.Writer.TryWrite(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return taken ? done.Task : throw new InvalidOperationException("The thread takes no more work.");
    }

    /// <summary>Lets the thread end once what was handed in is done; does not wait for it.</summary>
    public void Dispose() => _work.Writer.TryComplete();

    private void Run()
    {
        while (_work.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_work.Reader.TryRead(out var action))
            {
                action();
            }
        }
    }
}
