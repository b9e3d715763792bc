package io.gatecast.training;

import io.gatecast.network.SequenceBatch;
import io.gatecast.training.Track.Steps;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Cuts stretches out of tracks, by chance from a seed. Every step of every series is as likely as any other, or every
/// series is, except that a sixteenth of the stretches begin where their series does: a stretch from the middle is judged
/// only after the warm-up, as a replay is, and without these nothing would be learned about a series' first steps.
final class Batches {
    private static final int BEGINNINGS = 16;
    private static final int UNKNOWN = 20;

    private final List<Track> tracks;
    private final long[] stepsUpTo;
    private final int warmUp;
    private final boolean tracksAlike;

    /// @param tracks      of one step or more
    /// @param tracksAlike see [TrainingPlan.Sampling#seriesAlike]
    Batches(List<Track> tracks, int warmUp, boolean tracksAlike) {
        this.tracks = List.copyOf(tracks);
        this.warmUp = warmUp;
        this.tracksAlike = tracksAlike;
        this.stepsUpTo = new long[tracks.size()];
        long steps = 0;
        for (int i = 0; i < stepsUpTo.length; i++) {
            steps += tracks.get(i).known().count();
            stepsUpTo[i] = steps;
        }
    }

    /// @return steps that can be learned from
    long steps() {
        return stepsUpTo[stepsUpTo.length - 1];
    }

    /// Fills a batch anew: with stretches of which every step is judged, or, where a batch judges only the last step of
    /// each sequence, with windows.
    void fill(SequenceBatch batch, SplittableRandom random) {
        for (int row = 0; row < batch.batch; row++) {
            Track track = pick(random);
            batch.categories[row] = shown(track, random);
            if (batch.warmUp == 0) {
                fillStretch(track, batch, row, random);
            } else {
                writeWindow(track, random.nextInt(track.known().count()), track.known().to(), track.known(), batch,
                        row);
            }
        }
    }

    /// A twentieth of the sequences are shown without their category, so that something is learned of series whose category
    /// is unknown.
    private static int shown(Track track, SplittableRandom random) {
        return track.category() > 0 && random.nextInt(UNKNOWN) == 0 ? 0 : track.category();
    }

    private void fillStretch(Track track, SequenceBatch batch, int row, SplittableRandom random) {
        int latest = Math.max(0, track.known().count() - batch.steps);
        boolean beginning = random.nextInt(BEGINNINGS) == 0;
        int start = beginning ? 0 : Math.min(latest, random.nextInt(latest + warmUp + 1));
        for (int step = 0; step < batch.steps; step++) {
            Steps judged = step >= warmUp || start == 0 ? track.known() : Steps.NONE;
            write(track, start + step, track.known().to(), judged, batch, step * batch.batch + row);
        }
    }

    Track pick(SplittableRandom random) {
        if (tracksAlike) {
            return tracks.get(random.nextInt(tracks.size()));
        }
        int found = Arrays.binarySearch(stepsUpTo, random.nextLong(steps()) + 1);
        return tracks.get(found >= 0 ? found : -found - 1);
    }

    /// Writes the window that ends with step `t` into a row of a batch that judges only the last step.
    ///
    /// @param end    first step of which nothing may be seen
    /// @param judged steps whose values count
    static void writeWindow(Track track, int t, int end, Steps judged, SequenceBatch batch, int row) {
        int last = batch.steps - 1;
        for (int step = 0; step < batch.steps; step++) {
            writeInputs(track, t - last + step, end, batch, step * batch.batch + row);
        }
        writeJudged(track, t, end, judged, batch, row);
    }

    /// Writes one step of a track into one row of a batch that judges every step.
    ///
    /// @param end    first step of which nothing may be seen: from there on the row is blank
    /// @param judged steps whose values count
    static void write(Track track, int t, int end, Steps judged, SequenceBatch batch, int row) {
        writeInputs(track, t, end, batch, row);
        writeJudged(track, t, end, judged, batch, row);
    }

    private static void writeInputs(Track track, int t, int end, SequenceBatch batch, int row) {
        int inputs = batch.inputs.length / (batch.steps * batch.batch);
        if (t < 0 || t >= end) {
            Arrays.fill(batch.inputs, row * inputs, (row + 1) * inputs, 0);
        } else {
            track.inputs(t, batch.inputs, row * inputs);
        }
    }

    private static void writeJudged(Track track, int t, int end, Steps judged, SequenceBatch batch, int row) {
        int bases = batch.bases.length / batch.judged();
        int targets = batch.targets.length / batch.judged();
        if (t >= end) {
            Arrays.fill(batch.bases, row * bases, (row + 1) * bases, 0);
            Arrays.fill(batch.targets, row * targets, (row + 1) * targets, Float.NaN);
            Arrays.fill(batch.weights, row * targets, (row + 1) * targets, 0);
            return;
        }
        track.bases(t, batch.bases, row * bases);
        track.targets(t, judged, batch.targets, row * targets);
        track.weights(t, batch.weights, row * targets);
    }
}
