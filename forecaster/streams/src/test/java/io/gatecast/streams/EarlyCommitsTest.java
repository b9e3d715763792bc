package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.junit.jupiter.api.Test;

class EarlyCommitsTest {
    private final EarlyCommits.Pace pace = new EarlyCommits.Pace();

    /// A task, as Kafka Streams sees it.
    private final class Task {
        private final MockProcessorContext<Void, Void> context;
        private final EarlyCommits commits;

        Task(String guarantee) {
            Properties properties = new Properties();
            properties.put("application.id", "test");
            properties.put("bootstrap.servers", "127.0.0.1:1");
            properties.put("processing.guarantee", guarantee);
            context = new MockProcessorContext<>(properties);
            commits = new EarlyCommits(context, pace);
        }

        /// @return whether a record at that time led to a commit
        boolean asksAt(long millis) {
            context.resetCommit();
            context.setCurrentSystemTimeMs(millis);
            commits.ask();
            return context.committed();
        }
    }

    @Test
    void nobodyAsksForWhatNobodyWants() {
        assertFalse(new Task("exactly_once_v2").asksAt(1000));
    }

    @Test
    void theFirstIsWantedOnce() {
        Task task = new Task("exactly_once_v2");
        task.commits.wantFirst();
        assertTrue(task.asksAt(1000));
        task.commits.wantFirst();
        assertFalse(task.asksAt(5000));
    }

    /// What comes too soon is asked for after a later record, once.
    @Test
    void aStormOfAlarmsIsFiveCommitsASecond() {
        Task task = new Task("exactly_once_v2");
        int commits = 0;
        for (long now = 10_000; now < 20_000; now += 3) {
            task.commits.want();
            commits += task.asksAt(now) ? 1 : 0;
        }
        assertEquals(50, commits);
        assertTrue(task.asksAt(30_000));
        assertFalse(task.asksAt(40_000));
    }

    @Test
    void anAlarmTooSoonAfterAnotherIsToldThoughNoRecordComes() {
        Task task = new Task("exactly_once_v2");
        task.commits.want();
        assertTrue(task.asksAt(1000));
        task.commits.want();
        assertFalse(task.asksAt(1050));
        task.context.setCurrentSystemTimeMs(1200);
        MockProcessorContext.CapturedPunctuator clock = task.context.scheduledPunctuators().getFirst();
        assertEquals(PunctuationType.WALL_CLOCK_TIME, clock.getType());
        assertEquals(Duration.ofMillis(200), clock.getInterval());
        clock.getPunctuator().punctuate(1200);
        assertTrue(task.context.committed());
    }

    /// A commit is one of all tasks of a thread.
    @Test
    void tasksOfAThreadKeepOnePace() throws InterruptedException {
        Task one = new Task("exactly_once_v2"), other = new Task("exactly_once_v2"), elsewhere = new Task(
                "exactly_once_v2");
        one.commits.want();
        other.commits.want();
        elsewhere.commits.want();
        assertTrue(one.asksAt(1000));
        assertFalse(other.asksAt(1100));
        boolean[] asked = {false};
        Thread thread = new Thread(() -> asked[0] = elsewhere.asksAt(1100));
        thread.start();
        thread.join();
        assertTrue(asked[0]);
        assertTrue(other.asksAt(1200));
    }

    @Test
    void atLeastOnceItIsSentAnyway() {
        Task task = new Task("at_least_once");
        task.commits.want();
        assertFalse(task.asksAt(1000));
    }
}
