namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>The check sum of zip archives (ISO 3309, polynomial 0xEDB88320), four bytes a step.</summary>
internal struct Crc32
{
    private static readonly uint[][] Tables = BuildTables();

    private uint _inverted;

    /// <summary>The sum of all bytes so far.</summary>
    public readonly uint Value => _inverted;

    public void Append(ReadOnlySpan<byte> bytes)
    {
        var (t0, t1, t2, t3) = (Tables[0], Tables[1], Tables[2], Tables[3]);
        var crc = ~_inverted;
        while (bytes.Length >= 4)
        {
            crc ^= System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            crc = t3[crc & 0xff] ^ t2[(crc >> 8) & 0xff] ^ t1[(crc >> 16) & 0xff] ^ t0[crc >> 24];
            bytes = bytes[4..];
        }

        foreach (var value in bytes)
        {
            crc = t0[(crc ^ value) & 0xff] ^ (crc >> 8);
        }

        _inverted = ~crc;
    }

    private static uint[][] BuildTables()
    {
        var tables = new uint[4][];
        for (var k = 0; k < tables.Length; k++)
        {
            tables[k] = new uint[256];
            for (var i = 0u; i < 256; i++)
            {
                var crc = k == 0 ? i : tables[k - 1][i];
                for (var bit = 0; bit < 8; bit++)
                {
                    crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
                }

                tables[k][i] = crc;
            }
        }

        return tables;
    }
}
