using System.Diagnostics;
using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks.Scaling;

/// <summary>A segmenter of one thread in a process of its own.</summary>
internal sealed class SegmenterChild : IAsyncDisposable
{
    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(10);

    private readonly Process _process;

    private SegmenterChild(Process process, string address) => (_process, Address) = (process, address);

    /// <summary>Where it answers.</summary>
    public string Address { get; }

    /// <summary>Processor time that it has used, seconds.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="store">Folder of the store.</param>
    /// <param name="core">The core that it has to itself, as a container whose limit is one processor; null: whichever are free.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The segmenter, ready.</returns>
    /// <exception cref="BenchException">It did not start.</exception>
    public static async Task<SegmenterChild> StartAsync(string store, int? core, CancellationToken cancellationToken)
    {
        var dotnet = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? Environment.ProcessPath! : "dotnet";
        string[] pinned = core is null ? [dotnet] : ["taskset", "--cpu-list", $"{core}", dotnet];
        var start = new ProcessStartInfo(
            pinned[0],
            [
                .. pinned[1..], typeof(SegmenterChild).Assembly.Location, SegmenterPart.Name, "--Store:Kind", "Local", "--Store:Directory", store,
                "--Listen", "http://127.0.0.1:0", "--Segmenter:Threads", "1", "--Segmenter:Device", "cpu", "--Logging:LogLevel:Default", "Warning",
            ])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        // On some processors libtorch warns with every convolution that NNPACK is not for them; here that would be measured.
        start.Environment["TORCH_CPP_LOG_LEVEL"] = "ERROR";
        var process = Start(start);
        var address = await process.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        return address is not null ? new SegmenterChild(process, address) : throw new BenchException("A segmenter ended before it was ready.");
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new BenchException("A segmenter cannot be started as a process.");
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new BenchException($"'{start.FileName}' cannot be run ({e.Message}); --cores shared needs no taskset.");
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(EndLimit).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }
}
