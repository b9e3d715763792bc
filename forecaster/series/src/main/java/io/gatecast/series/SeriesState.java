package io.gatecast.series;

import io.gatecast.series.input.KnownValues;
import io.gatecast.series.input.Window;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// All that is kept of one series between two observations. Opened and moved on by [SeriesForecaster] alone, which may open
/// another series in its memory.
public final class SeriesState {
    static final long NEVER = Long.MIN_VALUE;
    /// Steps after which the window is stored again. It is some 20 times as large as they are: of the two, that is the least to
    /// write.
    public static final int LONGEST_TAIL = 32;
    /// Bytes of the objects around its numbers, about.
    private static final int OBJECTS = 500;

    /// The model that it is opened for.
    final ModelStamp stamp;
    final long intervalMillis;
    final Window window;
    /// The covariates of the last steps.
    final KnownValues known;
    /// Each layer's state, one after the other.
    final float[] hidden;
    /// `[channel][quantile]`, what the network said of the step to come, in units of the scale; NaN = nothing yet.
    final float[] next;
    /// `[channel]`, how much patience with absurd readings is used up, see [io.gatecast.series.input.Spikes].
    final int[] impatience;
    /// What [Judges] remembers of the series.
    final ByteBuffer habits;
    /// What [Judges] remembers of the model's errors.
    final ByteBuffer calibration;
    /// Sums of the evaluation to come, of this model's forecasts.
    final ByteBuffer skill;
    String seriesId = "";
    /// Which the model takes the series for, from 1; 0 = unknown, or it takes none.
    int category;
    /// Alarms a step that the series may give in the long run.
    double alarmBudget;
    /// What people said of its alarms; not stored with it.
    Feedback feedback = Feedback.NONE;
    /// Whether [#hidden], [#next] and [#calibration] are this model's own; if not, the window is replayed first.
    boolean warmedByThisModel;
    /// Steps since the series began, filled-in ones included.
    int steps;
    /// Beginning of the newest bucket, milliseconds since the epoch.
    long lastBucket;
    /// Beginning of the newest bucket in the window that lies in the store; [#NEVER] where that one is none of this state's.
    long storedBucket;
    /// Whether a window was to lie in the store, and did not: the series is as young as the values that came with its state.
    boolean windowLost;

    /// Of no series yet, see [#begin].
    SeriesState(Model model, Judges judges, KnownValues known) {
        this.stamp = ModelStamp.of(model);
        FeatureSpec features = model.features();
        this.intervalMillis = features.intervalMillis();
        this.window = new Window(features.channels(), features.context());
        this.known = known;
        this.hidden = new float[model.network().stateSize()];
        this.next = new float[features.channels() * model.network().architecture().head().quantiles().size()];
        this.impatience = new int[features.channels()];
        this.habits = zeros(judges.habitBytes());
        this.calibration = zeros(judges.calibrationBytes());
        this.skill = zeros(judges.skillBytes());
    }

    private static ByteBuffer zeros(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// A series of which nothing is known; all that was is forgotten.
    void begin(String series, int itsCategory, double itsAlarmBudget) {
        seriesId = series;
        category = itsCategory;
        alarmBudget = itsAlarmBudget;
        Arrays.fill(habits.array(), (byte) 0);
        Arrays.fill(calibration.array(), (byte) 0);
        Arrays.fill(skill.array(), (byte) 0);
        startAfresh();
    }

    /// Forgets the values, as before the first observation, but not what the series' habits are.
    void startAfresh() {
        window.clear();
        known.clear();
        Arrays.fill(impatience, 0);
        forgetNetwork();
        warmedByThisModel = true;
        steps = 0;
        lastBucket = NEVER;
        storedBucket = NEVER;
        windowLost = false;
    }

    /// Forgets what the network made of the series, but not the series.
    void forgetNetwork() {
        Arrays.fill(hidden, 0);
        Arrays.fill(next, Float.NaN);
    }

    /// Takes over what people have said of the alarms by now.
    public void hear(Feedback said) {
        feedback = said;
    }

    /// @return bytes of memory that it takes, about
    public int size() {
        return Float.BYTES * (window.values.length + known.values.length + hidden.length + next.length)
                + Long.BYTES * window.missing.length + Integer.BYTES * impatience.length
                + habits.capacity() + calibration.capacity() + skill.capacity() + OBJECTS;
    }

    /// @return where the newest step ends, milliseconds since the epoch; of a series that has begun
    public long end() {
        return lastBucket + intervalMillis;
    }

    /// @return whether the series has yet to begin
    public boolean isFresh() {
        return lastBucket == NEVER;
    }

    /// @return whether it was stored with a window that the store does not have: it goes on with the values it still has, and
    ///         its forecasts and alarms are those of a younger series
    public boolean hasLostItsWindow() {
        return windowLost;
    }

    /// @return event time of the newest step, milliseconds since the epoch; of a series that has begun
    public long lastTime() {
        return lastBucket;
    }

    /// @return all of it in one
    public byte[] bytes() {
        return StateCodec.encode(this, window.context());
    }

    /// As it is to be stored from now on: the window is the larger part and an observation changes one value of it, so it is
    /// stored again only when enough of them have come.
    ///
    /// @return with the window where it is due; whoever asks has to store it
    public StoredSeries toStore() {
        int tail = tail();
        windowLost = false;
        if (tail <= LONGEST_TAIL) {
            return new StoredSeries(StateCodec.encode(this, tail), null);
        }
        storedBucket = lastBucket;
        return new StoredSeries(StateCodec.encode(this, 0), WindowCodec.encode(this));
    }

    /// @return values that the window in the store lacks
    private int tail() {
        long since = storedBucket == NEVER ? steps : (lastBucket - storedBucket) / intervalMillis;
        return (int) Math.min(since, window.context());
    }
}
