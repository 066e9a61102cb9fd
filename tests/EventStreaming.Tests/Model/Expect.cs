using System.Runtime.CompilerServices;

namespace EventStreaming.Tests.Model;

/// <summary>
/// Not NUnit's assertions: those remember each failure in the test's result, and shrinking fails hundreds of times on its way.
/// </summary>
internal static class Expect
{
    public static void Equal<T>(T actual, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, expected))
        {
            throw new ModelDivergenceException($"{what}:{Environment.NewLine}  expected {expected}{Environment.NewLine}  but was  {actual}");
        }
    }

    public static void True(bool condition, string promise, [CallerArgumentExpression(nameof(condition))] string? expression = null)
    {
        if (!condition)
        {
            throw new ModelDivergenceException($"{promise} ({expression})");
        }
    }
}

internal sealed class ModelDivergenceException(string message) : Exception(message);
