using Microsoft.Extensions.Logging;

namespace EventStreaming.Client;

/// <summary>What all topics of a relay share.</summary>
internal sealed record RelayContext(EventBus Bus, EventStreamClient Client, EventRelayOptions Options, TimeProvider TimeProvider, ILogger Logger);
