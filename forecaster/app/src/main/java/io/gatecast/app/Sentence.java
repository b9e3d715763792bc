package io.gatecast.app;

import io.gatecast.schemas.RegistryException;
import io.gatecast.streams.ModelRefused;
import io.gatecast.training.TrainingDiverged;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;

/// What a failure says to a person. Our own exceptions carry their sentence; here the others are put into words.
public final class Sentence {
    private Sentence() {}

    public static String of(Throwable failure) {
        return switch (unwrapped(failure)) {
            case NoSuchFileException e -> e.getFile() + ": no such file or folder";
            case AccessDeniedException e -> e.getFile() + ": access denied, check its permissions";
            case FileAlreadyExistsException e -> e.getFile() + ": exists already";
            case NotDirectoryException e -> e.getFile() + ": is no folder";
            case FileSystemException e -> e.getFile() + ": " + reason(e);
            case InterruptException e -> "interrupted";
            case InterruptedException e -> "interrupted";
            case ModelRefused e -> message(e);
            case RegistryException e -> message(e);
            case TrainingDiverged e -> message(e);
            case AuthorizationException e -> "Kafka does not allow it: " + message(e)
                    + ": `gatecast topics acls` tells what has to be allowed";
            case AuthenticationException e -> "Kafka refuses the login: " + message(e)
                    + ": check security.protocol, sasl.* and ssl.*";
            case KafkaException e -> "Kafka: " + message(e);
            case IOException e -> message(e);
            case IllegalArgumentException e -> message(e);
            case OutOfMemoryError e -> "out of memory: allow more, as in GATECAST_JAVA_OPTS=-Xmx4g";
            case Throwable e -> "unexpected " + e + ": this is a fault in Gatecast; --debug shows where";
        };
    }

    private static Throwable unwrapped(Throwable failure) {
        boolean wrapper = failure instanceof ExecutionException || failure instanceof CompletionException
                || failure instanceof UncheckedIOException;
        Throwable cause = failure.getCause();
        return wrapper && cause != null ? unwrapped(cause) : failure;
    }

    private static String reason(FileSystemException e) {
        return e.getReason() == null ? "cannot be read or written" : e.getReason();
    }

    private static String message(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
