package io.gatecast.training.data;

import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/// How much may be held at once, over all that read: a number of observations where one was said, or else what an eighth
/// of the heap holds, which leaves the rest to what is made of them.
final class Room {
    private static final int SHARE_OF_THE_HEAP = 8;

    private final String topic;
    private final OptionalLong mostObservations;
    private final long mostBytes;
    private final AtomicLong taken = new AtomicLong();

    /// @param mostObservations empty = as many as fit
    Room(String topic, OptionalLong mostObservations) {
        this(topic, mostObservations, Runtime.getRuntime().maxMemory() / SHARE_OF_THE_HEAP);
    }

    Room(String topic, OptionalLong mostObservations, long mostBytes) {
        this.topic = topic;
        this.mostObservations = mostObservations;
        this.mostBytes = mostBytes;
    }

    /// Takes the room of one observation.
    ///
    /// @throws IOException if there is none, with a sentence that says what to narrow
    void take(int channels) throws IOException {
        long bytes = Readings.bytes(channels);
        if (mostObservations.isPresent()) {
            if (taken.incrementAndGet() > mostObservations.getAsLong()) {
                throw new IOException(String.format(Locale.ROOT, "topic %s: holds more than the %,d observations that"
                        + " --max-observations allows; read less of it, between --from and --to or by --offsets, or"
                        + " allow more", topic, mostObservations.getAsLong()));
            }
        } else if (taken.addAndGet(bytes) > mostBytes) {
            throw new IOException(String.format(Locale.ROOT, "topic %s: holds more than %,d observations, which at %d"
                    + " bytes each fill an eighth of the memory; read less of it, between --from and --to or by"
                    + " --offsets, give more memory, as in GATECAST_JAVA_OPTS=-Xmx16g, or say --max-observations",
                    topic, mostBytes / bytes, bytes));
        }
    }

    /// Frees what observations took.
    void giveBack(int observations, int channels) {
        taken.addAndGet(-observations * (mostObservations.isPresent() ? 1 : Readings.bytes(channels)));
    }
}
