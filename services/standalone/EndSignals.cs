using System.Runtime.InteropServices;

namespace IntraDA.Standalone;

/// <summary>Turns what ends this process into one token: a signal, or the end of standard input.</summary>
internal sealed class EndSignals : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly PosixSignalRegistration[] _signals;

    public EndSignals(bool withStdin)
    {
        _signals = [PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle), PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle)];
        if (withStdin)
        {
            // A thread of its own: reading the console cannot be cancelled, and must not keep the process alive.
            new Thread(WaitForStdin) { IsBackground = true, Name = "stdin" }.Start();
        }
    }

    public CancellationToken Token => _end.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        _end.Cancel();
    }

    private void WaitForStdin()
    {
        using var input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // A broken pipe is an end as well.
        }

        _end.Cancel();
    }
}
