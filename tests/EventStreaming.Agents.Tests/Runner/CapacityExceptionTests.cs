using System.Net;
using System.Net.Http.Headers;
using EventStreaming.Tests.Support;
using NUnit.Framework;

namespace EventStreaming.Agents.Tests.Runner;

internal sealed class CapacityExceptionTests
{
    [TestCase(HttpStatusCode.OK)]
    [TestCase(HttpStatusCode.InternalServerError)]
    public void Another_answer_is_no_capacity_error(HttpStatusCode status)
    {
        using var response = new HttpResponseMessage(status);

        Assert.That(() => CapacityException.ThrowIfAtCapacity(response), Throws.Nothing);
    }

    [TestCase(HttpStatusCode.TooManyRequests)]
    [TestCase(HttpStatusCode.ServiceUnavailable)]
    public void A_full_service_says_how_long_to_wait_in_seconds_or_by_a_date_or_not(HttpStatusCode status)
    {
        var clock = new ManualTimeProvider();

        Assert.That(WaitOf(null), Is.Null);
        Assert.That(WaitOf(new RetryConditionHeaderValue(TimeSpan.FromSeconds(7))), Is.EqualTo(TimeSpan.FromSeconds(7)));
        Assert.That(WaitOf(new RetryConditionHeaderValue(clock.GetUtcNow().AddSeconds(9))), Is.EqualTo(TimeSpan.FromSeconds(9)));
        Assert.That(WaitOf(new RetryConditionHeaderValue(clock.GetUtcNow().AddSeconds(-9))), Is.EqualTo(TimeSpan.Zero));

        TimeSpan? WaitOf(RetryConditionHeaderValue? header)
        {
            using var response = new HttpResponseMessage(status) { Headers = { RetryAfter = header } };
            return Assert.Throws<CapacityException>(() => CapacityException.ThrowIfAtCapacity(response, clock))!.RetryAfter;
        }
    }
}
