package io.gatecast.app.model;

import io.gatecast.avro.GradientNorms;
import io.gatecast.avro.Model;
import io.gatecast.avro.TrainingProgress;
import io.gatecast.avro.TrainingReport;
import io.gatecast.streams.ModelRecords;
import io.gatecast.training.Trainer.Trained;
import io.gatecast.training.Validation;
import io.gatecast.training.backtest.BacktestResult.Step;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What was learned, as the record that goes into a file or a topic, with a word on how it was learned.
public final class TrainedModels {
    private static final double NANOS = 1e9;

    private TrainedModels() {}

    /// @param effectiveFrom event time from which it counts, milliseconds since the epoch; 0 = from the beginning
    /// @param data          what it was trained on, for people
    public static Model record(Trained trained, String modelId, int version, long effectiveFrom, String data) {
        return ModelRecords.toRecord(trained.model(modelId, version, effectiveFrom), report(trained, data));
    }

    private static TrainingReport report(Trained trained, String data) {
        Validation validation = trained.validation();
        return TrainingReport.newBuilder().setCreatedAt(Instant.now().truncatedTo(ChronoUnit.MILLIS)).setData(data)
                .setSeries(trained.series()).setObservations(trained.observations()).setUpdates(trained.updates())
                .setSeconds(trained.took().toNanos() / NANOS).setSeed(trained.plan().seed()).setLoss(trained.loss())
                .setValidationMase(known(validation.mase()))
                .setValidationSeasonalNaiveMase(known(validation.seasonalNaiveMase()))
                .setValidationByStep(validation.steps().stream().map(Step::error).toList())
                .setFrom(Instant.ofEpochMilli(trained.range().from())).setTo(Instant.ofEpochMilli(trained.range().to()))
                .setChoices(trained.plan().choices())
                .setCourse(trained.course().stream().map(then -> new TrainingProgress(then.update(), then.rate(),
                        then.loss(), known(then.heldOut()))).toList())
                .setClippedUpdates(trained.gradients().clipped()).setLargestGradient(trained.gradients().largest())
                .setGradients(trained.gradients().norms().stream()
                        .map(norms -> new GradientNorms(norms.update(), norms.whole(), norms.byLayer())).toList())
                .build();
    }

    /// @return null for NaN, which JSON does not have
    public static @Nullable Double known(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
