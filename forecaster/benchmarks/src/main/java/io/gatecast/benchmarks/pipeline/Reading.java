package io.gatecast.benchmarks.pipeline;

/// What one worker measured over the load's events.
///
/// @param seconds          by the clock
/// @param cpuMicros        of the worker, an event
/// @param brokerCpuMicros  of the broker, an event
/// @param allocated        bytes of the worker's heap, an event
/// @param changelogBytes   sent to the states' changelogs, an event, compressed
/// @param changelogRecords of them, an event
/// @param changelogRecord  bytes of one, before compression
/// @param outputBytes      sent to the output topic, an event, compressed
/// @param restoreSeconds   until all state was there and the first event was taken
/// @param readSeconds      until a consumer that does nothing with it has read the changelog that is restored from
/// @param since            when the first of them was taken, milliseconds since the epoch
record Reading(double seconds, double cpuMicros, double brokerCpuMicros, double allocated, double changelogBytes,
        double changelogRecords, double changelogRecord, double outputBytes, double restoreSeconds, double readSeconds,
        double since) {

    Reading withReadSeconds(double seconds) {
        return new Reading(this.seconds, cpuMicros, brokerCpuMicros, allocated, changelogBytes, changelogRecords,
                changelogRecord, outputBytes, restoreSeconds, seconds, since);
    }
}
