using System.Runtime.InteropServices;

namespace IntraDA.Learning.Devices;

/// <summary>
/// The C library's heap, where libtorch keeps tensors on the CPU. By default glibc gives freed memory back to the system as soon as it lies at the
/// end of the heap, and an iteration of training asks for the same megabytes again, page by page: measured on a virtual machine, two fifths of a
/// <c>compact</c> iteration. Other C libraries are left as they are.
/// </summary>
public static partial class NativeHeap
{
    private const string Library = "libc";

    // Numbers and greatest values of malloc.h; a threshold above 32 MB is refused.
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;
    private const int ArenaMax = -8;
    private const int MostMapped = 32 << 20;

    /// <summary>Keeps freed memory for the next tensors, in one heap for all threads. Holds for the whole process, from now on.</summary>
    /// <returns>True where the heap does so now.</returns>
    public static bool KeepFreed() => Ask(() =>
        SetOption(ArenaMax, 1) != 0 && SetOption(MapThreshold, MostMapped) != 0 && SetOption(TrimThreshold, int.MaxValue) != 0);

    /// <summary>Gives what is free back to the system: to be called when work has ended, not between its steps.</summary>
    /// <returns>True where something was given back.</returns>
    public static bool GiveBack() => Ask(() => Trim(0) != 0);

    private static bool Ask(Func<bool> question)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return question();
        }
        catch (Exception e) when (e is EntryPointNotFoundException or DllNotFoundException)
        {
            // musl has neither option.
            return false;
        }
    }

    [LibraryImport(Library, EntryPoint = "mallopt")]
    private static partial int SetOption(int option, int value);

    [LibraryImport(Library, EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint kept);
}
