namespace IntraDA.Artifacts.Tests.Formats;

/// <summary>A file stream that is slow to flush and notices when it is used by two at once.</summary>
internal sealed class WatchedFile(string path) : FileStream(path, FileMode.Create, FileAccess.ReadWrite)
{
    private int _users;

    /// <summary>Whether it was.</summary>
    public bool WasShared { get; private set; }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        Enter();
        await Task.Delay(100, cancellationToken);
        await base.FlushAsync(cancellationToken);
        Leave();
    }

    // Headers of pages, which are most of the reads, are read here.
    public override int Read(byte[] buffer, int offset, int count)
    {
        Enter();
        var read = base.Read(buffer, offset, count);
        Leave();
        return read;
    }

    private void Enter() => WasShared |= Interlocked.Increment(ref _users) > 1;

    private void Leave() => Interlocked.Decrement(ref _users);
}
