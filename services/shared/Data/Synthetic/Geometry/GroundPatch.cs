using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A patch of the ground that an object stands on or keeps the light from; X and Z in metres, half axes as vectors.</summary>
internal readonly record struct GroundPatch(Vector2 Centre, Vector2 Along, Vector2 Across);
