package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.avro.Mute;
import io.gatecast.avro.Phase;
import io.gatecast.avro.Severity;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CourierTest {
    private static final String LATER = "pump@0/OPENED/+0";

    private final List<String> told = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final Tally tally = new Tally();
    private final MockProducer<byte[], byte[]> letters = new MockProducer<>(true, null, new ByteArraySerializer(),
            new ByteArraySerializer());
    private Mutes mutes = Mutes.NONE;
    private Instant now = Turns.at(0);
    private int reminded;

    /// Hears, or refuses what is in [#refused].
    private final class Ear implements Messenger {
        @Override
        public void tell(Turn turn, Episode episode) throws Undelivered {
            if (refused.contains(shortly(turn))) {
                throw new Undelivered("the ear answered 503 at attempt 3 of 3", true, 3, null, null);
            }
            told.add(shortly(turn));
        }

        @Override
        public boolean remind(Collection<Episode> open) {
            reminded += (int) open.stream().filter(episode -> episode.told() != null).count();
            return !open.isEmpty();
        }
    }

    private static String shortly(Turn turn) {
        long minute = (turn.moment().getEpochSecond() - Turns.START.getEpochSecond()) / 60;
        return turn.anomaly().getEpisodeId() + "/" + turn.anomaly().getPhase() + "/+" + minute;
    }

    private Courier courier(Map<String, String> more) {
        Map<String, String> keys = new HashMap<>(more);
        keys.put("webhook.url", "http://127.0.0.1:1/");
        Receiver receiver = Turns.receiver(keys);
        return new Courier(receiver, new Ear(), () -> mutes, new DeadLetterBox("lost", letters), tally, () -> now);
    }

    private static Turn turn(Phase phase, long minute, Severity severity) {
        return Turns.turn("pump", "pump@0", phase, minute, severity);
    }

    private void mute(String pattern, long from, long to) {
        mutes = Mutes.of(List.of(new Mute(pattern, Turns.at(from), Turns.at(to), "work", "me", Turns.at(0))));
    }

    @Test
    void whatAFilterKeepsBackIsNotToldNorIsItsEnd() throws Exception {
        Courier courier = courier(Map.of("webhook.severity", "major", "webhook.series", "pump|fan"));
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        courier.take(turn(Phase.UPDATED, 1, Severity.MAJOR));
        courier.take(turn(Phase.CLOSED, 2, Severity.MAJOR));
        courier.take(Turns.turn("fan", "fan@0", Phase.OPENED, 3, Severity.MINOR));
        courier.take(Turns.turn("fan", "fan@0", Phase.CLOSED, 4, Severity.MINOR));
        courier.take(Turns.turn("pumps", "pumps@0", Phase.OPENED, 5, Severity.CRITICAL));
        assertEquals(List.of("pump@0/UPDATED/+1", "pump@0/CLOSED/+2"), told);
        assertEquals(4, tally.of(Count.FILTERED));
        assertEquals(2, tally.of(Count.SENT));
    }

    @Test
    void whatIsMutedAndOverIsNeverTold() throws Exception {
        Courier courier = courier(Map.of());
        mute("pu.*", 0, 10);
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        courier.take(turn(Phase.CLOSED, 12, Severity.MINOR));
        now = Turns.at(20);
        assertFalse(courier.tick());
        assertEquals(List.of(), told);
        assertEquals(2, tally.of(Count.MUTED));
    }

    @Test
    void whatIsStillOpenWhenItsMuteEndsIsToldThen() throws Exception {
        Courier courier = courier(Map.of());
        mute("pump", 0, 10);
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        courier.take(turn(Phase.UPDATED, 1, Severity.MAJOR));
        courier.take(turn(Phase.UPDATED, 2, Severity.CRITICAL));
        now = Turns.at(9);
        assertFalse(courier.tick());
        assertEquals(List.of(), told);
        now = Turns.at(10);
        assertTrue(courier.tick());
        assertFalse(courier.tick());
        courier.take(turn(Phase.CLOSED, 11, Severity.CRITICAL));
        assertEquals(List.of(LATER, "pump@0/UPDATED/+2", "pump@0/CLOSED/+11"), told);
        assertEquals(2, tally.of(Count.RELEASED));
    }

    @Test
    void aTurnBehindTheMuteBringsTheOpeningWithIt() throws Exception {
        Courier courier = courier(Map.of());
        mute("pump", 0, 10);
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        courier.take(turn(Phase.UPDATED, 10, Severity.MAJOR));
        assertEquals(List.of(LATER, "pump@0/UPDATED/+10"), told);
        assertFalse(courier.tick());
    }

    @Test
    void theEndOfWhatWasToldIsToldEvenUnderAMute() throws Exception {
        Courier courier = courier(Map.of());
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        mute("pump", 1, 10);
        courier.take(turn(Phase.UPDATED, 1, Severity.MAJOR));
        courier.take(turn(Phase.CLOSED, 2, Severity.MAJOR));
        assertEquals(List.of(LATER, "pump@0/CLOSED/+2"), told);
    }

    /// The next courier reads the topic anew, remembers what was told before it, and goes on.
    @Test
    void aForerunnersTurnsAreRememberedAndNotToldAgain() throws Exception {
        mute("muted", 0, 10);
        Courier next = courier(Map.of());
        next.remember(turn(Phase.OPENED, 0, Severity.MINOR), Set.of());
        next.remember(Turns.turn("muted", "muted@1", Phase.OPENED, 1, Severity.MINOR), Set.of());
        next.remember(Turns.turn("done", "done@1", Phase.OPENED, 1, Severity.MINOR), Set.of());
        next.remember(Turns.turn("done", "done@1", Phase.CLOSED, 2, Severity.MINOR), Set.of());
        assertEquals(List.of(), told);
        assertFalse(next.tick());
        assertEquals(1, reminded, "what is open and was told");
        next.take(turn(Phase.CLOSED, 3, Severity.MINOR));
        now = Turns.at(10);
        assertTrue(next.tick());
        assertEquals(List.of("pump@0/CLOSED/+3", "muted@1/OPENED/+1"), told);
        assertEquals(0, tally.of(Count.MUTED), "what was counted before is not counted again");
    }

    @Test
    void whatWasToldAfterAMuteIsNotToldAgainByTheNext() throws Exception {
        mute("pump", 0, 10);
        Courier first = courier(Map.of());
        Turn opened = turn(Phase.OPENED, 0, Severity.MINOR);
        first.take(opened);
        assertEquals(Set.of(), first.released(opened.partition()));
        now = Turns.at(10);
        first.tick();
        Set<String> released = first.released(opened.partition());
        assertEquals(1, released.size());

        Courier next = courier(Map.of());
        next.remember(opened, released);
        assertFalse(next.tick());
        assertEquals(List.of(LATER), told);
        assertEquals(released, next.released(opened.partition()), "for the one after it");
        next.take(turn(Phase.CLOSED, 11, Severity.MINOR));
        assertEquals(List.of(LATER, "pump@0/CLOSED/+11"), told);
        assertEquals(Set.of(), next.released(opened.partition()));
    }

    @Test
    void whatIsOpenIsSaidAgainWhenItsTimeHasCome() throws Exception {
        Courier courier = courier(Map.of("alertmanager.resend", "1m"));
        courier.tick();
        courier.take(turn(Phase.OPENED, 0, Severity.MINOR));
        courier.tick();
        assertEquals(0, reminded);
        now = Turns.at(1);
        courier.tick();
        courier.tick();
        assertEquals(1, reminded);
        courier.forget(turn(Phase.OPENED, 0, Severity.MINOR).partition());
        now = Turns.at(2);
        courier.tick();
        assertEquals(1, reminded);
    }

    @Test
    void whatCannotBeDeliveredIsSetAsideAndTheNextIsTold() throws Exception {
        Courier courier = courier(Map.of());
        Turn lost = turn(Phase.OPENED, 0, Severity.MINOR);
        lost.record().headers().add("ce_id", "x".getBytes(UTF_8));
        refused.add(shortly(lost));
        courier.take(lost);
        courier.take(turn(Phase.UPDATED, 1, Severity.MAJOR));
        assertEquals(List.of("pump@0/UPDATED/+1"), told);
        assertEquals(1, tally.of(Count.UNDELIVERED));

        ProducerRecord<byte[], byte[]> letter = letters.history().getFirst();
        assertEquals("lost", letter.topic());
        assertArrayEquals(lost.record().key(), letter.key());
        assertArrayEquals(lost.record().value(), letter.value());
        Map<String, String> headers = new TreeMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
        assertTrue(Objects.requireNonNull(headers.remove("gatecast.receiver"))
                .matches("webhook-[0-9a-f]{8} at 127.0.0.1:1"));
        assertEquals(Map.of("ce_id", "x", "gatecast.reason", "exhausted", "gatecast.message",
                "the ear answered 503 at attempt 3 of 3", "gatecast.attempts", "3", "gatecast.origin",
                "anomalies-0@" + lost.record().offset()), headers);
    }

    @Test
    void aLetterThatCannotBeWrittenStopsTheDelivery() {
        letters.sendException = new TopicAuthorizationException("lost");
        refused.add(LATER);
        assertThrows(RuntimeException.class,
                () -> courier(Map.of()).take(turn(Phase.OPENED, 0, Severity.MINOR)));
    }

    /// Whatever is filtered, muted, refused or restarted: of each series, turns are told in their order, an opening never
    /// behind its end, and nothing is told twice by one courier.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theOrderOfASeriesIsKept(long seed) throws IOException, InterruptedException {
        Random random = new Random(seed);
        mute("s[01]", 20 + random.nextInt(20), 60 + random.nextInt(20));
        Courier courier = courier(Map.of("webhook.severity", random.nextBoolean() ? "minor" : "major"));
        Map<String, String> open = new HashMap<>();
        for (int minute = 0; minute < 200; minute++) {
            String series = "s" + random.nextInt(4);
            String episode = open.get(series);
            Phase phase = episode == null
                    ? Phase.OPENED
                    : random.nextInt(4) == 0 ? Phase.CLOSED : Phase.UPDATED;
            if (episode == null) {
                episode = series + "@" + minute;
                open.put(series, episode);
            } else if (phase == Phase.CLOSED) {
                open.remove(series);
            }
            Severity severity = Severity.values()[random.nextInt(3)];
            Turn turn = Turns.turn(series, episode, phase, minute, severity);
            if (random.nextInt(25) == 0) {
                refused.add(shortly(turn));
            }
            now = Turns.at(minute);
            courier.take(turn);
            if (random.nextBoolean()) {
                courier.tick();
            }
        }
        assertEquals(told.size(), new HashSet<>(told).size());
        Map<String, Integer> last = new HashMap<>();
        for (String each : told) {
            int minute = Integer.parseInt(each.substring(each.indexOf('+')));
            Integer before = last.put(each.substring(0, 2), minute);
            assertTrue(before == null || before < minute, () -> each + " in " + told);
        }
    }
}
