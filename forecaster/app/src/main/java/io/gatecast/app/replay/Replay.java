package io.gatecast.app.replay;

import io.gatecast.series.Observation;
import io.gatecast.training.data.Series;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/// Many recorded series as the one stream they once were: always the series whose next observation is the oldest, and of
/// equally old ones the one named first. Each keeps its own order, so what came late comes late again.
public final class Replay implements Iterable<Replay.Event> {
    private final List<Series> series;

    public Replay(List<Series> series) {
        this.series = List.copyOf(series);
    }

    /// One observation on its way.
    public record Event(String seriesId, Observation observation) {}

    /// @return how many there will be
    public long length() {
        return series.stream().mapToLong(Series::length).sum();
    }

    @Override
    public Iterator<Event> iterator() {
        return new Merge(series);
    }

    private static final class Merge implements Iterator<Event> {
        private final List<Series> series;
        private final int[] next;
        private final PriorityQueue<Integer> waiting;

        Merge(List<Series> series) {
            this.series = series;
            this.next = new int[series.size()];
            this.waiting = new PriorityQueue<>(
                    Comparator.<Integer>comparingLong(this::nextTimestamp).thenComparing(Comparator.naturalOrder()));
            for (int i = 0; i < next.length; i++) {
                offer(i);
            }
        }

        private long nextTimestamp(int index) {
            return series.get(index).timestamps()[next[index]];
        }

        private void offer(int index) {
            if (next[index] < series.get(index).length()) {
                waiting.add(index);
            }
        }

        @Override
        public boolean hasNext() {
            return !waiting.isEmpty();
        }

        @Override
        public Event next() {
            Integer index = waiting.poll();
            if (index == null) {
                throw new NoSuchElementException("the replay is over");
            }
            Series source = series.get(index);
            Event event = new Event(source.id(), source.observation(next[index]++));
            offer(index);
            return event;
        }
    }
}
