package io.gatecast.app.command.mixin;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.gatecast.app.progress.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// How a command answers: words for a person on stdout, and for a program, if asked, one JSON object as the last line.
public final class OutputOptions {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Double.class, new Numbers()).addSerializer(double.class,
                    new Numbers()))
            .build();

    /// JSON has no word for what is not finite: null.
    private static final class Numbers extends JsonSerializer<Double> {
        @Override
        public void serialize(Double number, JsonGenerator json, SerializerProvider serializers) throws IOException {
            if (Double.isFinite(number)) {
                json.writeNumber(number);
            } else {
                json.writeNull();
            }
        }
    }

    @Spec(Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--json", description = "End with one JSON object as the last line of stdout.")
    private boolean json;

    /// Says something to the person.
    ///
    /// @param format as of [String#format]
    public void say(String format, @Nullable Object... arguments) {
        out().println(String.format(Locale.ROOT, format, arguments));
        out().flush();
    }

    /// Says on stderr what the person should know although the work goes on.
    ///
    /// @param format as of [String#format]
    public void warn(String format, Object... arguments) {
        PrintWriter err = command.commandLine().getErr();
        err.println("gatecast: " + String.format(Locale.ROOT, format, arguments));
        err.flush();
    }

    /// Ends the answer.
    ///
    /// @param result a record, whose components become the object's fields
    public void result(Record result) {
        if (json) {
            try {
                out().println(JSON.writeValueAsString(result));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("no JSON for " + result, e);
            }
            out().flush();
        }
    }

    /// Begins to tell how far work has come, as [Progress#start].
    public Progress progress(String task, String unit, long total) {
        return Progress.start(task, unit, total, command.commandLine().getErr());
    }

    /// @return where answers go
    public PrintWriter out() {
        return command.commandLine().getOut();
    }
}
