namespace MinEntTrainer.Service;

/// <summary>The trainer cannot start as it is configured.</summary>
/// <param name="message">What is wrong, and the fix.</param>
internal sealed class SettingsException(string message) : Exception(message);
