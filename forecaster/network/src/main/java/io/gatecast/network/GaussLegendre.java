package io.gatecast.network;

/// The rule of Gauss and Legendre with eight nodes, over 0 to 1 or over equal parts of it: exact for polynomials up to the
/// 15th degree. Nodes and weights as in Abramowitz & Stegun (1964), table 25.4, moved from (-1, 1).
public final class GaussLegendre {
    private static final double[] NODES = {0.019855071751231912, 0.10166676129318664, 0.2372337950418355,
            0.4082826787521751, 0.5917173212478248, 0.7627662049581645, 0.8983332387068134, 0.9801449282487681};
    private static final double[] WEIGHTS = {0.05061426814518853, 0.11119051722668721, 0.15685332293894344,
            0.18134189168918083, 0.18134189168918083, 0.15685332293894344, 0.11119051722668721, 0.05061426814518853};
    /// Nodes to a part.
    public static final int COUNT = NODES.length;

    private GaussLegendre() {}

    /// @param part  from 0
    /// @param parts into which the range is cut
    /// @param node  from 0 to [#COUNT] - 1
    public static double node(int part, int parts, int node) {
        return (part + NODES[node]) / parts;
    }

    /// @return what the value at a node counts; over all nodes of all parts, 1
    public static double weight(int parts, int node) {
        return WEIGHTS[node] / parts;
    }
}
