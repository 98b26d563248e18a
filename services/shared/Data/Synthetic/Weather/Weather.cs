namespace IntraDA.Data.Synthetic;

/// <summary>The condition of a scene and its severity, 0 for clear and otherwise 0.5 to 1.</summary>
internal readonly record struct Weather(StreetCondition Condition, float Severity)
{
    private const int HardConditions = 4;

    public static Weather Pick(StreetDomain domain, double hardShare, SceneRandom random)
    {
        if (domain == StreetDomain.Game || random.Unit() >= hardShare)
        {
            return new Weather(StreetCondition.Clear, 0f);
        }

        return new Weather(StreetCondition.Fog + random.Below(HardConditions), random.Range(0.5f, 1f));
    }

    /// <summary>The severity where this is the condition, otherwise zero.</summary>
    public float Is(StreetCondition condition) => Condition == condition ? Severity : 0f;
}
