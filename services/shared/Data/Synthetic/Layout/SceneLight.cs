using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A lamp that counts at night: its place in the world, its colour, its reach in metres (0: it only glows) and its glow's radius in metres.</summary>
internal readonly record struct SceneLight(Vector3 Position, Vector3 Colour, float Reach, float Glow);
