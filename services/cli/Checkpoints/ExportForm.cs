namespace IntraDA.Cli.Checkpoints;

/// <summary>Form of an exported file.</summary>
internal enum ExportForm
{
    /// <summary>PyTorch's zip form.</summary>
    PyTorch,

    /// <summary>Safetensors.</summary>
    Safetensors,
}
