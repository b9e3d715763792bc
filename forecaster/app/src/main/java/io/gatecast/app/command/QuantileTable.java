package io.gatecast.app.command;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.gatecast.series.Forecast;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One quantile of many forecasts as CSV, a row a series: `id,h1,...,hH`, in the series' own units. A series of several
/// channels has a row for each, `id[0]` and on. A value that is not known, since its channel was never seen, is empty.
final class QuantileTable {
    private QuantileTable() {}

    /// One row's worth, or more with several channels.
    record Entry(String id, Forecast forecast) {}

    /// Writes aside and then moves, so that a reader sees the whole file or none.
    ///
    /// @param quantile index into the forecasts' levels
    static void write(Path file, int horizon, int quantile, List<Entry> entries) throws IOException {
        WholeCsv.write(file, csv -> {
            csv.writeRecord(header(horizon));
            for (Entry entry : entries) {
                writeRows(entry, quantile, csv);
            }
        });
    }

    private static List<String> header(int horizon) {
        List<String> header = new ArrayList<>(List.of("id"));
        for (int step = 1; step <= horizon; step++) {
            header.add("h" + step);
        }
        return header;
    }

    private static void writeRows(Entry entry, int quantile, CsvWriter csv) {
        Forecast forecast = entry.forecast();
        for (int channel = 0; channel < forecast.channels(); channel++) {
            List<String> row = new ArrayList<>();
            row.add(forecast.channels() == 1 ? entry.id() : entry.id() + "[" + channel + "]");
            for (int step = 1; step <= forecast.horizon(); step++) {
                float value = forecast.at(step, channel, quantile);
                row.add(Float.isNaN(value) ? "" : Float.toString(value));
            }
            csv.writeRecord(row);
        }
    }
}
