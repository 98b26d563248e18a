using Grpc.Core;
using IntraDA.Hosting.Errors;
using IntraDA.Segmenter.Engines;
using Microsoft.Extensions.Options;

namespace IntraDA.Segmenter.Predictions;

/// <summary>Bounds the streams served at a time: each may hold a few decoded images, however slowly its reader takes them.</summary>
/// <param name="options">Settings.</param>
public sealed class StreamPlaces(IOptions<SegmenterOptions> options)
{
    // Streams last longer than images: whoever is refused had better not come back at once.
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private int _taken;

    /// <summary>Takes a place.</summary>
    /// <returns>The place, given back when disposed.</returns>
    /// <exception cref="ServiceException">RESOURCE_EXHAUSTED: there is none.</exception>
    public IDisposable Take()
    {
        if (Interlocked.Increment(ref _taken) > options.Value.Streams)
        {
            Interlocked.Decrement(ref _taken);
            throw new ServiceException(
                StatusCode.ResourceExhausted,
                ErrorReasons.QueueFull,
                $"{options.Value.Streams} prediction streams are open already; try again later, or raise Segmenter:Streams.")
            {
                RetryAfter = RetryDelay,
            };
        }

        return new Place(this);
    }

    private sealed class Place(StreamPlaces places) : IDisposable
    {
        private StreamPlaces? _places = places;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _places, null) is { } held)
            {
                Interlocked.Decrement(ref held._taken);
            }
        }
    }
}
