namespace IntraDA.Access;

/// <summary>Roles as they are written in key files, certificates and on command lines.</summary>
public static class CallerRoles
{
    /// <summary>The names, in rising order.</summary>
    public static IReadOnlyList<string> Names { get; } = ["predict", "operate", "admin", "service"];

    /// <summary>The name of a role.</summary>
    /// <param name="role">The role.</param>
    /// <returns>One of <see cref="Names"/>.</returns>
    public static string NameOf(CallerRole role) => Names[(int)role - 1];

    /// <summary>The role with a name.</summary>
    /// <param name="name">The name, in lower case.</param>
    /// <returns>The role; null where the name is none of <see cref="Names"/>.</returns>
    public static CallerRole? Parse(string? name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name)
            {
                return (CallerRole)(i + 1);
            }
        }

        return null;
    }
}
