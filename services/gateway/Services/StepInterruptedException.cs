namespace IntraDA.Gateway.Services;

/// <summary>A step ended before its result and may be opened again.</summary>
internal sealed class StepInterruptedException(string message) : Exception(message);
