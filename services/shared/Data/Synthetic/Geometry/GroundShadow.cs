using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A rounded patch on the ground that an object keeps the light from; X and Z in metres, half axes as vectors.</summary>
internal readonly record struct GroundShadow(Vector2 Centre, Vector2 Along, Vector2 Across);
