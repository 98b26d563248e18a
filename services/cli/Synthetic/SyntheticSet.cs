using IntraDA.Data.Synthetic;

namespace IntraDA.Cli.Synthetic;

/// <summary>A set of synthetic scenes to write.</summary>
/// <param name="Directory">The folder.</param>
/// <param name="Domain">The appearance.</param>
/// <param name="FirstIndex">Index of the first scene.</param>
/// <param name="Count">Number of scenes.</param>
internal sealed record SyntheticSet(string Directory, StreetDomain Domain, int FirstIndex, int Count);
