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
    private static final int WIDEST = 16; // a panel holds four vectors of it
    private static final Map<Precision, Kernels> KERNELS = new EnumMap<>(Precision.class);
    /// Whether the kernels are by SIMD.
    static final boolean VECTORS;

    static {
        for (Precision precision : Precision.values()) {
            KERNELS.put(precision, choose(precision));
        }
        VECTORS = kernels(Precision.FLOAT32) instanceof VectorKernels;
    }

    private Simd() {}

    static Kernels kernels(Precision precision) {
        return Objects.requireNonNull(KERNELS.get(precision));
    }

    /// The lanes to use. Only to be called where the vector module is present.
    static VectorSpecies<Float> species() {
        int lanes = Integer.getInteger("gatecast.lanes", Math.min(WIDEST, FloatVector.SPECIES_PREFERRED.length()));
        return VectorSpecies.of(float.class, VectorShape.forBitSize(lanes * Float.SIZE));
    }

    private static Kernels choose(Precision precision) {
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isEmpty()) {
            return new PlainKernels("plain loops: start Java with --add-modules jdk.incubator.vector for SIMD",
                    precision);
        }
        int lanes = Integer.getInteger("gatecast.lanes", 0);
        return switch (lanes) {
            case 1 -> new PlainKernels("plain loops, as -Dgatecast.lanes=1 asks", precision);
            case 0 -> FloatVector.SPECIES_PREFERRED.length() >= 4
                    ? new VectorKernels(precision)
                    : new PlainKernels("plain loops: this processor has no lanes of 128 bits", precision);
            case 4, 8, 16 -> new VectorKernels(precision);
            default -> throw new IllegalArgumentException(
                    "gatecast.lanes: expected 1, 4, 8 or 16, found " + lanes);
        };
    }
}
