using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>The light of a scene under its condition: by day sun and sky, at night lamps, headlights and what the city reflects.</summary>
internal sealed class Illumination
{
    private static readonly Vector3 HeadlightColour = new(0.95f, 0.9f, 0.75f);
    private static readonly Vector3 FogColour = new(0.78f, 0.79f, 0.8f);

    private readonly Look _look;
    private readonly Weather _weather;
    private readonly List<SceneLight> _lamps;
    private readonly Vector3 _eye;
    private readonly Vector3 _sun;
    private readonly Vector3 _ambient;
    private readonly float _night;
    private readonly float _fog;

    public Illumination(SceneBuilder scene, Look look, Weather weather)
    {
        _look = look;
        _weather = weather;
        _lamps = scene.Lights.FindAll(lamp => lamp.Reach > 0f && lamp.Position.Z < 60f);
        _eye = scene.Camera.Position;
        _night = weather.Is(StreetCondition.Night);
        _fog = weather.Is(StreetCondition.Fog);
        var dull = 1f - (0.65f * MathF.Max(_fog, weather.Is(StreetCondition.Rain)));
        var dark = _night > 0 ? 0.44f - (0.24f * _night) : 1f;
        _sun = _night > 0 ? Vector3.Zero : look.Sun * dull;
        _ambient = look.Ambient * dark * (_night > 0 ? new Vector3(0.75f, 0.82f, 1.15f) : Vector3.One) * (0.8f + (0.2f * dull));
    }

    /// <summary>The light that falls on a place, per channel.</summary>
    public Vector3 At(Vector3 place, Vector3 normal, float shade, float depth)
    {
        var direct = MathF.Max(0f, Vector3.Dot(normal, _look.SunDirection));
        var sky = 0.82f + (0.18f * normal.Y);
        var total = ((_sun * direct) + (_ambient * sky)) * shade;
        return _night > 0 ? total + (Lamps(place, depth) * (0.5f + (0.5f * shade))) : total;
    }

    public Vector3 Sky(Vector3 colour, Vector3 ray, Vector3 horizon)
    {
        if (_night > 0)
        {
            var glow = MathF.Exp(-MathF.Max(0f, ray.Y) * 3.5f);
            return (colour * new Vector3(0.1f, 0.11f, 0.16f)) + (new Vector3(0.16f, 0.11f, 0.07f) * glow);
        }

        colour = Vector3.Lerp(colour, horizon * 0.86f, 0.75f * _weather.Is(StreetCondition.Rain));
        return _fog > 0 ? Vector3.Lerp(colour, FogColour, 0.5f + (0.5f * _fog)) : colour;
    }

    /// <summary>Blends a colour towards the air's over its distance.</summary>
    public Vector3 ThroughAir(Vector3 colour, float depth, Vector3 place, Vector3 horizon)
    {
        if (_night > 0)
        {
            return colour;
        }

        // Fog drifts: an even veil would be easier to see through than the real one.
        var drift = _fog > 0 ? 0.6f + (0.8f * ValueNoise.Smooth(place.X * 0.12f, place.Z * 0.08f, _look.Seed + 31)) : 1f;
        var density = (_look.Haze * (1f + (2.5f * _weather.Is(StreetCondition.Rain)))) + (_fog * 0.062f * drift);
        var kept = MathF.Exp(-density * depth);
        return Vector3.Lerp(_fog > 0 ? FogColour : horizon * 0.92f, colour, kept);
    }

    /// <summary>The colour of a lit window at night, or nothing.</summary>
    public Vector3? LitWindow(uint seed, Vector2 at) =>
        _night > 0 && ValueNoise.Cell(at.X / 2.6f, at.Y / 3.1f, seed + 41) < 0.22f ? new Vector3(0.85f, 0.62f, 0.32f) : null;

    /// <summary>The colour of a lamp: it shines at night and shows its housing by day.</summary>
    public Vector3 Shining(Vector3 shaded, Paint paint) =>
        _night > 0 && paint.Kind == MaterialKind.Lamp ? Vector3.Max(shaded, paint.Accent) : shaded;

    private Vector3 Lamps(Vector3 place, float depth)
    {
        var beam = 0.55f / (1f + (depth * depth * 0.004f)) * MathF.Max(0.15f, 1f - (place.Y * 0.28f));
        var spread = MathF.Abs(place.X - _eye.X) / (2f + (depth * 0.35f));
        var total = HeadlightColour * (beam / (1f + (spread * spread * spread)));
        foreach (var lamp in _lamps)
        {
            var distance = (place - lamp.Position).LengthSquared() / (lamp.Reach * lamp.Reach);
            if (distance < 9f)
            {
                total += lamp.Colour * (0.75f * MathF.Exp(-distance * 1.4f));
            }
        }

        return total;
    }
}
