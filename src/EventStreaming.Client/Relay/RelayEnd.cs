using System.Net;

namespace EventStreaming.Client;

/// <summary>What came of reading a topic, when it is read no more: also what those get who wait for it.</summary>
/// <param name="Status">What it is for them.</param>
/// <param name="ClosesTopic">Whether what is here of it goes, and its viewers with it.</param>
internal sealed record RelayEnd(TopicOpeningStatus Status, bool ClosesTopic)
{
    /// <summary>Nobody watches it any more, or the relay is disposed. What is here stays.</summary>
    public static RelayEnd Stopped { get; } = new(TopicOpeningStatus.Unavailable, ClosesTopic: false);

    /// <summary>It is over there: what is here is all of it.</summary>
    public static RelayEnd Completed { get; } = new(TopicOpeningStatus.Open, ClosesTopic: false);

    public static RelayEnd Gone { get; } = new(TopicOpeningStatus.NotFound, ClosesTopic: true);

    public static RelayEnd Forbidden { get; } = new(TopicOpeningStatus.Forbidden, ClosesTopic: true);

    public static RelayEnd Loop { get; } = new(TopicOpeningStatus.Loop, ClosesTopic: true);

    public static RelayEnd Failed { get; } = new(TopicOpeningStatus.Failed, ClosesTopic: true);

    /// <summary>There is no room for it on the bus.</summary>
    public static RelayEnd NoRoom { get; } = new(TopicOpeningStatus.Unavailable, ClosesTopic: false);

    /// <summary>The bus has a topic of that name that others publish to, or feed.</summary>
    public static RelayEnd NotMine { get; } = new(TopicOpeningStatus.NotMine, ClosesTopic: false);

    /// <summary>Whether viewers that are still there are told that nothing more comes.</summary>
    public bool IsDown => Status is TopicOpeningStatus.Forbidden or TopicOpeningStatus.Loop or TopicOpeningStatus.Failed;

    /// <summary>What a refusal of the server, or whatever it was that trying again would not help, means.</summary>
    public static RelayEnd Of(Exception exception) => exception switch
    {
        EventStreamException { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.Gone } => Gone,
        EventStreamException { StatusCode: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => Forbidden,
        EventStreamException { StatusCode: HttpStatusCode.LoopDetected } => Loop,
        RelayEndException ended => ended.End,
        _ => Failed,
    };
}
