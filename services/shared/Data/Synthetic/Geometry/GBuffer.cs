using System.Numerics;

namespace IntraDA.Data.Synthetic;

/// <summary>What every sample sees: the surface and its coordinates for the picture, the train id for the label.</summary>
internal sealed class GBuffer(int columns, int rows)
{
    /// <summary>The surface number of samples that see the ground plane.</summary>
    public const int Ground = -2;

    /// <summary>The surface number of samples that see nothing but the sky.</summary>
    public const int Sky = -1;

    public int Columns { get; } = columns;

    public int Rows { get; } = rows;

    /// <summary>The surface number, <see cref="Ground"/> or <see cref="Sky"/>.</summary>
    public int[] Surfaces { get; } = NewFilled(columns * rows, Sky);

    /// <summary>The inverse depth of the picture, zero for the sky.</summary>
    public float[] Nearness { get; } = new float[columns * rows];

    /// <summary>The surface coordinates, metres.</summary>
    public Vector2[] Coordinates { get; } = new Vector2[columns * rows];

    public byte[] TrainIds { get; } = NewFilled(columns * rows, StreetClasses.Sky);

    /// <summary>The inverse depth of the label: it differs from the picture where one sees through an object.</summary>
    public float[] LabelNearness { get; } = new float[columns * rows];

    /// <summary>How much direct and ambient light reaches a sample, 1 unless something casts a shadow on the ground.</summary>
    public float[] Shade { get; } = NewFilled(columns * rows, 1f);

    private static T[] NewFilled<T>(int length, T value)
    {
        var array = new T[length];
        Array.Fill(array, value);
        return array;
    }
}
