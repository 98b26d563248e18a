using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using IntraDA.Cli.Transfers;

namespace IntraDA.Cli.Studies;

/// <summary>What a study leaves in its folder.</summary>
/// <param name="directory">The folder; it is made.</param>
internal sealed class StudyFiles(string directory)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>All values.</summary>
    public string Json { get; } = Path.Combine(directory, "study.json");

    /// <summary>The table.</summary>
    public string Markdown { get; } = Path.Combine(directory, "study.md");

    /// <summary>Writes both, each whole or not at all.</summary>
    /// <param name="result">The study as far as it is.</param>
    /// <param name="data">Its data.</param>
    /// <param name="elapsed">How long the command has run.</param>
    /// <param name="cancellationToken">Stops; the earlier files stay.</param>
    /// <returns>A task that ends when both are there.</returns>
    public async Task WriteAsync(StudyResult result, StudyData data, TimeSpan elapsed, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory);
        var json = StudyJson.Of(result, data, elapsed).ToJsonString(Format) + "\n";
        await AtomicFile.WriteAsync(Json, Encoding.UTF8.GetBytes(json), cancellationToken);
        await AtomicFile.WriteAsync(Markdown, Encoding.UTF8.GetBytes(StudyMarkdown.Of(result, data)), cancellationToken);
    }
}
