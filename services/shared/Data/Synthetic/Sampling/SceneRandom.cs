namespace IntraDA.Data.Synthetic;

/// <summary>A SplitMix64 stream: its sequence is fixed by the state alone, on every machine and runtime.</summary>
internal sealed class SceneRandom(ulong state)
{
    private ulong _state = state;

    /// <summary>The finaliser of SplitMix64, also used to fold keys into a seed.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
        return value ^ (value >> 31);
    }

    /// <summary>A stream for one purpose of one scene, so that drawing more for one purpose leaves the others as they were.</summary>
    public static SceneRandom For(ulong seed, StreetDomain domain, int index, ulong purpose)
    {
        var key = Mix(seed + 0x9E3779B97F4A7C15UL);
        key = Mix(key ^ (((ulong)domain + 1) * 0xD1B54A32D192ED03UL));
        key = Mix(key ^ (((ulong)(uint)index + 1) * 0x8CB92BA72F3D8DD7UL));
        return new SceneRandom(Mix(key ^ purpose));
    }

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        return Mix(_state);
    }

    /// <summary>A number in [0, 1).</summary>
    public float Unit() => (Next() >> 40) * (1f / 16777216f);

    public float Range(float low, float high) => low + ((high - low) * Unit());

    public int Below(int count) => (int)((Next() >> 33) % (ulong)count);

    public bool Chance(float probability) => Unit() < probability;

    /// <summary>Plus or minus one.</summary>
    public int Sign() => (Next() >> 63) == 0 ? -1 : 1;

    /// <summary>About standard normal: four uniforms are close enough for jitter and sensor noise.</summary>
    public float Normal()
    {
        var bits = Next();
        var sum = (ushort)bits + (ushort)(bits >> 16) + (ushort)(bits >> 32) + (ushort)(bits >> 48);
        return ((sum * (1f / 65536f)) - 2f) * 1.7320508f;
    }
}
