package io.gatecast.series;

/// What moved an observation away from what was expected, and by how much.
///
/// @param input  `channel 0`, `covariate NAME`, or [#EARLIER]
/// @param lag    steps before the observation; 0 = the observation itself; of [#EARLIER] the first of them
/// @param share  of all that moved it either way, 0 to 1
/// @param effect on the deviation, observed - expected, in the series' own units; over all causes they sum to it
public record Cause(String input, int lag, double share, double effect) {
    /// All that lies further back than is told apart, and the correction learned from past errors.
    public static final String EARLIER = "earlier";

    static String channel(int channel) {
        return "channel " + channel;
    }

    static String covariate(String name) {
        return "covariate " + name;
    }
}
