package io.gatecast.network.layer;

/// Rows of numbers within a larger array.
///
/// @param offset of the first row
/// @param stride from one row to the next
public record Rows(float[] values, int offset, int stride) {

    /// @return the rows from `first` on
    public Rows from(int first) {
        return new Rows(values, offset + first * stride, stride);
    }
}
