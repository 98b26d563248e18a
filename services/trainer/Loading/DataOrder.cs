using IntraDA.Learning.Randomness;

namespace IntraDA.Trainer.Loading;

/// <summary>
/// The endless order in which a set is seen: one permutation after the other, each a function of seed, role and epoch alone, so
/// that any iteration of a resumed job sees what it would have seen.
/// </summary>
/// <param name="seed">The job's seed.</param>
/// <param name="role">The set's role.</param>
/// <param name="count">Number of images, at least 1.</param>
public sealed class DataOrder(ulong seed, string role, int count)
{
    private (long Epoch, int[] Order) _current = (-1, []);

    /// <summary>The image at a position of the endless order.</summary>
    /// <param name="position">At least 0.</param>
    /// <returns>An index below the count.</returns>
    public int this[long position]
    {
        get
        {
            var epoch = position / count;
            if (_current.Epoch != epoch)
            {
                _current = (epoch, new CounterRandom(seed, $"order/{role}", epoch).NextPermutation(count));
            }

            return _current.Order[position % count];
        }
    }
}
