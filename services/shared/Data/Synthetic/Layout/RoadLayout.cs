using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The street's plan: a bending road with a walk on each side and perhaps one crossing street.</summary>
internal sealed class RoadLayout
{
    private const float StraightFrom = 70f;
    private readonly float _bend;

    public RoadLayout(SceneRandom random)
    {
        _bend = random.Chance(0.35f) ? random.Sign() * random.Range(0.0008f, 0.003f) : 0f;
        HalfWidth = random.Range(3.4f, 5.2f);
        LeftWalk = random.Range(2.6f, 5f);
        RightWalk = random.Range(2.6f, 5f);
        LeftGrass = random.Chance(0.3f);
        RightGrass = random.Chance(0.3f);
        var crossing = random.Chance(0.4f);
        CrossStart = crossing ? random.Range(15f, 34f) : float.MaxValue;
        CrossEnd = crossing ? CrossStart + random.Range(7f, 9f) : float.MaxValue;
        var zebra = random.Chance(crossing ? 0.75f : 0.2f);
        ZebraStart = !zebra ? float.MaxValue : crossing ? CrossStart - 4.2f : random.Range(8f, 20f);
        CentreLineDashed = random.Chance(0.65f);
        SideLines = random.Chance(0.5f);
    }

    public float HalfWidth { get; }

    public float LeftWalk { get; }

    public float RightWalk { get; }

    public bool LeftGrass { get; }

    public bool RightGrass { get; }

    /// <summary>Where the crossing street begins and ends, metres along the street; beyond the world where there is none.</summary>
    public float CrossStart { get; }

    public float CrossEnd { get; }

    public float ZebraStart { get; }

    public const float ZebraLength = 3.2f;

    public bool CentreLineDashed { get; }

    public bool SideLines { get; }

    public bool HasCrossing => CrossStart < float.MaxValue;

    public bool HasZebra => ZebraStart < float.MaxValue;

    /// <summary>The world X of the road's middle. The bend ends far away so that the street does not turn back on itself.</summary>
    public float Centre(float z)
    {
        var bent = Math.Clamp(z, 0f, StraightFrom);
        return _bend * ((bent * bent) + (2f * StraightFrom * MathF.Max(0f, z - StraightFrom)));
    }

    /// <summary>The heading of the road at a distance, radians from the Z axis to the right.</summary>
    public float Heading(float z) => MathF.Atan(2f * _bend * Math.Clamp(z, 0f, StraightFrom));

    public Vector3 Point(float lateral, float height, float z) => new(Centre(z) + lateral, height, z);

    /// <summary>The width of the walk on a side, -1 left or 1 right.</summary>
    public float Walk(int side) => side < 0 ? LeftWalk : RightWalk;

    /// <summary>Where private ground begins on a side, metres from the road's middle.</summary>
    public float Frontage(int side) => HalfWidth + Walk(side);

    public bool InCrossing(float z, float margin = 0f) => z > CrossStart - margin && z < CrossEnd + margin;

    /// <summary>The train id of the bare ground.</summary>
    public byte ClassAt(float x, float z)
    {
        var lateral = x - Centre(z);
        var side = lateral < 0 ? -1 : 1;
        var distance = MathF.Abs(lateral);
        if (distance < HalfWidth || InCrossing(z))
        {
            return StreetClasses.Road;
        }

        var grass = side < 0 ? LeftGrass : RightGrass;
        return grass && distance > Frontage(side) && !InCrossing(z, 2.5f) ? StreetClasses.Vegetation : StreetClasses.Sidewalk;
    }
}
