using IntraDA.Access;

namespace IntraDA.Hosting.Access;

/// <summary>Who may call a method.</summary>
/// <param name="Least">Least role of a person.</param>
/// <param name="Services">Whether another service of the ensemble may call it.</param>
internal sealed record AccessRule(CallerRole Least, bool Services)
{
    public bool Allows(CallerRole role) => role == CallerRole.Service ? Services : role >= Least;
}
