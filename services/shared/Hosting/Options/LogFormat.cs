namespace IntraDA.Hosting.Options;

/// <summary>How lines of the log look.</summary>
public enum LogFormat
{
    /// <summary>One line for people.</summary>
    Text,

    /// <summary>One JSON object a line, with the ids of workflow and stage where there are any.</summary>
    Json,
}
