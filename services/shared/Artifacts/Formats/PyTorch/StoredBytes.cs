namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>Where the bytes of a storage lie.</summary>
/// <param name="Start">First byte in the file.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Crc">CRC-32 that the archive states; null where none is stated.</param>
internal sealed record StoredBytes(long Start, long Length, uint? Crc);
