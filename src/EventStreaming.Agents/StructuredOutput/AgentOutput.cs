using EventStreaming.Agents.Runs;

namespace EventStreaming.Agents;

/// <summary>
/// A model's structured output that streams in, told as it does: its thinking as <c>reasoning.delta</c>, its text as a message. Started by <see cref="AgentRun.StartOutput"/>, or by
/// <see cref="AgentToolCall.StartOutput"/>, whose call gets the sub-steps and visualizations, too. <see cref="StructuredOutputParser"/> says how it is read.
/// </summary>
/// <remarks>
/// Thread-safe. Using it when it has ended is an <see cref="InvalidOperationException"/>; disposing it then does nothing. Disposed before it was complete, it ends with what has come so far. A thought that turns
/// out to have no end has been told when its text comes, as part of the message.
/// </remarks>
public sealed class AgentOutput : IDisposable
{
    // Outside the run's lock, always: nothing that the run does waits for it.
    private readonly Lock _gate = new();
    private readonly AgentMessage _message;
    private readonly OutputPublisher _publisher;
    private readonly StructuredOutputParser _parser;
    private readonly int _maxLength;
    private long _length;
    private bool _isEnded;

    internal AgentOutput(AgentRun run, AgentToolCall? call, AgentOutputOptions? options)
    {
        options ??= new AgentOutputOptions();
        _maxLength = options.MaxLength is >= 1 and <= 1 << 26
            ? options.MaxLength
            : throw new ArgumentOutOfRangeException(nameof(options), options.MaxLength, $"MaxLength is {options.MaxLength}; set it between 1 and 67,108,864.");
        options.Blocks?.Validate();
        var messageOptions = new AgentMessageOptions { Id = options.MessageId, ParentId = call?.Id.ToString() };
        _message = run.StartMessage(options.Role, messageOptions);
        _publisher = new OutputPublisher(_message, call);
        _parser = new StructuredOutputParser(_publisher, options.Blocks);
    }

    /// <summary>The run it belongs to.</summary>
    public AgentRun Run => _message.Run;

    /// <summary>The message that its text becomes.</summary>
    public string MessageId => _message.Id;

    /// <summary>Reads the next piece. What is then known is told.</summary>
    /// <param name="piece">The piece, split anywhere.</param>
    /// <exception cref="InvalidOperationException">The output or its run has ended, or is longer than <see cref="AgentOutputOptions.MaxLength"/>.</exception>
    /// <exception cref="ArgumentException">It holds more sub-steps or visualizations than its tool call may.</exception>
    public void Append(ReadOnlySpan<char> piece)
    {
        lock (_gate)
        {
            Require(nameof(Append), piece.Length);
            _parser.Append(piece);
        }
    }

    /// <summary>Reads the next piece, in UTF-8. What is then known is told.</summary>
    /// <param name="piece">The piece, split anywhere, also inside a character. Each of its bytes counts as a character.</param>
    /// <inheritdoc cref="Append" path="/exception"/>
    public void AppendUtf8(ReadOnlySpan<byte> piece)
    {
        lock (_gate)
        {
            Require(nameof(AppendUtf8), piece.Length);
            _parser.AppendUtf8(piece);
        }
    }

    /// <summary>Tells that the output has ended.</summary>
    /// <returns>What was in it.</returns>
    /// <inheritdoc cref="Append" path="/exception"/>
    public StructuredOutput Complete()
    {
        lock (_gate)
        {
            Require(nameof(Complete), 0);
            _parser.Finish();
            _message.Complete();
            _isEnded = true;
            return _publisher.ToOutput();
        }
    }

    /// <summary>Ends the output, unless it has ended, with what has come so far. Does not throw when the bus takes no more events.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isEnded)
            {
                return;
            }

            _isEnded = true;
            try
            {
                _parser.Finish();
            }
            catch (Exception exception) when (Refusal.Is(exception))
            {
                // The run has ended, or the last of it is too large: the rest is not told.
            }

            _message.Dispose();
        }
    }

    private void Require(string call, int length)
    {
        if (_isEnded)
        {
            throw new InvalidOperationException($"The output '{MessageId}' has ended: {call} needs one that has not. Start another with StartOutput, or call it earlier.");
        }

        _message.RequireOpen(call);
        if (_length + length > _maxLength)
        {
            throw new InvalidOperationException($"The output '{MessageId}' would be {_length + length} characters long; MaxLength allows {_maxLength}. Raise it, or ask the model for less.");
        }

        _length += length;
    }
}
