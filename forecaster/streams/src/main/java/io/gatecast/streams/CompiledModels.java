package io.gatecast.streams;

import io.gatecast.network.kernel.Precision;
import io.gatecast.series.Model;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models that stand compiled in memory: few, however many versions the topic holds. Those are kept that are wanted, for
/// they count now or will next, and those that a task has in hand. All lie on disk as they came; one that is asked for again,
/// by a series that is late, is compiled again, to the same bits. What is wanted is compiled aside, so that no stream thread
/// waits for it. Safe for threads.
final class CompiledModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompiledModels.class);

    private final Path folder;
    private final Precision weights;
    private final Function<byte[], io.gatecast.avro.Model> reader;
    private final Map<ModelVersion, FutureTask<Model>> compiled = new HashMap<>();
    /// How many tasks have it in hand.
    private final Map<ModelVersion, Integer> inHand = new HashMap<>();
    private final Set<Path> written = new HashSet<>();
    private Set<ModelVersion> wanted = Set.of();
    private boolean preparing;

    /// @param folder for the records; made when there is one
    /// @param weights in which precision they are kept in memory
    /// @param reader of a record's bytes; safe for threads
    CompiledModels(Path folder, Precision weights, Function<byte[], io.gatecast.avro.Model> reader) {
        this.folder = folder;
        this.weights = weights;
        this.reader = reader;
    }

    /// Writes a record to disk, aside and then moved. It can be taken from then on.
    ///
    /// @param bytes of which the version's digest is
    /// @throws UncheckedIOException with a sentence, if the disk does not take it
    void keep(ModelVersion version, byte[] bytes) {
        Path file = fileOf(version);
        Path aside = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.createDirectories(folder);
            Files.write(aside, bytes);
            Files.move(aside, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("model " + version.name() + " cannot be kept in " + file
                    + ": make room there, or choose another state.dir", e);
        }
        synchronized (this) {
            written.add(file);
        }
    }

    /// Takes in what has been compiled to look at it; unless it is wanted, it goes with the next [#want].
    synchronized void add(ModelVersion version, Model model) {
        FutureTask<Model> made = new FutureTask<>(() -> model.in(weights));
        made.run();
        compiled.put(version, made);
    }

    /// @return a record as it was kept
    /// @throws UncheckedIOException with a sentence, if the disk does not give it back
    io.gatecast.avro.Model record(ModelVersion version) {
        Path file = fileOf(version);
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!digestOf(bytes).equals(version.digest())) {
                throw new IOException("its bytes are not those that were written");
            }
            return reader.apply(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("model " + version.name() + " cannot be read from " + file
                    + ": start the instance again, which writes it anew", e);
        }
    }

    /// @return SHA-256 in hexadecimal digits
    static String digestOf(byte[] record) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(record));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private Path fileOf(ModelVersion version) {
        return folder.resolve(version.digest() + ".model");
    }

    /// Says which models have to stand ready, has those compiled that do not, and lets go of the others.
    void want(Set<ModelVersion> those) {
        boolean begin;
        synchronized (this) {
            wanted = Set.copyOf(those);
            drop();
            wanted.forEach(version -> compiled.computeIfAbsent(version, this::toBeCompiled));
            begin = !preparing && compiled.values().stream().anyMatch(each -> !each.isDone());
            preparing |= begin;
        }
        if (begin) {
            Thread.ofVirtual().name("gatecast-models").start(this::prepare);
        }
    }

    private FutureTask<Model> toBeCompiled(ModelVersion version) {
        return new FutureTask<>(() -> ModelRecords.toModel(record(version), fileOf(version).toString()).in(weights));
    }

    /// One after the other, until nothing is left to be compiled.
    private void prepare() {
        for (FutureTask<Model> next = next(); next != null; next = next()) {
            next.run();
            try {
                next.get(); // for whoever else may be at it
            } catch (ExecutionException e) { // whoever needs it will be told
                LOG.warn("A model cannot be compiled ahead: {}", String.valueOf(e.getCause()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized @Nullable FutureTask<Model> next() {
        FutureTask<Model> next = compiled.values().stream().filter(each -> !each.isDone()).findFirst().orElse(null);
        preparing = next != null;
        return next;
    }

    /// Has a model until [#release]: compiles it, or waits for whoever does, where it does not stand ready.
    ///
    /// @throws UncheckedIOException with a sentence, if the disk does not give it back
    Model take(ModelVersion version) {
        FutureTask<Model> task;
        synchronized (this) {
            inHand.merge(version, 1, Integer::sum);
            task = compiled.computeIfAbsent(version, this::toBeCompiled);
        }
        task.run(); // does nothing where somebody has run it, or is at it
        try {
            return task.get();
        } catch (ExecutionException e) {
            synchronized (this) {
                compiled.remove(version, task); // another try is another task
            }
            if (e.getCause() instanceof UncheckedIOException fault) {
                throw fault;
            }
            throw new IllegalStateException("model " + version.name() + " cannot be compiled", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while model " + version.name() + " was compiled", e);
        }
    }

    synchronized void release(ModelVersion version) {
        inHand.computeIfPresent(version, (key, count) -> count == 1 ? null : count - 1);
        drop();
    }

    private void drop() {
        compiled.keySet().removeIf(version -> !wanted.contains(version) && !inHand.containsKey(version));
    }

    /// @return models of an id that are compiled, or about to be
    synchronized int count(String modelId) {
        return (int) compiled.keySet().stream().filter(version -> version.id().equals(modelId)).count();
    }

    /// Leaves nothing on disk of what this has written.
    @Override
    public synchronized void close() {
        try {
            for (Path file : written) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException | NoSuchFileException e) {
            LOG.debug("{} has other files in it, which stay", folder);
        } catch (IOException e) {
            LOG.warn("{} cannot be emptied: {}", folder, e.getMessage());
        }
        written.clear();
    }
}
