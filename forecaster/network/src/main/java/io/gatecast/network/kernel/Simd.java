package io.gatecast.network.kernel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Picks the kernels once, by what the processor and the JVM offer, and can say why. `-Dgatecast.lanes=1|4|8|16` forces
/// a choice; the tests use it to hold every width against the others.
final class Simd {
    private static final int WIDEST = 16;
    /// Numbers to a vector; 1 where there are only plain loops.
    static final int LANES = lanes();
    /// Whether the kernels are by SIMD.
    static final boolean VECTORS = LANES > 1;
    private static final Map<Precision, Kernels> KERNELS = new EnumMap<>(Precision.class);

    static {
        for (Precision precision : Precision.values()) {
            KERNELS.put(precision, VECTORS ? new VectorKernels(precision) : new PlainKernels(whyPlain(), precision));
        }
    }

    private Simd() {}

    static Kernels kernels(Precision precision) {
        return Objects.requireNonNull(KERNELS.get(precision));
    }

    /// The lanes to use. Only to be called where the kernels are by SIMD.
    static VectorSpecies<Float> species() {
        return VectorSpecies.of(float.class, VectorShape.forBitSize(LANES * Float.SIZE));
    }

    private static int lanes() {
        int asked = asked();
        return switch (asked) {
            case 0 -> hasVectors() ? ofThisProcessor() : 1;
            case 1 -> 1;
            case 4, 8, 16 -> hasVectors() ? asked : 1;
            default -> throw new IllegalArgumentException("gatecast.lanes: expected 1, 4, 8 or 16, found " + asked);
        };
    }

    private static int ofThisProcessor() {
        int preferred = Math.min(WIDEST, FloatVector.SPECIES_PREFERRED.length());
        return preferred < 4 ? 1 : preferred;
    }

    private static int asked() {
        return Integer.getInteger("gatecast.lanes", 0);
    }

    private static boolean hasVectors() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    private static String whyPlain() {
        if (!hasVectors()) {
            return "plain loops: start Java with --add-modules jdk.incubator.vector for SIMD";
        }
        return asked() == 1
                ? "plain loops, as -Dgatecast.lanes=1 asks"
                : "plain loops: this processor has no lanes of 128 bits";
    }
}
