package io.gatecast.app.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.gatecast.app.chaos.ChaosInput.Sent;
import io.gatecast.app.chaos.ChaosPlan.Fault;
import io.gatecast.schemas.Registry;
import io.gatecast.schemas.Topics;
import io.gatecast.streams.Cluster;
import io.gatecast.streams.StreamsSettings;
import io.gatecast.streams.TopicSerdes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/// Two runs over the same topics: by an application whose instances and brokers suffer while the input is being written and
/// models change, and then by one that is left in peace. Forecasts, anomalies, evaluations, late ones and dead letters of both
/// must be equal: none lost, none twice, none different.
///
/// Input and faults follow from the seed; how far the work has come when a fault strikes depends on the machine.
final class Chaos {
    private static final int PARTITIONS = 4;

    private final ChaosPlan plan;
    private final Brokers brokers;
    private final Fleet faulty;
    private final Fleet reference;

    private Chaos(ChaosPlan plan, Brokers brokers, Fleet faulty, Fleet reference) {
        this.plan = plan;
        this.brokers = brokers;
        this.faulty = faulty;
        this.reference = reference;
    }

    /// @param registry address of the schema registry
    /// @param folder   for all that instances keep
    static void changesNoByte(ChaosPlan plan, Brokers brokers, String registry, Path folder) throws Exception {
        try (Fleet faulty = new Fleet(folder, brokers.servers(), registry, "faulty");
                Fleet reference = new Fleet(folder, brokers.servers(), registry, "reference")) {
            new Chaos(plan, brokers, faulty, reference).run(folder);
        }
    }

    private void run(Path folder) throws Exception {
        StreamsSettings settings = faulty.settings();
        createTopics(settings);
        List<Sent> input = input(settings);
        Models models = new Models(plan, faulty.config(), folder);
        models.publish();
        models.changeUpTo(0);
        faulty.scaleTo(2);
        Map<Fault, Integer> struck;
        try (Feed feed = new Feed(settings, input)) {
            struck = strike(feed, models);
            models.changeUpTo(1);
            feed.upTo(input.size());
        }
        assertEquals(Models.CHANGES, models.changes());
        faulty.awaitJudged(input.size());
        faulty.scaleTo(0);

        reference.scaleTo(1);
        reference.awaitJudged(input.size());
        reference.scaleTo(0);

        Outputs expected = Outputs.of(reference.settings());
        Outputs found = Outputs.of(settings);
        Optional<String> difference = found.differenceFrom(expected);
        if (difference.isPresent()) {
            fail("under faults " + difference.get() + "\nModels that came late, which excuses it: "
                    + faulty.said("a change of model came late") + "\nAll that was warned of: "
                    + String.join("\n", faulty.warnings()));
        }
        System.out.printf(
                "Chaos, seed %d: %,d records over %,d keys, faults %s, %d promotions and rollbacks: equal to the run without, %,d forecasts,"
                        + " %,d anomalies, %,d evaluations, %,d late ones, %,d dead letters%n",
                plan.seed(), input.size(), plan.keys(), struck,
                models.changes(),
                found.count("forecasts"), found.count("anomalies"), found.count("evaluations"),
                found.count("late ones"), found.count("dead letters"));
        for (String topic : found.topics().keySet()) {
            assertTrue(found.count(topic) > 0, "no " + topic + ": the input is too tame");
        }
    }

    private static void createTopics(StreamsSettings settings) throws IOException {
        try (Cluster cluster = Cluster.connect(settings)) {
            cluster.createMissing(List.of(Topics.OBSERVATIONS.creation(settings.topics().observations(), PARTITIONS)));
        }
    }

    private List<Sent> input(StreamsSettings settings) {
        try (Registry registry = Registry.connect(settings.registry())) {
            var serializer = TopicSerdes.register(registry, settings).observations().serializer();
            return ChaosInput.of(plan, PARTITIONS,
                    observation -> serializer.serialize(settings.topics().observations(), observation));
        }
    }

    /// One fault after another, each while a slice of the input is being judged.
    private Map<Fault, Integer> strike(Feed feed, Models models) throws Exception {
        Random random = new Random(plan.seed() + 1);
        List<Fault> faults = plan.faults(brokers.faults());
        Map<Fault, Integer> struck = new TreeMap<>();
        for (int i = 0; i < faults.size(); i++) {
            double share = (i + 1.0) / (faults.size() + 1);
            int before = feed.position();
            models.changeUpTo(share);
            feed.upTo((int) (share * feed.size()));
            faulty.awaitJudged(before + (long) (random.nextDouble() * 0.7 * (feed.position() - before)));
            if (System.getProperty("chaos.log") != null) {
                System.out.printf("%s: fault %d, %s at %,d records%n", Instant.now(), i + 1, faults.get(i),
                        feed.position());
            }
            strike(faults.get(i), feed, random, feed.size() / (faults.size() + 1));
            struck.merge(faults.get(i), 1, Integer::sum);
        }
        return struck;
    }

    private void strike(Fault fault, Feed feed, Random random, int slice) throws Exception {
        Instance victim = faulty.instances().get(random.nextInt(faulty.instances().size()));
        switch (fault) {
            case KILL -> victim.kill(false);
            case KILL_AND_WIPE -> victim.kill(true);
            case RESTART -> victim.restart();
            case PAUSE -> {
                victim.pause();
                judgeHalfOf(slice, feed); // which nobody but the others can do
                victim.resume();
            }
            case SCALE -> {
                faulty.scaleTo(1);
                faulty.scaleTo(3);
                faulty.awaitJudged(feed.position());
                faulty.scaleTo(1);
                faulty.scaleTo(2);
            }
            case BROKER_RESTART, BROKER_KILL, BROKER_CUT_OFF -> {
                faulty.awaitRunning(); // one that finds no broker when it starts says so and ends, as it should
                brokers.strike(fault, random, () -> judgeHalfOf(slice, feed));
            }
        }
    }

    private void judgeHalfOf(int slice, Feed feed) throws Exception {
        feed.upTo(Math.min(feed.size(), feed.position() + slice / 2));
        faulty.awaitJudged(feed.position());
    }
}
