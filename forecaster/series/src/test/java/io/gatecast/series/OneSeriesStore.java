package io.gatecast.series;

import org.jspecify.annotations.Nullable;

/// What a store holds of one series.
final class OneSeriesStore {
    private @Nullable StoredSeries stored;
    private int windows;

    void put(SeriesState state) {
        StoredSeries now = state.toStore();
        windows += now.window() == null ? 0 : 1;
        byte[] window = now.window() == null && stored != null ? stored.window() : now.window();
        stored = new StoredSeries(now.state(), window);
    }

    @Nullable
    StoredSeries get() {
        return stored;
    }

    /// @return how many times a window was put
    int windows() {
        return windows;
    }
}
