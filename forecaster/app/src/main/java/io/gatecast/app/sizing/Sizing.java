package io.gatecast.app.sizing;

/// How large an installation has to be for a load. Bytes are those of old series, whose windows are full of noise, as they lie
/// compressed; young ones take less.
///
/// @param observationsPerSecond of all keys
/// @param coreSeconds           processor time of an observation, the brokers' part in it
/// @param cores                 of all instances and brokers, [#UTILISATION] of them used
/// @param instances             of [#CORES_OF_ONE] cores each, two at least
/// @param partitions            of the observations; twice as many instances could share them
/// @param stateBytes            of one series with its window, before compression
/// @param memoryBytes           of an instance
/// @param diskBytes             of an instance: its states, the standbys it keeps, and room to compact
/// @param changelogBytes        on all brokers
/// @param topicBytes            on all brokers: observations and forecasts for as long as they are kept
/// @param changelogTraffic      bytes a second into the changelog, if no two observations of a key share a commit
/// @param outputTraffic         bytes a second of forecasts
/// @param restoreSeconds        until a state that was lost with its instance is read again, by one thread; as much as there is
///                              lies in the changelog twice
/// @param coreHours             a year
public record Sizing(double observationsPerSecond, double coreSeconds, double cores, int instances, int partitions,
        double stateBytes, double memoryBytes, double diskBytes, double changelogBytes, double topicBytes,
        double changelogTraffic, double outputTraffic, double restoreSeconds, double coreHours) {
    public static final int CORES_OF_ONE = 4;
    /// The rest is for rebalances, catching up, and an instance that is away.
    public static final double UTILISATION = 0.6;
    private static final int INPUTS = 75;
    private static final int GATES = 4;
    private static final int LEAST_PARTITIONS = 6;
    private static final double ROOM_TO_COMPACT = 1.5;
    private static final double HEAP_ROOM = 3;
    private static final double HOURS_OF_A_YEAR = 8766;
    private static final int SIZE_OF_NUMBER = Float.BYTES;

    public static Sizing of(Load load, Coefficients measured) {
        double observations = load.keys() * load.rate();
        double coreSeconds = measured.eventSeconds() + measured.multiplicationSeconds()
                * (products(load.hidden(), load.layers()) - products(measured.eventUnits(), 1));
        double cores = observations * coreSeconds / UTILISATION;
        int instances = (int) Math.max(2, Math.ceil(cores / CORES_OF_ONE));
        double state = stateBytes(load, measured);
        double keysOfOne = (double) load.keys() / instances;
        double forecast = measured.forecastRatio() * SIZE_OF_NUMBER * load.horizon() * load.quantiles();
        double changelog = state * measured.changelogRatio();
        double kept = observations * load.retention().toSeconds() * load.replication();
        return new Sizing(observations, coreSeconds, cores, instances,
                Math.max(LEAST_PARTITIONS, 2 * instances * CORES_OF_ONE), state,
                HEAP_ROOM * (measured.heapBytes() + keysOfOne * measured.heapKeyBytes()) + measured.storeBytes()
                        + measured.processBytes(),
                keysOfOne * (1 + load.standby()) * state * measured.diskRatio() * ROOM_TO_COMPACT,
                load.keys() * state * measured.diskRatio() * load.replication() * 2,
                kept * (measured.observationBytes() + forecast),
                observations * changelog, observations * forecast, 2 * keysOfOne * measured.restoreSeconds(),
                cores * HOURS_OF_A_YEAR);
    }

    /// Of all gates: what enters a layer and its own hidden state, times its units.
    private static double products(int units, int layers) {
        return (double) GATES * units * (units + INPUTS) + (layers - 1.0) * GATES * units * 2 * units;
    }

    /// @return bytes of the state of one series of one channel: hidden and cell state are numbers of each layer's units
    static double stateBytes(Load load, Coefficients measured) {
        return measured.stateBytes()
                + 2.0 * SIZE_OF_NUMBER * (load.hidden() * load.layers() - measured.stateUnits())
                + measured.seasonBytes() * (load.season() - measured.stateSeason());
    }
}
