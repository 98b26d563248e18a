using IntraDA.Trainer.Loading;

namespace IntraDA.Trainer.Tests.Loading;

/// <summary>Samples whose every pixel is the image's index.</summary>
internal sealed class MemorySamples(int count, bool labelled = true, string role = "source") : ISampleSet
{
    public string Role { get; } = role;

    public int Count { get; } = count;

    public int Width => 8;

    public int Height => 6;

    public ValueTask<Sample> LoadAsync(int index, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var rgb = new byte[3 * Width * Height];
        Array.Fill(rgb, (byte)(10 * index));
        // The left edge tells a mirrored image from one that is not.
        for (var i = 0; i < rgb.Length; i += Width)
        {
            rgb[i] = 255;
        }

        var ids = new byte[Width * Height];
        for (var i = 0; i < ids.Length; i += Width)
        {
            ids[i] = 1;
        }

        return ValueTask.FromResult(new Sample(rgb, labelled ? ids : null));
    }
}
