package io.gatecast.app.command;

import io.gatecast.app.command.mixin.OutputOptions;
import io.gatecast.avro.Model;
import io.gatecast.streams.ModelFile;
import io.gatecast.streams.ModelRecords;
import io.gatecast.streams.Trust;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Who put a model there: keys, and signatures by them.
final class ModelTrustCommands {
    private ModelTrustCommands() {}

    /// A new pair of keys.
    @Command(name = "keygen", mixinStandardHelpOptions = true, sortOptions = false, description = "Make a pair of Ed25519 keys: NAME.key signs models and stays secret, NAME.pub goes to gatecast.models.trusted-keys.")
    static final class KeygenCommand implements Callable<Integer> {
        @Parameters(paramLabel = "NAME", description = "Of the two files, without their endings.")
        private Path name;
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// The answer to a program.
        record Result(String key, String pub) {}

        @Override
        public Integer call() throws IOException {
            Path secret = name.resolveSibling(name.getFileName() + ".key");
            Path shared = name.resolveSibling(name.getFileName() + ".pub");
            KeyPair pair = Trust.newKeys();
            write(secret, Trust.pem(pair.getPrivate()), true);
            write(shared, Trust.pem(pair.getPublic()), false);
            output.say("Wrote %s, which signs and is nobody else's, and %s, for %s.", secret, shared,
                    "gatecast.models.trusted-keys");
            output.result(new Result(secret.toString(), shared.toString()));
            return 0;
        }

        private static void write(Path file, String text, boolean secret) throws IOException {
            try {
                if (secret && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                    Files.createFile(file,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                } else {
                    Files.createFile(file);
                }
            } catch (FileAlreadyExistsException e) {
                throw new IOException(file + ": is there already; a key is not overwritten", e);
            }
            Files.writeString(file, text, StandardOpenOption.WRITE);
        }
    }

    /// A signature in a file.
    @Command(name = "sign", mixinStandardHelpOptions = true, sortOptions = false, description = "Sign a model file; it is written again with the signature.")
    static final class SignCommand implements Callable<Integer> {
        @Parameters(paramLabel = "MODEL.avro", description = "As train wrote it.")
        private Path file;
        @Option(names = "--key", required = true, paramLabel = "NAME.key", description = "As keygen wrote it.")
        private Path key;
        @Option(names = "--id", paramLabel = "NAME", description = "Sign it as a version of this model (default: the file's).")
        private @Nullable String modelId;
        @Option(names = "--output", paramLabel = "MODEL.avro", description = "Write another file (default: the same).")
        private @Nullable Path to;
        @Mixin
        private OutputOptions output = new OutputOptions();

        /// The answer to a program.
        record Result(String file, String modelId, String digest) {}

        @Override
        public Integer call() throws IOException {
            Model record = ModelFile.read(file);
            ModelRecords.toNetwork(record, file.toString()); // nobody should sign what was changed on the way
            Model signed = Trust.sign(modelId == null ? record : ModelRecords.renamed(record, modelId),
                    Trust.signingKey(key));
            Path target = to == null ? file : to;
            ModelFile.write(target, signed);
            output.say("Signed %s as a version of %s: digest %s.", target, signed.getModelId(), signed.getDigest());
            output.result(new Result(target.toString(), signed.getModelId(), signed.getDigest()));
            return 0;
        }
    }
}
