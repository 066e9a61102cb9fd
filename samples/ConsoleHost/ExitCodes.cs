namespace ConsoleHost;

/// <summary>What the program tells the one who started it.</summary>
internal static class ExitCodes
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int BadArguments = 2;

    /// <summary>128 + SIGINT, as shells say it.</summary>
    public const int Cancelled = 130;
}
