package io.gatecast.app.alerts;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.app.alerts.Tally.Count;
import io.gatecast.avro.Phase;
import io.gatecast.streams.AlertSettings.Receiver;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what one receiver is told of the turns it is shown, in their order, and lets it be told:
///
///     OPENED, UPDATED    told, unless the receiver's filter or a mute says otherwise; a mute looks at the event time
///     CLOSED             told, if anything was told of the episode, muted or not: what was said to be wrong must end
///
/// Of an episode that only a mute kept silent, the first and the last turn held back are told when the mute has ended, by the
/// clock, and the episode has not. What cannot be delivered goes to the [DeadLetterBox], and the next is told. For one
/// thread.
final class Courier {
    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int MOST_RELEASED = 200;
    private static final int HASH_CHARACTERS = 16;

    private final Receiver receiver;
    private final Messenger messenger;
    private final Supplier<Mutes> mutes;
    private final DeadLetterBox deadLetters;
    private final Tally tally;
    private final InstantSource clock;
    private final Map<String, Episode> open = new LinkedHashMap<>();
    private Instant nextReminder = Instant.MIN;

    /// @param mutes asked whenever one could matter
    Courier(Receiver receiver, Messenger messenger, Supplier<Mutes> mutes, DeadLetterBox deadLetters, Tally tally,
            InstantSource clock) {
        this.receiver = receiver;
        this.messenger = messenger;
        this.mutes = mutes;
        this.deadLetters = deadLetters;
        this.tally = tally;
        this.clock = clock;
    }

    /// Takes a turn that was not told yet. Once this returns, it never has to be again.
    ///
    /// @throws IOException with a sentence, if it can neither be delivered nor set aside
    void take(Turn turn) throws IOException, InterruptedException {
        Episode episode = episodeOf(turn);
        for (Turn due : due(turn, episode, tally)) {
            deliver(due, episode);
        }
    }

    /// Takes a turn that was taken before: by this courier's forerunner.
    ///
    /// @param released see [#released]
    void remember(Turn turn, Set<String> released) {
        Episode episode = episodeOf(turn);
        due(turn, episode, new Tally()).forEach(episode::tell);
        if (episode.isHeld() && released.contains(hash(episode))) {
            episode.release();
            episode.tell(turn);
        }
    }

    /// What the turns alone do not say: which of the open episodes of a partition were told after a mute.
    ///
    /// @return their hashes, [#MOST_RELEASED] at most: it has to fit beside an offset
    Set<String> released(TopicPartition partition) {
        return open.values().stream()
                .filter(episode -> episode.isReleased() && episode.first().partition().equals(partition))
                .limit(MOST_RELEASED).map(Courier::hash).collect(Collectors.toCollection(TreeSet::new));
    }

    private static String hash(Episode episode) {
        byte[] id = episode.first().anomaly().getEpisodeId().getBytes(UTF_8);
        return UUID.nameUUIDFromBytes(id).toString().replace("-", "").substring(0, HASH_CHARACTERS);
    }

    private Episode episodeOf(Turn turn) {
        String id = turn.anomaly().getEpisodeId();
        Episode episode = open.computeIfAbsent(id, any -> new Episode(turn));
        if (turn.anomaly().getPhase() == Phase.CLOSED) {
            open.remove(id);
        }
        return episode;
    }

    /// @return what is to be told now that a turn has come
    private List<Turn> due(Turn turn, Episode episode, Tally tally) {
        boolean wanted = receiver.filter().passes(turn.seriesId(), turn.anomaly());
        if (turn.anomaly().getPhase() == Phase.CLOSED && episode.first() != turn) {
            if (episode.told() == null) {
                tally.count(episode.isHeld() ? Count.MUTED : Count.FILTERED);
            }
            return episode.told() == null ? List.of() : List.of(turn);
        }
        if (!wanted) {
            tally.count(Count.FILTERED);
            return List.of();
        }
        if (mutes.get().covers(turn.seriesId(), turn.moment())) {
            tally.count(Count.MUTED);
            episode.hold(turn);
            return List.of();
        }
        List<Turn> due = new ArrayList<>();
        Turn opening = episode.held().first();
        if (episode.isHeld() && opening != null) {
            tally.count(Count.RELEASED);
            due.add(opening);
        }
        due.add(turn);
        return due;
    }

    private void deliver(Turn turn, Episode episode) throws IOException, InterruptedException {
        try {
            messenger.tell(turn, episode);
            tally.count(Count.SENT);
        } catch (Undelivered e) {
            LOG.error("{} goes to the dead letters: {}", turn.id(), e.getMessage());
            deadLetters.take(turn.record(), receiver, e);
            tally.count(Count.UNDELIVERED);
        }
        episode.tell(turn);
    }

    /// To be called now and then while there is nothing new: tells what a mute held back and no longer does, one episode at a
    /// time, and says again what is open.
    ///
    /// @return whether there may be more to do at once
    boolean tick() throws IOException, InterruptedException {
        Instant now = clock.instant();
        if (!now.isBefore(nextReminder)) {
            nextReminder = now.plus(receiver.resend());
            remind();
        }
        return release(now);
    }

    private boolean release(Instant now) throws IOException, InterruptedException {
        if (open.values().stream().noneMatch(Episode::isHeld)) {
            return false;
        }
        Mutes present = mutes.get();
        for (Episode episode : open.values()) {
            if (episode.isHeld() && !present.covers(episode.first().seriesId(), now)) {
                episode.release();
                for (Turn turn : heldOf(episode)) {
                    deliver(turn, episode);
                    tally.count(Count.RELEASED);
                }
                return true;
            }
        }
        return false;
    }

    private static List<Turn> heldOf(Episode episode) {
        List<Turn> turns = new ArrayList<>();
        Turn first = episode.held().first(), last = episode.held().last();
        if (first != null) {
            turns.add(first);
        }
        if (last != null) {
            turns.add(last);
        }
        return turns;
    }

    private void remind() throws InterruptedException {
        try {
            if (messenger.remind(open.values())) {
                tally.count(Count.REMINDERS);
            }
        } catch (Undelivered e) {
            LOG.warn("what is open was not heard, and is said again in {} s: {}", receiver.resend().toSeconds(),
                    e.getMessage());
        }
    }

    /// Others take it from here.
    void forget(TopicPartition partition) {
        open.values().removeIf(episode -> episode.first().partition().equals(partition));
    }
}
