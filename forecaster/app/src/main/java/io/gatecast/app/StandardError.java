package io.gatecast.app;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Takes the real stderr back. The JVM announces on stderr, before any of our code runs, that the vector module is
/// incubating, and has no switch for it; so the launcher starts Java with stderr led through a filter that drops this
/// line, and with the real one as another descriptor, named by `gatecast.stderr`. A filter for good would not do: what
/// passes through it can arrive after the process has ended.
final class StandardError {
    private static final int STDERR = 2;

    private StandardError() {}

    /// Does nothing where Java was not started by the launcher.
    static void restore() {
        Integer real = Integer.getInteger("gatecast.stderr");
        if (real != null) {
            copyDescriptor(real, STDERR);
        }
    }

    private static void copyDescriptor(int from, int to) {
        Linker linker = Linker.nativeLinker();
        MethodHandle dup2 = linker.downcallHandle(linker.defaultLookup().findOrThrow("dup2"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            int copy = (int) dup2.invokeExact(from, to);
            if (copy != to) {
                throw new IllegalStateException("gatecast.stderr: " + from + " is no open descriptor");
            }
        } catch (Throwable e) {
            throw new IllegalStateException("cannot take stderr back", e);
        }
    }
}
