package io.gatecast.series.judge;

import java.util.Arrays;

/// The past of channels that all saw the same.
final class Remembered implements Past {
    private final float[] values;
    private final int season;

    Remembered(int context, int season) {
        this.values = new float[context];
        this.season = season;
        Arrays.fill(values, Float.NaN);
    }

    void push(float value) {
        System.arraycopy(values, 1, values, 0, values.length - 1);
        values[values.length - 1] = value;
    }

    @Override
    public float[] values() {
        return values;
    }

    @Override
    public int first(int channel) {
        return 0;
    }

    @Override
    public int newest(int channel) {
        return values.length - 1;
    }

    @Override
    public int season() {
        return season;
    }
}
