package io.gatecast.app.command;

import io.gatecast.app.command.mixin.ChangeOptions;
import io.gatecast.app.command.mixin.KafkaOptions;
import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.app.command.mixin.StateOptions;
import io.gatecast.app.kafka.Publisher;
import io.gatecast.app.kafka.Wanted;
import io.gatecast.avro.ModelEvent;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What becomes of a version that is in the models topic: each is one event, which running instances follow from its event
/// time on.
final class ModelStatesCommands {
    private ModelStatesCommands() {}

    /// An event, for a program.
    record Event(long sequence, String change, String modelId, @Nullable Integer version, @Nullable String state,
            double share, @Nullable String pattern, String effectiveFrom, String at, String by, String why) {

        static Event of(ModelEvent event) {
            return new Event(event.getSequence(), event.getChange().name(), event.getModelId(), event.getVersion(),
                    event.getState() == null ? null : event.getState().name(), event.getShare(), event.getPattern(),
                    ModelsCommand.moment(event.getEffectiveFrom()), event.getAt().toString(), event.getBy(),
                    event.getWhy());
        }
    }

    /// The answer to a program.
    record Events(List<Event> events) {
        static Events of(List<ModelEvent> events) {
            return new Events(events.stream().map(Event::of).toList());
        }
    }

    /// @return an event in a line
    static String line(ModelEvent event) {
        return String.format(Locale.ROOT, "%s: %s from %s, by %s: %s", event.getAt(), what(event),
                ModelsCommand.moment(event.getEffectiveFrom()), event.getBy(), event.getWhy());
    }

    private static String what(ModelEvent event) {
        return switch (event.getChange()) {
            case STATE -> event.getModelId() + "/" + event.getVersion() + " is " + event.getState()
                    + (event.getShare() > 0 ? " of " + 100 * event.getShare() + " % of the series" : "");
            case ROUTE -> event.getPattern() + " goes to " + event.getModelId();
            case UNROUTE -> event.getPattern() + " goes nowhere of its own";
            case RETRAIN -> event.getModelId() + " is to be trained again";
            case UNKNOWN -> "something that a later release knows";
        };
    }

    private static void answer(OutputOptions output, List<ModelEvent> events) {
        events.forEach(event -> output.say("%s", line(event)));
        output.result(Events.of(events));
    }

    /// To champion, or to trial.
    @Command(name = "promote", mixinStandardHelpOptions = true, sortOptions = false, description = "Make a version champion, or try it as a shadow or a canary.")
    static final class PromoteCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL/VERSION", description = "As in default/3.")
        private String name;
        @Mixin
        private StateOptions state = new StateOptions();
        @Mixin
        private ChangeOptions change = new ChangeOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            try (Publisher publisher = Publisher.open(kafka.load())) {
                answer(output, publisher.decide(name, new Wanted(state.state(), state.share(), change.when(),
                        change.by(), change.why("promoted by hand"))));
            }
            return 0;
        }
    }

    /// Back to the champion before.
    @Command(name = "rollback", mixinStandardHelpOptions = true, sortOptions = false, description = "Take the champion back: the one before, or a version you name, judges again.")
    static final class RollbackCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL", description = "As in default.")
        private String modelId;
        @Option(names = "--to", paramLabel = "VERSION", description = "Go back to this version (default: the champion before).")
        private @Nullable Integer version;
        @Mixin
        private ChangeOptions change = new ChangeOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            try (Publisher publisher = Publisher.open(kafka.load())) {
                answer(output, publisher.rollback(modelId, version, change.when(), change.by(),
                        change.why("rolled back by hand")));
            }
            return 0;
        }
    }

    /// Out of use.
    @Command(name = "retire", mixinStandardHelpOptions = true, sortOptions = false, description = "Take a version out of use.")
    static final class RetireCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL/VERSION", description = "As in default/3.")
        private String name;
        @Mixin
        private ChangeOptions change = new ChangeOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            try (Publisher publisher = Publisher.open(kafka.load())) {
                answer(output,
                        publisher.retire(name, change.when(), change.by(), change.why("retired by hand")));
            }
            return 0;
        }
    }

    /// Which series go to which model.
    @Command(name = "route", mixinStandardHelpOptions = true, sortOptions = false, description = "Send the series of a pattern to a model; of several patterns that fit, the one with the most letters before its first * wins.")
    static final class RouteCommand implements Callable<Integer> {
        @Parameters(index = "0", paramLabel = "PATTERN", description = "Series ids, in which * stands for anything: 'site-a/*'.")
        private String pattern;
        @Parameters(index = "1", arity = "0..1", paramLabel = "MODEL", description = "As in pumps.")
        private @Nullable String modelId;
        @Option(names = "--remove", description = "Send them nowhere of their own any more.")
        private boolean remove;
        @Mixin
        private ChangeOptions change = new ChangeOptions();
        @Mixin
        private KafkaOptions kafka = new KafkaOptions();
        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() throws IOException {
            if (remove == (modelId != null)) {
                throw new IOException("expected a model to send the series to, or --remove");
            }
            try (Publisher publisher = Publisher.open(kafka.load())) {
                answer(output, publisher.route(pattern, modelId, change.when(), change.by(),
                        change.why(remove ? "removed by hand" : "routed by hand")));
            }
            return 0;
        }
    }
}
