package io.gatecast.app.command.mixin;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// When something is to be done again and again, as cron has it: minute, hour, day of the month, month, day of the week; UTC.
public final class Schedule {
    private final ExecutionTime times;

    private Schedule(ExecutionTime times) {
        this.times = times;
    }

    /// @return the first moment after one; empty where there is none
    public Optional<ZonedDateTime> after(ZonedDateTime moment) {
        return times.nextExecution(moment.withZoneSameInstant(ZoneOffset.UTC));
    }

    /// Reads a line of a crontab.
    public static final class Reader implements ITypeConverter<Schedule> {
        @Override
        public Schedule convert(String text) {
            try {
                return new Schedule(ExecutionTime.forCron(
                        new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(text)));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "': expected five fields as cron has them, as in '0 3 * * *': " + e.getMessage());
            }
        }
    }
}
