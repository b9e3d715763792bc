package io.gatecast.schemas;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;

/// Avro's reader, but how long an array says it is does not decide how much memory is set aside for it: a damaged record
/// of ten bytes may say two thousand million. A list begins small and grows as its elements really come.
public final class UntrustingReader<T> extends SpecificDatumReader<T> {
    private static final int FIRST_ROOM = 1024;

    /// Reads whatever schema a container says it was written with as that class.
    public UntrustingReader(Class<T> type) {
        super(type);
    }

    UntrustingReader(Schema writer, Schema reader, SpecificData data) {
        super(writer, reader, data);
    }

    @Override
    protected Object newArray(Object old, int size, Schema schema) {
        return super.newArray(old, Math.min(size, FIRST_ROOM), schema);
    }
}
