package io.gatecast.training.detection;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// What a detector of NAB wrote: `KIND/DETECTOR_FILE.csv` with a column `anomaly_score`, or the same packed as .gz.
public final class StoredScores {
    private StoredScores() {}

    /// @param folder of one detector, named as it is
    /// @throws IOException with a sentence, if a file is missing or has another number of rows than its series
    public static List<Alarms> read(Path folder, List<Labelled> labelled) throws IOException {
        List<Alarms> alarms = new ArrayList<>();
        for (Labelled each : labelled) {
            alarms.add(new Alarms(each, scores(file(folder, each.series().id()), each.series().length())));
        }
        return alarms;
    }

    private static Path file(Path folder, String series) throws IOException {
        Path place = folder.resolve(series);
        String name = folder.getFileName() + "_" + place.getFileName();
        for (String suffix : List.of("", ".gz")) {
            Path file = place.resolveSibling(name + suffix);
            if (Files.exists(file)) {
                return file;
            }
        }
        throw new IOException(place.resolveSibling(name) + ": no such file, packed or not; " + series
                + " has no scores in " + folder);
    }

    private static double[] scores(Path file, int rows) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
                CsvReader<NamedCsvRecord> csv = CsvReader.builder()
                        .ofNamedCsvRecord(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
            double[] scores = csv.stream().mapToDouble(row -> Double.parseDouble(row.getField("anomaly_score")))
                    .toArray();
            if (scores.length != rows) {
                throw new IOException(file + ": expected " + rows + " rows, found " + scores.length);
            }
            return scores;
        }
    }
}
