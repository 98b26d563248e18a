using System.Globalization;
using System.Text.Json;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Checkpoints;

/// <summary>The metadata of weights that the services load.</summary>
internal static class NetworkMetadata
{
    /// <summary>Key of the architecture's name.</summary>
    public const string ArchitectureKey = "architecture";

    private const string FormatKey = "format";
    private const string NetworkFormat = "intrada.network/1";
    private const string InitialFormat = "intrada.initial-weights/1";

    /// <summary>Metadata of weights of which nothing is known.</summary>
    public static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string> { [FormatKey] = "pt" };

    /// <summary>Whether metadata say all that the services must know of a network.</summary>
    /// <param name="metadata">Text by name.</param>
    /// <returns>True for the form "intrada.network/1".</returns>
    public static bool IsNetwork(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(FormatKey) == NetworkFormat;

    /// <summary>Whether metadata say what weights are: those of a network, or to start from.</summary>
    /// <param name="metadata">Text by name.</param>
    /// <returns>True for the forms that are written here.</returns>
    public static bool IsDescribed(IReadOnlyDictionary<string, string> metadata) =>
        IsNetwork(metadata) || metadata.GetValueOrDefault(FormatKey) == InitialFormat;

    /// <summary>Metadata of a whole network: the form "intrada.network/1", which the services read.</summary>
    /// <param name="architecture">Name of the architecture.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="width">Width to which images are resized, pixels.</param>
    /// <param name="height">Height to which images are resized, pixels.</param>
    /// <returns>Text by name.</returns>
    public static IReadOnlyDictionary<string, string> OfNetwork(string architecture, ClassList classes, int width, int height) =>
        new Dictionary<string, string>
        {
            [FormatKey] = NetworkFormat,
            [ArchitectureKey] = architecture,
            ["class_names"] = JsonSerializer.Serialize(classes.Names),
            ["palette"] = Convert.ToHexStringLower(classes.Palette),
            ["rare_train_ids"] = JsonSerializer.Serialize(classes.RareTrainIds),
            ["input_width"] = width.ToString(CultureInfo.InvariantCulture),
            ["input_height"] = height.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>Metadata of initial weights, which have no classes.</summary>
    /// <param name="architecture">Name of the architecture.</param>
    /// <returns>Text by name.</returns>
    public static IReadOnlyDictionary<string, string> OfInitialWeights(string architecture) => new Dictionary<string, string>
    {
        [FormatKey] = InitialFormat,
        [ArchitectureKey] = architecture,
    };
}
