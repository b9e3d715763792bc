package io.gatecast.training;

import io.gatecast.network.Network;
import io.gatecast.network.SequenceBatch;
import io.gatecast.network.SequenceLoss;
import io.gatecast.training.Track.Steps;
import java.util.List;
import java.util.stream.Gatherers;

/// The end of each track, which is not learned from: the loss there tells what was learned from what was only learned by
/// heart. Of many tracks an even choice is enough.
final class HeldOut {
    private static final int ROWS = 32;
    private static final int MOST_TRACKS = 256;

    private static final int WINDOWS = 8; // of a track, by which a network that does not stream is judged

    private final List<Track> tracks;
    private final TrainingPlan plan;
    private final int steps;

    HeldOut(List<Track> tracks, TrainingPlan plan) {
        int every = Math.ceilDiv(tracks.size(), MOST_TRACKS);
        this.tracks = tracks.stream().filter(track -> track.heldOut().count() > 0).toList().stream()
                .gather(Gatherers.windowFixed(every)).map(List::getFirst).toList();
        this.plan = plan;
        int longest = this.tracks.stream().mapToInt(track -> track.heldOut().count()).max().orElse(0);
        this.steps = plan.architecture().streams()
                ? plan.features().warmUp() + Math.min(longest, plan.sampling().stretch())
                : plan.steps();
    }

    /// @return mean weighted loss over what was held out, in the units of what is learned from; NaN where nothing was
    double loss(Network network) {
        int windows = plan.architecture().streams() ? 1 : WINDOWS;
        SequenceBatch batch = new SequenceBatch(plan.architecture(), steps, plan.warmUp(),
                Math.clamp((long) tracks.size() * windows, 1, ROWS));
        SequenceLoss loss = new SequenceLoss(network, batch);
        double sum = 0;
        long answers = 0;
        for (int from = 0; from < tracks.size() * windows; from += batch.batch) {
            for (int row = 0; row < batch.batch; row++) {
                int index = (from + row) / windows;
                Track track = tracks.get(Math.min(index, tracks.size() - 1));
                Steps judged = index < tracks.size() ? track.heldOut() : Steps.NONE;
                fill(batch, row, track, judged, (from + row) % windows);
            }
            sum += loss.forward(network, batch);
            answers += (long) known(batch.targets) * plan.architecture().head().lossTerms();
        }
        return answers == 0 ? Double.NaN : sum / answers;
    }

    private static int known(float[] targets) {
        int known = 0;
        for (float target : targets) {
            known += Float.isNaN(target) ? 0 : 1;
        }
        return known;
    }

    private void fill(SequenceBatch batch, int row, Track track, Steps judged, int window) {
        batch.categories[row] = track.category();
        if (plan.architecture().streams()) {
            int start = Math.max(0, track.length() - steps);
            for (int step = 0; step < steps; step++) {
                Batches.write(track, start + step, track.length(), judged, batch, step * batch.batch + row);
            }
        } else {
            Steps heldOut = track.heldOut();
            int t = Math.max(0, heldOut.from() - 1 + window * heldOut.count() / WINDOWS);
            Batches.writeWindow(track, t, track.length(), judged, batch, row);
        }
    }
}
