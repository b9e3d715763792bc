package io.gatecast.app.chaos;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gatecast.avro.Observation;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Observations of many series with everything a stream holds in real life: gaps, some of them long; missing readings;
/// spikes; duplicates; several of one step; records that come a few steps late, within the grace and beyond; tombstones; and
/// bad input of every kind.
final class ChaosInput {
    static final long STEP = 60_000;
    static final long START = 1_767_225_600_000L;

    private static final int LONGEST_DELAY = 4;

    private final Random random;
    private final ChaosPlan plan;
    private final int partitions;
    private final Function<Observation, byte[]> serializer;
    private final Map<Integer, List<Sent>> delayed = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();

    /// One record of the input.
    record Sent(int partition, byte @Nullable [] key, byte @Nullable [] value) {}

    private ChaosInput(ChaosPlan plan, int partitions, Function<Observation, byte[]> serializer) {
        this.plan = plan;
        this.partitions = partitions;
        this.serializer = serializer;
        this.random = new Random(plan.seed());
    }

    /// @param serializer of the values, as the registry has them
    static List<Sent> of(ChaosPlan plan, int partitions, Function<Observation, byte[]> serializer) {
        ChaosInput input = new ChaosInput(plan, partitions, serializer);
        for (int step = 0; input.sent.size() < plan.events(); step++) {
            input.addStep(step);
        }
        return input.sent;
    }

    /// @return event time after that share of the input
    static long timeAt(ChaosPlan plan, double share) {
        return START + Math.round(share * plan.events() / plan.keys()) * STEP;
    }

    private void addStep(int step) {
        List<Integer> keys = new ArrayList<>();
        for (int key = 0; key < plan.keys(); key++) {
            keys.add(key);
        }
        Collections.shuffle(keys, random);
        for (int key : keys) {
            addReading(step, key);
        }
        sent.addAll(delayed.getOrDefault(step, List.of()));
        delayed.remove(step);
    }

    private void addReading(int step, int key) {
        String name = "sensor-" + key;
        if (key % 50 == 7 && step % 60 >= 20 && step % 60 < 45) {
            return; // longer than what is filled in
        }
        Sent record = record(name, step, reading(step, key));
        int chance = random.nextInt(1000);
        if (chance < 30) {
            return; // lost
        }
        if (chance < 50) {
            delayed.computeIfAbsent(step + 1 + random.nextInt(LONGEST_DELAY), each -> new ArrayList<>()).add(record);
            return;
        }
        sent.add(record);
        if (chance < 70) {
            sent.add(record);
        } else if (chance < 78) {
            sent.add(poison(name, step));
        } else if (chance == 78 && step > 10) {
            sent.add(new Sent(record.partition(), record.key(), null));
        } else if (chance < 110) {
            sent.add(record(name, step, reading(step, key))); // another of the same step
        }
    }

    private @Nullable Double reading(int step, int key) {
        int chance = random.nextInt(1000);
        double usual = 10 + key % 7 + 3 * Math.sin(2 * Math.PI * (step + key) / 12) + random.nextGaussian();
        return chance < 10 && step > 3 ? null : chance < 20 ? usual + 100 * (chance - 10) : usual;
    }

    private Sent record(String name, int step, @Nullable Double... values) {
        Instant time = Instant.ofEpochMilli(START + step * STEP + random.nextInt((int) STEP));
        return new Sent(partitionOf(name), name.getBytes(UTF_8),
                serializer.apply(new Observation(time, Arrays.asList(values), List.of())));
    }

    private int partitionOf(String name) {
        return Math.floorMod(name.hashCode(), partitions);
    }

    private Sent poison(String name, int step) {
        Sent sound = record(name, step, 1.0);
        byte[] value = sound.value() == null ? new byte[0] : sound.value();
        return switch (random.nextInt(8)) {
            case 0 -> new Sent(sound.partition(), sound.key(), "not avro".getBytes(UTF_8));
            case 1 -> new Sent(sound.partition(), sound.key(), Arrays.copyOf(value, value.length - 1));
            case 2 ->
                new Sent(sound.partition(), sound.key(), ByteBuffer.wrap(value.clone()).putInt(1, 77_777).array());
            case 3 -> new Sent(sound.partition(), null, value);
            case 4 -> new Sent(sound.partition(), new byte[0], value);
            case 5 -> record(name, step, Double.NaN);
            case 6 -> record(name, step, Double.POSITIVE_INFINITY);
            default -> record(name, step, 1.0, 2.0);
        };
    }
}
