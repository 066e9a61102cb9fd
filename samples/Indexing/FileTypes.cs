using System.Runtime.InteropServices;

namespace Indexing;

/// <summary>Tells regular files from pipes, sockets and devices, whose opening or reading could wait for ever.</summary>
internal static partial class FileTypes
{
    private const int CurrentDirectory = -100; // AT_FDCWD
    private const uint TypeOnly = 1; // STATX_TYPE
    private const int ModeOffset = 28; // of stx_mode in struct statx, which is the same on every architecture
    private const int TypeMask = 0xF000; // S_IFMT
    private const int Regular = 0x8000; // S_IFREG

    /// <summary>
    /// Whether a path leads to a regular file. .NET shows a pipe as a normal file of length 0, so the kernel is asked where there is one to
    /// ask; elsewhere the answer is yes.
    /// </summary>
    public static bool IsRegular(string path)
    {
        Span<byte> status = stackalloc byte[256];
        return !OperatingSystem.IsLinux()
            || Statx(CurrentDirectory, path, 0, TypeOnly, status) != 0
            || (MemoryMarshal.Read<ushort>(status[ModeOffset..]) & TypeMask) == Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, Span<byte> status);
}
