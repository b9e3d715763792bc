package io.gatecast.streams;

/// One version of a model as the topics name it, without its weights: all that is needed to decide who judges. What is
/// published again with other weights, or for another time, is another.
///
/// @param id            which model
/// @param version       from 1, rising
/// @param effectiveFrom event time from which it counts by its own record, milliseconds since the epoch
/// @param digest        of the record, SHA-256 in hexadecimal digits
record ModelVersion(String id, int version, long effectiveFrom, String digest) {

    /// @return `modelId/version`
    String name() {
        return id + "/" + version;
    }
}
