package io.gatecast.training;

import io.gatecast.network.Architecture;
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

    private final List<Track> tracks;
    private final Architecture architecture;
    private final int warmUp;
    private final int steps;

    HeldOut(List<Track> tracks, TrainingPlan plan) {
        int every = Math.ceilDiv(tracks.size(), MOST_TRACKS);
        this.tracks = tracks.stream().filter(track -> track.heldOut().count() > 0).toList().stream()
                .gather(Gatherers.windowFixed(every)).map(List::getFirst).toList();
        this.architecture = plan.architecture();
        this.warmUp = plan.features().warmUp();
        int longest = this.tracks.stream().mapToInt(track -> track.heldOut().count()).max().orElse(0);
        this.steps = warmUp + Math.min(longest, plan.stretch());
    }

    /// @return mean weighted pinball loss over what was held out; NaN where nothing was
    double loss(Network network) {
        SequenceBatch batch = new SequenceBatch(architecture, steps, 0, Math.min(ROWS, Math.max(1, tracks.size())));
        SequenceLoss loss = new SequenceLoss(network, batch);
        double sum = 0;
        for (int from = 0; from < tracks.size(); from += batch.batch) {
            for (int row = 0; row < batch.batch; row++) {
                fill(batch, row, from + row);
            }
            sum += loss.forward(network, batch);
        }
        return tracks.isEmpty() ? Double.NaN : sum / tracks.size();
    }

    private void fill(SequenceBatch batch, int row, int index) {
        Track track = tracks.get(Math.min(index, tracks.size() - 1));
        Steps judged = index < tracks.size() ? track.heldOut() : Steps.NONE;
        int start = Math.max(0, track.length() - steps);
        for (int step = 0; step < steps; step++) {
            Batches.write(track, start + step, track.length(), judged, batch, step * batch.batch + row);
        }
    }
}
