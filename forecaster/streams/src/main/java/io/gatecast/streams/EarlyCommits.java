package io.gatecast.streams;

import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// Commits before their time, for what somebody waits for: exactly once, nothing is to be seen before a commit. At least once it is
/// sent at once anyway.
final class EarlyCommits {
    /// So that a storm of alarms costs no more than a few commits a second.
    private static final long APART_MILLIS = 200;

    private final ProcessorContext<?, ?> context;
    private final boolean exactlyOnce;
    private boolean asked;
    private long askedAt;

    EarlyCommits(ProcessorContext<?, ?> context) {
        this.context = context;
        this.exactlyOnce = StreamsConfig.EXACTLY_ONCE_V2
                .equals(context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    }

    /// Asks for one, unless one was asked for just now: then what came goes out with the next.
    void ask() {
        long now = context.currentSystemTimeMs();
        if (exactlyOnce && (!asked || now - askedAt >= APART_MILLIS)) {
            asked = true;
            askedAt = now;
            context.commit();
        }
    }

    /// As [#ask], where none was asked for yet: after a start, or when a task has moved, the first forecast is waited for.
    void askOnce() {
        if (!asked) {
            ask();
        }
    }
}
