using System.Net;
using System.Security.Authentication;
using NUnit.Framework;

namespace EventStreaming.Client.Tests.Streams;

internal sealed class TransienceTests
{
    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case(new IOException("reset"), mayGetBetter: true);
        yield return Case(new TimeoutException("silence"), mayGetBetter: true);
        yield return Case(new HttpRequestException("refused"), mayGetBetter: true);
        yield return Case(new TaskCanceledException("HttpClient.Timeout", new TimeoutException()), mayGetBetter: true);
        yield return Case(new HttpRequestException("token endpoint", null, HttpStatusCode.BadGateway), mayGetBetter: true);
        yield return Case(new HttpRequestException("token endpoint", null, HttpStatusCode.BadRequest), mayGetBetter: false);
        yield return Case(new HttpRequestException("circle", null, HttpStatusCode.LoopDetected), mayGetBetter: false);
        yield return Case(new HttpRequestException("TLS", new AuthenticationException("certificate")), mayGetBetter: false);
        yield return Case(new HttpRequestException(HttpRequestError.VersionNegotiationError), mayGetBetter: false);
        yield return Case(new OperationCanceledException("someone else's"), mayGetBetter: false);
        yield return Case(new ObjectDisposedException("HttpClient"), mayGetBetter: false);
        yield return Case(new SseLimitException("too large"), mayGetBetter: false);

        static TestCaseData Case(Exception failure, bool mayGetBetter) => new TestCaseData(failure, mayGetBetter).SetArgDisplayNames(failure.Message, mayGetBetter.ToString());
    }

    [TestCaseSource(nameof(Failures))]
    public void A_failure_is_tried_again_only_if_it_may_get_better(Exception failure, bool mayGetBetter) =>
        Assert.That(Transience.IsTransient(failure), Is.EqualTo(mayGetBetter));
}
