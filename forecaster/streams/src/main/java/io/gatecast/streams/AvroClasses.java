package io.gatecast.streams;

import io.gatecast.avro.Model;
import org.apache.avro.util.ClassSecurityValidator;

/// Avro makes objects only of classes that it has been told to trust: here, those of our own contracts.
final class AvroClasses {

    static {
        ClassSecurityValidator.setGlobal(ClassSecurityValidator.composite(ClassSecurityValidator.getGlobal(),
                type -> type.getPackage() == Model.class.getPackage()));
    }

    private AvroClasses() {}

    /// Done once, when the class is loaded.
    static void trust() {}
}
