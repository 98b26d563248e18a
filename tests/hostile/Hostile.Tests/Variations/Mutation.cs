namespace IntraDA.Hostile.Tests.Variations;

/// <summary>Variations of a file, each from its own seed.</summary>
internal static class Mutation
{
    /// <summary>One to four changes, each of one kind.</summary>
    public static byte[] Of(byte[] valid, int seed)
    {
        var random = new Random(seed);
        var bytes = valid.ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count + 1);
            var count = Math.Min(random.Next(1, 17), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0 when at < bytes.Count:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1 when at < bytes.Count:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, count);
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(1, 17)).Select(_ => (byte)random.Next(256)).ToArray());
                    break;
                case 4:
                    bytes.InsertRange(at, bytes.GetRange(at, count));
                    break;
                case 5:
                    Fill(at, count, 0);
                    break;
                case 6:
                    // Lengths and counts: the largest there are.
                    Fill(at, Math.Min(count, random.Next(1, 9)), 0xFF);
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }

            if (bytes.Count == 0)
            {
                break;
            }
        }

        return [.. bytes];

        void Fill(int from, int length, byte value)
        {
            for (var i = from; i < from + length; i++)
            {
                bytes[i] = value;
            }
        }
    }
}
