namespace IntraDA.Learning.Networks;

/// <summary>What a tensor of a network is for.</summary>
public enum ParameterKind
{
    /// <summary>A convolution's kernel; learned.</summary>
    Weight,

    /// <summary>A bias of a convolution or normalisation; learned unless frozen.</summary>
    Bias,

    /// <summary>The gain of a normalisation; learned unless frozen.</summary>
    Gain,

    /// <summary>Running mean of a batch normalisation; estimated, never learned.</summary>
    RunningMean,

    /// <summary>Running variance of a batch normalisation; estimated, never learned.</summary>
    RunningVariance,

    /// <summary>Number of batches that a batch normalisation has seen (int64 scalar).</summary>
    BatchCount,
}
