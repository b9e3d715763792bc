package io.gatecast.training;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gatecast.network.optimise.Adam;
import io.gatecast.network.tensor.Parameters;
import io.gatecast.training.Trainer.Progress;
import io.gatecast.training.exchange.Safetensors;
import io.gatecast.training.exchange.Safetensors.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// All that a training needs to go on as if it had never stopped, in a safetensors file: weights, Adam's moments, the best
/// weights so far, what stands in for missing values, and what was noted on the way. What is drawn by chance depends on the seed and the number of the
/// update, so nothing of it has to be kept.
///
/// @param parameters the weights after the last update
/// @param adam       its moments
/// @param best       the weights that did best on what is held out
/// @param bestLoss   NaN where nothing is held out
/// @param since      looks that brought nothing better
/// @param update     how many were made
/// @param took       wall time up to there
/// @param average    [io.gatecast.network.optimise.WeightAverage#sum]
/// @param filled     how far missing values were filled in, and with what
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Checkpoint(Parameters parameters, Adam.Moments adam, Parameters best, double bestLoss, int since, int update,
        Duration took, double firstLoss, double loss, List<Progress> course, GradientReport gradients, float[] average,
        Imputation.Place filled) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OF = "training";

    /// What is kept as text.
    private record Notes(double bestLoss, int since, int update, long tookNanos, double firstLoss, double loss,
            List<Progress> course, GradientReport gradients, long updates, long spent) {}

    /// @param of which training it is of, in words
    void write(Path file, String of) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weights", tensor(parameters.values));
        tensors.put("best", tensor(best.values));
        tensors.put("adam.first", tensor(adam.first()));
        tensors.put("adam.second", tensor(adam.second()));
        tensors.put("average", tensor(average));
        tensors.put("filled", tensor(filled.filled()));
        Notes notes = new Notes(bestLoss, since, update, took.toNanos(), firstLoss, loss, course, gradients,
                adam.updates(), filled.spent());
        new Safetensors(tensors, Map.of(OF, of, "notes", JSON.writeValueAsString(notes))).write(file);
    }

    private static Tensor tensor(float[] numbers) {
        return new Tensor(List.of(numbers.length), numbers);
    }

    /// @param layout of the network that is trained
    /// @param of     which training is to go on, in words
    /// @throws IOException with a sentence, if the file cannot be read or is of another training
    static Checkpoint read(Path file, Parameters layout, String of) throws IOException {
        Safetensors stored = Safetensors.read(file);
        String found = stored.metadata().get(OF);
        if (!of.equals(found)) {
            throw new IOException(file + ": expected a checkpoint of this training, " + of + ", found "
                    + (found == null ? "another file" : "one of " + found)
                    + "; resume with the options it was begun with, or begin anew");
        }
        Notes notes = JSON.readValue(stored.metadata().get("notes"), new TypeReference<>() {
        });
        return new Checkpoint(weights(stored, "weights", layout), new Adam.Moments(
                weights(stored, "adam.first", layout).values, weights(stored, "adam.second", layout).values,
                notes.updates), weights(stored, "best", layout), notes.bestLoss, notes.since, notes.update,
                Duration.ofNanos(notes.tookNanos), notes.firstLoss, notes.loss, notes.course, notes.gradients,
                numbers(stored, "average"),
                new Imputation.Place(notes.spent, numbers(stored, "filled")));
    }

    private static Parameters weights(Safetensors stored, String name, Parameters layout) {
        Parameters parameters = layout.zeros();
        System.arraycopy(numbers(stored, name), 0, parameters.values, 0, parameters.size());
        return parameters;
    }

    private static float[] numbers(Safetensors stored, String name) {
        return Objects.requireNonNull(stored.tensors().get(name), name).numbers();
    }
}
