using System.Security.Cryptography;
using IntraDA.Data.Files;
using IntraDA.Data.Images;
using IntraDA.Data.Labels;
using IntraDA.Data.Manifests;

namespace IntraDA.Data.Layouts;

/// <summary>Makes the manifest of a folder: lists it by its layout, hashes each file, and checks that each can be read to its end.</summary>
public static class DatasetScanner
{
    // Each worker holds one file, so this bounds memory to a few times the limit of a file; disks gain nothing from more.
    private const int MaxWorkers = 8;
    private const int NamedFindings = 5;

    /// <summary>Scans a folder.</summary>
    /// <param name="request">The folder and what of it.</param>
    /// <param name="progress">Told after each image, from several threads; null for nobody.</param>
    /// <param name="cancellationToken">Stops the scan.</param>
    /// <returns>A valid manifest; <see cref="DatasetManifest.Labels"/> is null where no image has a label.</returns>
    /// <exception cref="DatasetException">
    /// The folder or the list is not as the layout says, or files in it cannot be used; one line that names them and the fix.
    /// </exception>
    public static async Task<DatasetManifest> ScanAsync(
        LayoutRequest request,
        IProgress<ScanProgress>? progress,
        CancellationToken cancellationToken)
    {
        var layout = DatasetLayouts.Get(request.Layout);
        if (string.IsNullOrWhiteSpace(request.Path) || !Directory.Exists(request.Path))
        {
            throw new DatasetException($"The folder '{request.Path}' does not exist where the services run: check the path.");
        }

        var rooted = request with { Path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(request.Path)) };
        var listing = layout.List(rooted);
        var items = await HashAsync(rooted, listing, progress, cancellationToken);
        var manifest = new DatasetManifest
        {
            Name = request.Name.Length > 0 ? request.Name : DefaultName(rooted),
            Classes = listing.Classes,
            Labels = items.Any(item => item.Label is not null) ? listing.Labels : null,
            Root = rooted.Path,
            Items = items,
        };
        ManifestValidator.Validate(manifest, manifest.Name);
        return manifest;
    }

    private static async Task<DatasetItem[]> HashAsync(
        LayoutRequest request,
        LayoutListing listing,
        IProgress<ScanProgress>? progress,
        CancellationToken cancellationToken)
    {
        var items = new DatasetItem[listing.Entries.Count];
        var findings = new string?[items.Length];
        var hasClass = new bool[items.Length];
        var done = 0;
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Math.Min(Environment.ProcessorCount, MaxWorkers),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForAsync(0, items.Length, options, async (i, token) =>
        {
            try
            {
                (items[i], hasClass[i]) = await ItemAsync(request, listing, listing.Entries[i], token);
            }
            catch (Exception exception) when (exception is BadImageException or DatasetException)
            {
                findings[i] = exception.Message.TrimEnd('.');
            }

            progress?.Report(new ScanProgress(Interlocked.Increment(ref done), items.Length));
        });
        Refuse([.. findings.OfType<string>()], request);
        return Array.Exists(items, item => item.Label is not null) && !hasClass.Contains(true)
            ? throw new DatasetException($"No label file of '{request.Path}' has a pixel of any class: check that the layout "
                + $"'{request.Layout}' and the protocol are those of its labels, or ignore labels for an unlabelled target.")
            : items;
    }

    private static void Refuse(List<string> findings, LayoutRequest request)
    {
        if (findings.Count == 0)
        {
            return;
        }

        var count = findings.Count;
        if (count > NamedFindings)
        {
            findings.RemoveRange(NamedFindings, count - NamedFindings);
            findings.Add($"and {count - NamedFindings} more");
        }

        throw new DatasetException($"{count} {(count == 1 ? "image or label" : "images or labels")} in '{request.Path}' must "
            + "be mended or taken off the list", findings);
    }

    private static async Task<(DatasetItem Item, bool HasClass)> ItemAsync(
        LayoutRequest request,
        LayoutListing listing,
        LayoutEntry entry,
        CancellationToken cancellationToken)
    {
        var (image, imageBytes) = await FileAsync(request, entry.Image, cancellationToken);
        var imageHeader = ImageIntegrity.Check(imageBytes, entry.Image, request.Limits);
        DatasetFile? label = null;
        var hasClass = false;
        if (entry.Label is { } path)
        {
            (label, var bytes) = await FileAsync(request, path, cancellationToken);
            CheckLabel(listing.Labels, path, ImageHeader.Read(bytes, path, request.Limits), entry.Image, imageHeader);
            hasClass = LabelIds.Check(bytes, listing.Labels, listing.Classes.Names.Count, listing.IgnoredRawId, path, request.Limits);
        }

        return (new DatasetItem { Id = entry.Id, Image = image, Label = label, Attributes = entry.Attributes }, hasClass);
    }

    private static void CheckLabel(LabelEncoding encoding, string path, ImageHeader label, string imagePath, ImageHeader image)
    {
        if (label.Format != ImageFormat.Png)
        {
            throw new BadImageException(path, "it is a JPEG, which does not keep class ids; labels are PNG files");
        }

        // Only SYNTHIA's 16-bit files hold ids in several channels; 8-bit colours are a picture of the labels.
        if (label.Channels >= 3 && (label.BitDepth == 8 || encoding.TrainIds is null))
        {
            throw new BadImageException(path, "it is a colour image; a label file holds class ids in greyscale or as palette "
                + "indices");
        }

        if (!encoding.SizesMayDiffer && (label.Width != image.Width || label.Height != image.Height))
        {
            throw new BadImageException(path, $"it has {label.Width}x{label.Height} pixels and its image '{imagePath}' has "
                + $"{image.Width}x{image.Height}; make them the same size");
        }
    }

    private static async Task<(DatasetFile File, byte[] Bytes)> FileAsync(
        LayoutRequest request,
        string path,
        CancellationToken cancellationToken)
    {
        var real = RootedPath.Resolve(request.Path, path);
        try
        {
            request.Limits.CheckBytes(new FileInfo(real).Length, path);
            var bytes = await File.ReadAllBytesAsync(real, cancellationToken);
            return (new DatasetFile { Path = path, Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), SizeBytes = bytes.Length }, bytes);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadImageException(path, "it cannot be read; check its permissions and the disk", exception);
        }
    }

    private static string DefaultName(LayoutRequest request)
    {
        string[] parts = [Path.GetFileName(request.Path), request.Split, Path.GetFileNameWithoutExtension(request.List)];
        return string.Join('-', parts.Where(part => part.Length > 0)) is { Length: > 0 } name ? name : request.Layout;
    }
}
