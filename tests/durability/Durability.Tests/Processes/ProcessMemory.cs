using System.Globalization;
using System.Runtime.InteropServices;

namespace IntraDA.Durability.Tests.Processes;

/// <summary>What the kernel says of a process's memory.</summary>
internal static partial class ProcessMemory
{
    /// <summary>Resident set, bytes.</summary>
    public static long ResidentBytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1024 * long.Parse(line["VmRSS:".Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// Resident set of this process after a collection, and after the C library's allocator has given back the pages that it holds on
    /// to for later, bytes: what is in use.
    /// </summary>
    public static long OwnResidentBytes()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        _ = TrimNativeHeap(0);
        return ResidentBytes(Environment.ProcessId);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimNativeHeap(nuint pad);
}
