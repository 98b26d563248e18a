namespace IntraDA.Standalone;

/// <summary>Keeps a second ensemble off a home directory for as long as this process lives, however it ends.</summary>
internal sealed class HomeLock : IDisposable
{
    private readonly FileStream _file;

    private HomeLock(FileStream file) => _file = file;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="IOException">The home cannot be made, or another ensemble runs on it; one sentence.</exception>
    public static HomeLock Take(string home)
    {
        try
        {
            Directory.CreateDirectory(home);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"The home directory '{home}' cannot be made; name another one with --home.", e);
        }

        try
        {
            return new HomeLock(new FileStream(
                Path.Combine(home, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new IOException($"The home directory '{home}' cannot be written to; name another one with --home.", e);
        }
        catch (IOException e)
        {
            throw new IOException(
                $"The services already run on '{home}'; use them (their addresses are in gateway.json there), or give another --home.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
