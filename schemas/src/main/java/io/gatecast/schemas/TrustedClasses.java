package io.gatecast.schemas;

import io.gatecast.avro.Model;
import org.apache.avro.util.ClassSecurityValidator;

/// Avro makes objects only of classes that it has been told to trust: here, those of our own contracts. To be called by
/// whoever reads Avro without [AvroSerde], which calls it itself.
public final class TrustedClasses {

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(),
                type -> type.getPackage() == Model.class.getPackage()));
    }

    private TrustedClasses() {}

    /// Done once, when the class is loaded.
    public static void trust() {}
}
