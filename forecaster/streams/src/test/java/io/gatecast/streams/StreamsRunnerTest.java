package io.gatecast.streams;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class StreamsRunnerTest {
    /// As Kafka Streams hands them on.
    private static StreamsException wrapped(Exception cause) {
        return new StreamsException("Error encountered trying to commit a transaction [stream-thread [t]]", cause);
    }

    @Test
    void aTransactionWhoseCoordinatorWentAwayIsBegunAnew() {
        assertTrue(StreamsRunner.isPassing(wrapped(new InvalidTxnStateException("in an invalid state"))));
        assertTrue(StreamsRunner.isPassing(wrapped(wrapped(new InvalidTxnStateException("in an invalid state")))));
    }

    @Test
    void whatComesAgainStopsTheInstance() {
        assertFalse(StreamsRunner.isPassing(wrapped(new RecordTooLargeException("of 9 bytes"))));
        assertFalse(StreamsRunner.isPassing(wrapped(new TopicAuthorizationException("forecasts"))));
        assertFalse(StreamsRunner.isPassing(new IllegalStateException("ours")));
    }
}
