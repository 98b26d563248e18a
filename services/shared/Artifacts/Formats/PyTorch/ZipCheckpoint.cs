using System.Globalization;
using System.IO.Compression;
using System.Text;
using IntraDA.Artifacts.Formats.PyTorch.Pickle;

namespace IntraDA.Artifacts.Formats.PyTorch;

/// <summary>
/// The form since PyTorch 1.6: a zip archive without compression, with one folder that holds <c>data.pkl</c>, <c>data/KEY</c> for
/// each storage and, since 2.1, <c>byteorder</c>.
/// </summary>
internal static class ZipCheckpoint
{
    private const string PickleName = "data.pkl";

    public static CheckpointContent Read(Stream stream)
    {
        try
        {
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            return Read(stream, archive);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new ArtifactFormatException("The checkpoint is truncated or damaged: its zip directory cannot be read.", e);
        }
    }

    private static CheckpointContent Read(Stream stream, ZipArchive archive)
    {
        var entries = new Dictionary<string, ZipArchiveEntry>(StringComparer.Ordinal);
        foreach (var entry in archive.Entries)
        {
            if (!entries.TryAdd(entry.FullName, entry))
            {
                // Readers would disagree on which one counts.
                throw new ArtifactFormatException("The checkpoint is damaged: an entry of its zip archive occurs twice.");
            }
        }

        var folder = Folder(entries);
        RefuseOtherForms(entries, entries[folder + PickleName]);
        var tensors = new TensorBuilder();
        var pickle = Locate(stream, entries[folder + PickleName], PickleName);
        if (pickle.Length > PickleLimits.Bytes)
        {
            throw new ArtifactFormatException(
                $"The checkpoint is refused: {PickleName} has {pickle.Length} bytes, at most {PickleLimits.Bytes} are read.");
        }

        stream.Position = pickle.Start;
        var root = RestrictedUnpickler.Load(new PickleSource(stream, pickle.Length), tensors);
        var located = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        foreach (var (key, storage) in tensors.Storages)
        {
            if (!entries.TryGetValue($"{folder}data/{key}", out var entry))
            {
                throw new ArtifactFormatException($"The checkpoint is damaged: storage {located.Count} of {tensors.Storages.Count} is missing.");
            }

            located.Add(key, Locate(stream, entry, "a storage"));
            if (located[key].Length != storage.Length)
            {
                throw new ArtifactFormatException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The checkpoint is damaged: a storage of {storage.Count} {storage.Element.Name} has {located[key].Length} bytes instead of {storage.Length}."));
            }
        }

        return new CheckpointContent(root, located, entries.TryGetValue(folder + "byteorder", out var order) && IsBigEndian(stream, order));
    }

    private static string Folder(Dictionary<string, ZipArchiveEntry> entries)
    {
        var pickles = entries.Keys.Where(name => name == PickleName || name.EndsWith("/" + PickleName, StringComparison.Ordinal)).ToList();
        var folders = pickles.Select(name => name[..^PickleName.Length]).ToList();
        return folders switch
        {
            [var folder] => folder,
            [] => throw new ArtifactFormatException("The file is a zip archive without data.pkl, so no PyTorch checkpoint."),
            _ => throw new ArtifactFormatException("The checkpoint is damaged: its zip archive has several data.pkl."),
        };
    }

    private static void RefuseOtherForms(Dictionary<string, ZipArchiveEntry> entries, ZipArchiveEntry pickle)
    {
        // TorchScript archives have a data.pkl too, but what it holds are objects of the program beside it.
        var isProgram = entries.Keys.Any(
            name => name.EndsWith("/constants.pkl", StringComparison.Ordinal) || name.Contains("/code/", StringComparison.Ordinal));
        if (isProgram || pickle.CompressedLength != pickle.Length)
        {
            // A pickle that asks for something to be run is named as such, in whatever wrapping.
            RefuseForbidden(pickle, isProgram);
        }

        if (isProgram)
        {
            throw new ArtifactFormatException(
                "The file is a TorchScript program, not a state dict: save model.state_dict() of the original model with torch.save.");
        }
    }

    private static void RefuseForbidden(ZipArchiveEntry entry, bool isProgram)
    {
        if (entry.IsEncrypted)
        {
            return;
        }

        // Its length is a claim of the archive's: what is read is bounded by itself.
        using var inflated = new MemoryStream();
        using (var content = entry.Open())
        {
            var buffer = new byte[1 << 16];
            int read;
            while ((read = content.Read(buffer)) > 0 && inflated.Length + read <= PickleLimits.Bytes)
            {
                inflated.Write(buffer, 0, read);
            }
        }

        inflated.Position = 0;
        try
        {
            _ = RestrictedUnpickler.Load(new PickleSource(inflated, inflated.Length), new TensorBuilder());
        }
        catch (ForbiddenGlobalException e) when (isProgram && e.Global.StartsWith("__torch__.", StringComparison.Ordinal))
        {
            // The program's own classes.
        }
        catch (ArtifactFormatException e) when (e is not ForbiddenGlobalException)
        {
            // What it is refused for is said by the caller.
        }
    }

    // The archive's own streams can only be read from the start; a stored entry lies in the file as it is, and where the stream takes
    // its first byte from is where it lies.
    private static StoredBytes Locate(Stream stream, ZipArchiveEntry entry, string what)
    {
        using var content = entry.Open();
        if (entry.IsEncrypted || entry.CompressedLength != entry.Length || content is DeflateStream)
        {
            throw new ArtifactFormatException(
                $"The checkpoint is refused: {what} in its zip archive is compressed or encrypted, which PyTorch never does.");
        }

        // An empty entry has no first byte to find it by, and none is needed. The sum is left out by an option of PyTorch.
        if (entry.Length == 0)
        {
            return new StoredBytes(0, 0, Crc: null);
        }

        var first = content.ReadByte();
        var start = stream.Position - 1;
        if (first < 0 || entry.Length > stream.Length - start)
        {
            throw new ArtifactFormatException($"The checkpoint is truncated: {what} in its zip archive is incomplete.");
        }

        return new StoredBytes(start, entry.Length, entry.Crc32 == 0 ? null : entry.Crc32);
    }

    private static bool IsBigEndian(Stream stream, ZipArchiveEntry entry)
    {
        var place = Locate(stream, entry, "byteorder");
        var bytes = new byte[Math.Min(place.Length, 16)];
        stream.Position = place.Start;
        stream.ReadExactly(bytes);
        return Encoding.ASCII.GetString(bytes).Trim() switch
        {
            "little" => false,
            "big" => true,
            _ => throw new ArtifactFormatException("The checkpoint is damaged: its byte order is neither little nor big."),
        };
    }
}
