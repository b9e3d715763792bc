package io.gatecast.streams;

import java.time.Duration;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/// Commits of one task before their time, for what somebody waits for: exactly once, nothing is to be seen before a commit. At least
/// once it is sent at once anyway.
final class EarlyCommits {
    /// So that a storm of alarms costs no more than a few commits a second.
    private static final long APART_MILLIS = 200;

    /// When each thread asked last: a commit is one of all its tasks, so they keep one pace. Made once for them all.
    static final class Pace {
        private final ThreadLocal<Long> askedAt = ThreadLocal.withInitial(() -> Long.MIN_VALUE / 2);
    }

    private final ProcessorContext<?, ?> context;
    private final Pace pace;
    private final boolean exactlyOnce;
    private boolean begun;
    private boolean wanted;

    EarlyCommits(ProcessorContext<?, ?> context, Pace pace) {
        this.context = context;
        this.pace = pace;
        this.exactlyOnce = StreamsConfig.EXACTLY_ONCE_V2
                .equals(context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
        if (exactlyOnce) { // no record may come for long
            context.schedule(Duration.ofMillis(APART_MILLIS), PunctuationType.WALL_CLOCK_TIME, now -> ask());
        }
    }

    /// Somebody waits for what goes out.
    void want() {
        wanted = exactlyOnce;
    }

    /// After a start, or when a task has moved, the first forecast is waited for.
    void wantFirst() {
        if (!begun) {
            begun = true;
            want();
        }
    }

    /// Asks for the commit that is wanted, now or, where the last is too near, later by itself.
    void ask() {
        if (wanted && context.currentSystemTimeMs() - pace.askedAt.get() >= APART_MILLIS) {
            wanted = false;
            pace.askedAt.set(context.currentSystemTimeMs());
            context.commit();
        }
    }
}
