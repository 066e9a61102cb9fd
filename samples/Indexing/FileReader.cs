using System.Buffers;
using System.Security.Cryptography;

namespace Indexing;

/// <summary>Reads a file once, for everything that is asked of it.</summary>
internal static class FileReader
{
    private const int PieceLength = 64 << 10;

    /// <param name="file">The file.</param>
    /// <param name="onRead">Told how many bytes have been read after each piece.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static async Task<FileReport> ReadAsync(PlannedFile file, Action<long> onRead, CancellationToken cancellationToken)
    {
        if (file.Length == 0)
        {
            // Not opened: where pipes cannot be told from empty files, this keeps us from waiting for one.
            return FileReport.Unread(file, FileKind.Text);
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            using var handle = File.OpenHandle(file.Path, options: FileOptions.Asynchronous | FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var scanner = new TextScanner();
            var position = 0L;
            while (await RandomAccess.ReadAsync(handle, piece, position, cancellationToken) is var count and > 0)
            {
                if (!scanner.TryScan(piece.AsSpan(0, count)))
                {
                    return FileReport.Unread(file, FileKind.Binary);
                }

                hash.AppendData(piece, 0, count);
                position += count;
                onRead(position);
            }

            scanner.Finish();
            var digest = position > 0 ? Convert.ToHexStringLower(hash.GetHashAndReset()) : null;
            return new FileReport(file, FileKind.Text, scanner.Lines, scanner.Words, scanner.Markers, digest);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
