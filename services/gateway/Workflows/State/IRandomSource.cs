namespace IntraDA.Gateway.Workflows.State;

/// <summary>Where identifiers take their randomness from.</summary>
internal interface IRandomSource
{
    /// <summary>So many random bytes.</summary>
    byte[] Next(int count);
}
