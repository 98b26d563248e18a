using System.Globalization;
using System.Text.Json;
using IntraDA.Data.Manifests;

namespace IntraDA.Learning.Checkpoints;

/// <summary>What a checkpoint says of the network in it, kept in the file's metadata so that the file alone suffices.</summary>
/// <param name="Architecture">Name of the architecture.</param>
/// <param name="Classes">Label space.</param>
/// <param name="InputWidth">Width to which images are resized, pixels.</param>
/// <param name="InputHeight">Height to which images are resized, pixels.</param>
public sealed record NetworkDescription(string Architecture, ClassList Classes, int InputWidth, int InputHeight)
{
    private const string CurrentFormat = "intrada.network/1";
    private const int MaxSide = 8192;

    /// <summary>The file's metadata.</summary>
    /// <returns>Text by name.</returns>
    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        ["format"] = CurrentFormat,
        ["architecture"] = Architecture,
        ["class_names"] = JsonSerializer.Serialize(Classes.Names),
        ["palette"] = Convert.ToHexStringLower(Classes.Palette),
        ["rare_train_ids"] = JsonSerializer.Serialize(Classes.RareTrainIds),
        ["input_width"] = InputWidth.ToString(CultureInfo.InvariantCulture),
        ["input_height"] = InputHeight.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Reads a file's metadata.</summary>
    /// <param name="metadata">The metadata.</param>
    /// <param name="name">Name of the file, for errors.</param>
    /// <returns>The description.</returns>
    /// <exception cref="CheckpointException">Something is missing or malformed.</exception>
    public static NetworkDescription FromMetadata(IReadOnlyDictionary<string, string> metadata, string name)
    {
        if (metadata.GetValueOrDefault("format") != CurrentFormat)
        {
            throw new CheckpointException(
                $"'{name}' does not say which network it holds (metadata 'format' is not '{CurrentFormat}'); import it with './intrada import'.");
        }

        try
        {
            return Checked(new NetworkDescription(
                metadata["architecture"],
                new ClassList
                {
                    Names = JsonSerializer.Deserialize<string[]>(metadata["class_names"]) ?? [],
                    Palette = Convert.FromHexString(metadata["palette"]),
                    RareTrainIds = JsonSerializer.Deserialize<int[]>(metadata["rare_train_ids"]) ?? [],
                },
                int.Parse(metadata["input_width"], CultureInfo.InvariantCulture),
                int.Parse(metadata["input_height"], CultureInfo.InvariantCulture)));
        }
        catch (Exception e) when (e is KeyNotFoundException or FormatException or JsonException or OverflowException)
        {
            throw new CheckpointException($"The metadata of '{name}' are malformed: {e.Message}", e);
        }
    }

    private static NetworkDescription Checked(NetworkDescription description)
    {
        var wrong = description.Classes.Violations().FirstOrDefault();
        return wrong is not null ? throw new FormatException($"{wrong}.")
            : description.InputWidth is < 1 or > MaxSide || description.InputHeight is < 1 or > MaxSide
                ? throw new FormatException($"the input of {description.InputWidth}x{description.InputHeight} pixels is not within 1 to {MaxSide}.")
            : description;
    }
}
