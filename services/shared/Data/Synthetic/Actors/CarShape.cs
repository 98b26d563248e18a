namespace IntraDA.Data.Synthetic;

/// <summary>The measures of a kind of car, metres.</summary>
internal readonly record struct CarShape(float Length, float Width, float Belt, float Top, float RearDeck, float Bonnet)
{
    private static readonly CarShape Sedan = new(4.4f, 1.8f, 0.9f, 1.45f, 0.7f, 1.2f);
    private static readonly CarShape Hatchback = new(3.9f, 1.74f, 0.92f, 1.5f, 0.05f, 1f);
    private static readonly CarShape Tall = new(4.5f, 1.9f, 1.02f, 1.75f, 0.02f, 1.05f);
    private static readonly CarShape Van = new(5f, 2f, 1.15f, 2.25f, 0f, 0.55f);

    public static CarShape Pick(SceneRandom random) => random.Below(8) switch
    {
        < 3 => Sedan,
        < 5 => Hatchback,
        < 7 => Tall,
        _ => Van,
    };

    public CabinOutline Cabin()
    {
        float rear = (-Length / 2) + RearDeck, front = (Length / 2) - Bonnet, half = (Width / 2) - 0.04f;
        return new CabinOutline(Belt, rear, front, half, Top, rear + 0.25f, front - 0.75f, half - 0.16f);
    }
}
