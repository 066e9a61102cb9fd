namespace EventStreaming.Agents;

/// <summary>What came of reading another agent's stream.</summary>
/// <param name="State">How the run stands: it has ended, or waits for a person.</param>
/// <param name="Published">How many events were published.</param>
/// <param name="Malformed">How much could not be understood: see <see cref="EventMapper.Malformed"/>.</param>
/// <param name="Exception">What broke the stream; null when nothing did. The run was failed because of it.</param>
public sealed record EventImport(EventMapperState State, long Published, long Malformed, Exception? Exception = null);
