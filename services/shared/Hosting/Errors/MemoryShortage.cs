using System.Runtime.InteropServices;

namespace IntraDA.Hosting.Errors;

/// <summary>Knows failures of an allocation, those of native libraries by their words.</summary>
internal static class MemoryShortage
{
    /// <summary>What is said of it.</summary>
    public const string Remedy =
        "The service has not enough memory for this; send smaller images, use a smaller batch or network, or give it a machine or GPU with more memory.";

    // Torch has one kind of exception for all that goes wrong: its allocators on processors and GPUs, and its GPU libraries, in this order.
    private static readonly string[] Words =
    [
        "DefaultCPUAllocator:", "not enough memory", "can't allocate memory", "out of memory", "CUBLAS_STATUS_ALLOC_FAILED", "CUDNN_STATUS_ALLOC_FAILED",
        "bad_alloc", "bad allocation",
    ];

    /// <summary>Whether an exception, or what it is about, is a failed allocation.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        OutOfMemoryException => true,
        AggregateException e => e.InnerExceptions.Any(Is),
        ExternalException e => Words.Any(word => e.Message.Contains(word, StringComparison.OrdinalIgnoreCase)),
        _ => false,
    };
}
