using System.Globalization;
using System.Text.Json;
using IntraDA.Data.Manifests;

namespace IntraDA.Cli.Checkpoints;

/// <summary>The metadata of weights that the services load.</summary>
internal static class NetworkMetadata
{
    /// <summary>Key of the architecture's name.</summary>
    public const string ArchitectureKey = "architecture";

    /// <summary>Metadata of weights of which nothing is known.</summary>
    public static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string> { ["format"] = "pt" };

    /// <summary>Metadata of a whole network: the form "intrada.network/1", which the services read.</summary>
    /// <param name="architecture">Name of the architecture.</param>
    /// <param name="classes">Its classes.</param>
    /// <param name="width">Width to which images are resized, pixels.</param>
    /// <param name="height">Height to which images are resized, pixels.</param>
    /// <returns>Text by name.</returns>
    public static IReadOnlyDictionary<string, string> OfNetwork(string architecture, ClassList classes, int width, int height) =>
        new Dictionary<string, string>
        {
            ["format"] = "intrada.network/1",
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
        ["format"] = "intrada.initial-weights/1",
        [ArchitectureKey] = architecture,
    };
}
