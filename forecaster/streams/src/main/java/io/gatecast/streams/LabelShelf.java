package io.gatecast.streams;

import io.gatecast.avro.Label;
import io.gatecast.avro.Verdict;
import io.gatecast.schemas.BadValue;
import io.gatecast.series.Feedback;
import io.gatecast.series.Feedback.Word;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The compacted topic of labels as a table of what people said of each series. One thread writes, the one that reads the
/// topic, from its beginning at every start; all others look. A record that cannot be read says nothing, with a warning:
/// that is the safe side.
final class LabelShelf {
    private static final Logger LOG = LoggerFactory.getLogger(LabelShelf.class);

    private final Deserializer<Label> deserializer;
    /// Of the series of each key.
    private final Map<String, String> seriesOf = new HashMap<>();
    private final Map<String, TreeMap<String, Word>> words = new HashMap<>();
    private final Map<String, Feedback> feedback = new ConcurrentHashMap<>();

    LabelShelf(Deserializer<Label> deserializer) {
        this.deserializer = deserializer;
    }

    /// @return what was said of a series, as far as it is known now
    Feedback of(String seriesId) {
        return feedback.isEmpty() ? Feedback.NONE : feedback.getOrDefault(seriesId, Feedback.NONE);
    }

    /// @return a reader of the topic that keeps this shelf; the store notes what became of each record
    Processor<String, byte[], Void, Void> keeper() {
        return new Keeper();
    }

    private void keep(String key, @Nullable Label label) {
        String before = seriesOf.remove(key);
        if (before != null) {
            words.computeIfPresent(before, (series, each) -> {
                each.remove(key);
                return each.isEmpty() ? null : each;
            });
            refresh(before);
        }
        if (label != null) {
            String series = label.getSeries();
            long from = (label.getEffective() == null ? label.getWhen() : label.getEffective()).toEpochMilli();
            seriesOf.put(key, series);
            words.computeIfAbsent(series, each -> new TreeMap<>()).put(key,
                    new Word(key, from, label.getVerdict() == Verdict.FALSE_ALARM));
            refresh(series);
        }
    }

    private void refresh(String series) {
        Map<String, Word> said = words.get(series);
        if (said == null) {
            feedback.remove(series);
        } else {
            feedback.put(series, Feedback.of(said.values()));
        }
    }

    private final class Keeper implements Processor<String, byte[], Void, Void> {
        @SuppressWarnings("NullAway.Init") // Kafka Streams calls init first
        private ProcessorContext<Void, Void> context;
        @SuppressWarnings("NullAway.Init")
        private KeyValueStore<String, String> notes;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            this.context = context;
            this.notes = context.getStateStore(Stores.LABELS);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            if (record.key() == null) {
                LOG.warn("{}: passed over: expected the episode's id as the key of a label, found none",
                        Place.of(context));
                return;
            }
            Label label = read(record);
            keep(record.key(), label);
            notes.put(record.key(), label == null ? null : label.getVerdict().name());
        }

        private @Nullable Label read(Record<String, byte[]> record) {
            try {
                return record.value() == null ? null : deserializer.deserialize("", record.headers(), record.value());
            } catch (BadValue e) {
                LOG.warn("{}: passed over: {}", Place.of(context), e.getMessage());
                return null;
            }
        }
    }
}
