using System.ComponentModel;
using System.Diagnostics;

namespace IntraDA.Trainer.Tests;

/// <summary>A folder whose files cannot be removed for a while, not even by root; needs a file system and a user that can do that.</summary>
internal sealed class Immovable : IDisposable
{
    private readonly string _folder;

    private Immovable(string folder) => _folder = folder;

    /// <summary>Whether it worked.</summary>
    public bool IsImmovable { get; private init; }

    public static Immovable Make(string folder) => new(folder) { IsImmovable = TryChange("+i", folder) };

    /// <inheritdoc/>
    public void Dispose() => TryChange("-i", _folder);

    private static bool TryChange(string flag, string folder)
    {
        try
        {
            using var change = Process.Start(new ProcessStartInfo("chattr", [flag, folder]) { RedirectStandardError = true });
            change!.WaitForExit();
            return change.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
