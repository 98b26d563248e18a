using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>A material with its colours (display RGB, 0 to 1) and the seed of its texture.</summary>
internal readonly record struct Paint(MaterialKind Kind, Vector3 Tint, Vector3 Accent, uint Seed)
{
    public static Paint Plain(Vector3 tint) => new(MaterialKind.Plain, tint, tint, 0);

    public static Paint Of(MaterialKind kind, Vector3 tint) => new(kind, tint, tint, 0);
}
