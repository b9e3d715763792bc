package io.gatecast.app.progress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final StringWriter written = new StringWriter();
    private long seconds;

    @Test
    void plainLinesComeFiveSecondsApart() {
        try (Progress progress = lines(2_000)) {
            for (int done = 1; done <= 1_200; done++) {
                seconds = done / 100;
                progress.to(done);
            }
        }
        assertEquals(List.of("Producing: 2,000 records ...", "Producing: 500 of 2,000 records (25 %)",
                "Producing: 1,000 of 2,000 records (50 %)", "Producing: 1,200 records in 12.0 s"),
                written.toString().lines().toList());
    }

    @Test
    void aNoteStandsBesideTheFiguresFromThenOn() {
        try (Progress progress = lines(10)) {
            seconds = 6;
            progress.note("loss 0.5");
            progress.to(10);
        }
        assertEquals(List.of("Producing: 10 records ...", "Producing: 10 of 10 records (100 %), loss 0.5",
                "Producing: 10 records in 6.0 s, loss 0.5"), written.toString().lines().toList());
    }

    @Test
    void sharesAreToldWithoutAUnit() {
        try (Progress progress = new Progress.Lines("Training", "", 100, new PrintWriter(written), this::nanoTime)) {
            seconds = 5;
            progress.to(40);
        }
        assertEquals(List.of("Training ...", "Training: 40 %", "Training: 40 % in 5.0 s"),
                written.toString().lines().toList());
    }

    private long nanoTime() {
        return seconds * 1_000_000_000;
    }

    private Progress lines(long total) {
        return new Progress.Lines("Producing", "records", total, new PrintWriter(written),
                this::nanoTime);
    }
}
