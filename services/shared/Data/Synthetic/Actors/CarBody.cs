using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>One car: a body, a tapered cabin with windows, wheels and lamps, in coordinates of the car (ahead, right, up).</summary>
internal sealed class CarBody
{
    private readonly SceneBuilder _scene;
    private readonly Vector3 _floor;
    private readonly Vector3 _ahead;
    private readonly Vector3 _right;
    private readonly CarShape _shape;

    private CarBody(SceneBuilder scene, Vector3 floor, float heading)
    {
        _scene = scene;
        _floor = floor;
        var (sine, cosine) = MathF.SinCos(heading);
        _ahead = new Vector3(sine, 0, cosine);
        _right = new Vector3(cosine, 0, -sine);
        _shape = CarShape.Pick(scene.Random);
    }

    /// <summary>Adds a car whose front looks along the heading, radians from Z towards X.</summary>
    public static void Add(SceneBuilder scene, Vector3 floor, float heading)
    {
        var car = new CarBody(scene, floor, heading);
        if (!scene.Claim(floor, car._ahead, car._shape.Length / 2, car._shape.Width / 2))
        {
            return;
        }

        car.AddBody(heading);
        car.AddCabin();
        car.AddWheels();
        car.AddLamps();
        scene.Shadow(floor, car._shape.Width + 0.5f, car._shape.Length + 0.5f, heading);
    }

    private Vector3 At(float ahead, float right, float up) => _floor + (_ahead * ahead) + (_right * right) + (Vector3.UnitY * up);

    private void AddBody(float heading)
    {
        var paint = Paint.Of(MaterialKind.CarPaint, _scene.Palette.Pick(PaletteSlot.CarPaint));
        var dark = Paint.Plain(new Vector3(0.07f));
        _scene.Box(StreetClasses.Car, dark, At(0, 0, 0.14f), _shape.Width - 0.25f, 0.2f, _shape.Length - 0.3f, heading);
        _scene.Box(StreetClasses.Car, paint, At(0, 0, 0.28f), _shape.Width, _shape.Belt - 0.28f, _shape.Length, heading);
        Quad(paint, _shape.Cabin(), 1f, 0f);
    }

    private void AddCabin()
    {
        var glass = new Paint(MaterialKind.Glass, _scene.Palette.Pick(PaletteSlot.Glass) * 0.55f, _scene.Palette.Pick(PaletteSlot.SkyHorizon), 0);
        Quad(glass, _shape.Cabin(), 0.84f, 0.02f);
    }

    /// <summary>The four walls and the roof of the cabin; windows are the walls again, shrunk and pushed outwards.</summary>
    private void Quad(Paint paint, CabinOutline cabin, float scale, float push)
    {
        Span<Vector3> low = [At(cabin.LowRear, -cabin.LowHalf, cabin.Low), At(cabin.LowRear, cabin.LowHalf, cabin.Low), At(cabin.LowFront, cabin.LowHalf, cabin.Low), At(cabin.LowFront, -cabin.LowHalf, cabin.Low)];
        Span<Vector3> high = [At(cabin.HighRear, -cabin.HighHalf, cabin.High), At(cabin.HighRear, cabin.HighHalf, cabin.High), At(cabin.HighFront, cabin.HighHalf, cabin.High), At(cabin.HighFront, -cabin.HighHalf, cabin.High)];
        var centre = At((cabin.LowRear + cabin.LowFront) / 2, 0, cabin.Low);
        for (var i = 0; i < 4; i++)
        {
            var next = (i + 1) % 4;
            var middle = (low[i] + low[next] + high[i] + high[next]) / 4;
            var outward = Vector3.Normalize(middle - centre) * push;
            Vector3 Shrunk(Vector3 p) => middle + ((p - middle) * scale) + outward;
            _scene.Polygon(StreetClasses.Car, paint, [Shrunk(low[i]), Shrunk(low[next]), Shrunk(high[next]), Shrunk(high[i])]);
        }

        if (push == 0f)
        {
            _scene.Polygon(StreetClasses.Car, paint, high);
        }
    }

    private void AddWheels()
    {
        var paint = new Paint(MaterialKind.Wheel, new Vector3(0.09f), new Vector3(0.62f), 0);
        const float radius = 0.34f;
        foreach (var ahead in (ReadOnlySpan<float>)[-0.31f, 0.31f])
        {
            foreach (var side in (ReadOnlySpan<float>)[-1f, 1f])
            {
                float middle = ahead * _shape.Length, right = side * ((_shape.Width / 2) + 0.02f);
                _scene.Polygon(
                    StreetClasses.Car, paint,
                    [At(middle - radius, right, 0), At(middle + radius, right, 0), At(middle + radius, right, 2 * radius), At(middle - radius, right, 2 * radius)],
                    SurfaceMask.Ellipse);

                // The tread, seen from the front and the rear.
                var inner = right - (side * 0.24f);
                _scene.Polygon(StreetClasses.Car, Paint.Plain(paint.Tint), [At(middle, inner, 0), At(middle, right, 0), At(middle, right, 0.4f), At(middle, inner, 0.4f)]);
            }
        }
    }

    private void AddLamps()
    {
        var end = (_shape.Length / 2) + 0.02f;
        Lamps(end, new Vector3(0.95f, 0.95f, 0.88f), new Vector3(1f, 0.95f, 0.8f), 0.8f);
        Lamps(-end, new Vector3(0.72f, 0.08f, 0.07f), new Vector3(1f, 0.12f, 0.08f), 0.4f);
        EndPanel(end, Paint.Plain(new Vector3(0.12f)), 0.45f, 0.36f, 0.56f);
        EndPanel(-end, Paint.Plain(new Vector3(0.85f, 0.85f, 0.78f)), 0.27f, 0.5f, 0.63f);
    }

    private void Lamps(float ahead, Vector3 tint, Vector3 light, float glow)
    {
        foreach (var side in (ReadOnlySpan<float>)[-1f, 1f])
        {
            float outer = side * ((_shape.Width / 2) - 0.06f), inner = outer - (side * 0.36f);
            _scene.Polygon(
                StreetClasses.Car, new Paint(MaterialKind.Lamp, tint, light, 0),
                [At(ahead, inner, 0.6f), At(ahead, outer, 0.6f), At(ahead, outer, 0.78f), At(ahead, inner, 0.78f)]);

            // A lamp on the far end of the car must not glow through it.
            var place = At(ahead, (inner + outer) / 2, 0.69f);
            if (Vector3.Dot(_ahead * MathF.Sign(ahead), _scene.Camera.Position - place) > 0)
            {
                _scene.Lights.Add(new SceneLight(place, light, 0f, glow));
            }
        }
    }

    private void EndPanel(float ahead, Paint paint, float half, float low, float high) =>
        _scene.Polygon(StreetClasses.Car, paint, [At(ahead, -half, low), At(ahead, half, low), At(ahead, half, high), At(ahead, -half, high)]);
}
