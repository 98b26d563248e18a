using System.Text.Json;

namespace IntraDA.Standalone;

/// <summary><c>gateway.json</c> in the home directory: where the services answer, for as long as they do.</summary>
internal sealed class ReadyFile : IDisposable
{
    private readonly string _path;

    private ReadyFile(string path) => _path = path;

    /// <summary>Writes the file; it is whole from its first moment.</summary>
    public static async Task<ReadyFile> WriteAsync(string home, ServiceLocations locations, CancellationToken cancellationToken)
    {
        var path = Path.Combine(home, "gateway.json");
        var partial = path + ".part";
        await File
            .WriteAllTextAsync(partial, JsonSerializer.Serialize(locations, LocationsJson.Default.ServiceLocations), cancellationToken)
            .ConfigureAwait(false);
        File.Move(partial, path, overwrite: true);
        return new ReadyFile(path);
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(_path);
}
