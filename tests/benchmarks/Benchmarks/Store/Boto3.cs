using System.Diagnostics;
using System.Globalization;
using IntraDA.Artifacts.Store;
using IntraDA.Benchmarks.Frame;

namespace IntraDA.Benchmarks.Store;

/// <summary>boto3 in a Python that runs as long as the bench, so that its start is not part of what is measured.</summary>
internal sealed class Boto3 : IDisposable
{
    private const string Script = "boto3_transfer.py";

    // The system's Python, which Debian's boto3 belongs to: another one may come first on the path.
    private const string SystemPython = "/usr/bin/python3";
    private readonly Process _python;

    private Boto3(Process python, string version)
    {
        _python = python;
        Version = version;
    }

    /// <summary>Version of boto3.</summary>
    public string Version { get; }

    /// <summary>Starts it.</summary>
    /// <param name="server">The server.</param>
    /// <param name="source">The file that is put.</param>
    /// <param name="target">The file that is got.</param>
    /// <param name="folder">For the script.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The transfers.</returns>
    /// <exception cref="BenchException">boto3 is not installed.</exception>
    public static async Task<Boto3> StartAsync(S3StoreOptions server, string source, string target, string folder, CancellationToken cancellationToken)
    {
        var script = Path.Combine(folder, Script);
        var resource = typeof(Boto3).Assembly.GetManifestResourceStream(Script)!;
        await using (resource.ConfigureAwait(false))
        {
            var file = File.Create(script);
            await using (file.ConfigureAwait(false))
            {
                await resource.CopyToAsync(file, cancellationToken).ConfigureAwait(false);
            }
        }

        var start = new ProcessStartInfo(File.Exists(SystemPython) ? SystemPython : "python3", [script, source, target, server.Bucket, "bench/boto3.bin"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["AWS_ENDPOINT_URL"] = server.Endpoint;
        start.Environment["AWS_ACCESS_KEY_ID"] = server.AccessKey;
        start.Environment["AWS_SECRET_ACCESS_KEY"] = server.SecretKey;
        start.Environment["AWS_REGION"] = server.Region;
        try
        {
            var python = Process.Start(start)!;
            var version = await python.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            if (version is not null)
            {
                return new Boto3(python, version);
            }

            python.Dispose();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // The same advice installs python3 itself.
        }

        throw new BenchException("boto3, which the store is compared with, is not installed; install it with: apt-get install -y python3-boto3");
    }

    /// <summary>Puts or gets.</summary>
    /// <param name="verb"><c>put</c> or <c>get</c>.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Seconds it took, and seconds of the processor.</returns>
    public async Task<(double Wall, double Processor)> RunAsync(string verb, CancellationToken cancellationToken)
    {
        await _python.StandardInput.WriteLineAsync(verb.AsMemory(), cancellationToken).ConfigureAwait(false);
        await _python.StandardInput.FlushAsync(cancellationToken).ConfigureAwait(false);
        return await _python.StandardOutput.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line && line.Split(' ') is [var wall, var busy]
            ? (double.Parse(wall, CultureInfo.InvariantCulture), double.Parse(busy, CultureInfo.InvariantCulture))
            : throw new BenchException($"boto3 failed to {verb}: {(await _python.StandardError.ReadToEndAsync(cancellationToken).ConfigureAwait(false)).Split('\n')[^2]}");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _python.Kill(entireProcessTree: true);
        _python.Dispose();
    }
}
