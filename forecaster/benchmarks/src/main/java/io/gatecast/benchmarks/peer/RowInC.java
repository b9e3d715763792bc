package io.gatecast.benchmarks.peer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/// The product of a single row by C, in `row.c`: compiled for this very processor when it is made. Calls may be handed arrays,
/// without a copy; they repeat what they do themselves, so that the way from Java to C does not count.
public final class RowInC {
    private static final String SOURCE = "row.c";

    private final MethodHandle row;
    private final MethodHandle sum;

    /// @throws IllegalStateException where there is no C compiler, or it does not take the source
    public RowInC() {
        SymbolLookup library = compiled();
        var number = ValueLayout.JAVA_LONG;
        var numbers = ValueLayout.ADDRESS;
        this.row = function(library, "row",
                FunctionDescriptor.ofVoid(number, number, number, numbers, numbers, numbers));
        this.sum = function(library, "sum", FunctionDescriptor.of(ValueLayout.JAVA_FLOAT, number, number, numbers));
    }

    /// `y += x · w`, so many times.
    ///
    /// @param x `[rows]`
    /// @param w `[columns / 64][rows][64]`
    /// @param y `[columns]`, a multiple of 128
    public void multiply(int times, int rows, int columns, MemorySegment x, MemorySegment w, MemorySegment y) {
        try {
            row.invokeExact((long) times, (long) rows, (long) columns, x, w, y);
        } catch (Throwable e) {
            throw new IllegalStateException("The row in C failed: " + e.getMessage(), e);
        }
    }

    /// Reads all of `w`, so many times.
    ///
    /// @param count of numbers, a multiple of 128
    /// @return the sum of all that was read
    public float sum(int times, int count, MemorySegment w) {
        try {
            return (float) sum.invokeExact((long) times, (long) count, w);
        } catch (Throwable e) {
            throw new IllegalStateException("The sum in C failed: " + e.getMessage(), e);
        }
    }

    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor,
                Linker.Option.critical(true));
    }

    /// The library stays in memory for good, so nothing of the folder is needed afterwards.
    private static SymbolLookup compiled() {
        try {
            Path folder = Files.createTempDirectory("gatecast-row");
            Path source = folder.resolve(SOURCE), library = folder.resolve("row.so");
            try (InputStream resource = Objects.requireNonNull(RowInC.class.getResourceAsStream(SOURCE))) {
                Files.copy(resource, source);
                compile(source, library);
                return SymbolLookup.libraryLookup(library, Arena.global());
            } finally {
                Files.deleteIfExists(library);
                Files.deleteIfExists(source);
                Files.delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void compile(Path source, Path library) throws IOException {
        ProcessBuilder command = new ProcessBuilder("cc", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC",
                "-o", library.toString(), source.toString()).redirectErrorStream(true);
        Process compiler;
        try {
            compiler = command.start();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "There is no C compiler to compare with: install one that is called cc (apt-get install gcc)", e);
        }
        String said = new String(compiler.getInputStream().readAllBytes(), Charset.defaultCharset());
        if (compiler.onExit().join().exitValue() != 0) {
            throw new IllegalStateException("cc does not take " + SOURCE + ": " + said.strip());
        }
    }
}
