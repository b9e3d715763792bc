package io.gatecast.app.sizing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// What was measured, from `sizing/coefficients.properties`, which says when and by which command.
///
/// @param eventSeconds          processor time of an observation, the broker's part in it, at [#eventUnits]
/// @param eventUnits            hidden units that it was measured with
/// @param multiplicationSeconds of one product of the network
/// @param stateBytes            of a series' state, at [#stateUnits] and [#stateSeason]
/// @param stateUnits            hidden units
/// @param stateSeason           steps of the longest season
/// @param seasonBytes           that a state grows by with a step of the longest season
/// @param changelogRatio        bytes of the changelog on a broker's disk to bytes of states
/// @param diskRatio             bytes of RocksDB, compacted, to bytes of states
/// @param restoreSeconds        processor time of an instance to read a state again, which one thread does
/// @param heapBytes             without keys
/// @param heapKeyBytes          for each key
/// @param storeBytes            that RocksDB may keep in memory
/// @param processBytes          of an instance outside heap and stores: code, threads, buffers
/// @param observationBytes      of one observation of one channel, on a broker's disk
/// @param forecastRatio         bytes of forecasts on a broker's disk to bytes of their values
public record Coefficients(double eventSeconds, int eventUnits, double multiplicationSeconds, double stateBytes,
        int stateUnits, int stateSeason, double seasonBytes, double changelogRatio, double diskRatio,
        double restoreSeconds, double heapBytes, double heapKeyBytes, double storeBytes, double processBytes,
        double observationBytes, double forecastRatio) {
    private static final String FILE = "/sizing/coefficients.properties";

    /// @return those that come with this release
    public static Coefficients measured() {
        InputStream in = Coefficients.class.getResourceAsStream(FILE);
        if (in == null) {
            throw new IllegalStateException(FILE + ": it is not in the jar");
        }
        try {
            return read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }

    /// Reads a file of them, and closes it.
    static Coefficients read(InputStream from) throws IOException {
        Properties file = new Properties();
        try (from) {
            file.load(from);
        }
        return new Coefficients(number(file, "event.core.seconds"), (int) number(file, "event.units"),
                number(file, "multiplication.seconds"), number(file, "state.bytes"), (int) number(file, "state.units"),
                (int) number(file, "state.season"), number(file, "state.season.bytes"),
                number(file, "changelog.ratio"), number(file, "disk.ratio"), number(file, "restore.core.seconds"),
                number(file, "heap.bytes"), number(file, "heap.key.bytes"),
                number(file, "store.memory.bytes"), number(file, "process.bytes"), number(file, "observation.bytes"),
                number(file, "forecast.ratio"));
    }

    private static double number(Properties file, String key) {
        return Double.parseDouble(file.getProperty(key, "NaN"));
    }
}
