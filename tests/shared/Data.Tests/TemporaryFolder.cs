using System.Text;

namespace IntraDA.Data.Tests;

/// <summary>A folder of a test's own, deleted with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("intrada-data-");

    public string Path => _directory.FullName;

    public string At(string relative) => System.IO.Path.Combine(Path, relative);

    public void Write(string relative, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(At(relative))!);
        File.WriteAllBytes(At(relative), content);
    }

    public void Write(string relative, string content) => Write(relative, Encoding.UTF8.GetBytes(content));

    public void Dispose() => _directory.Delete(recursive: true);
}
